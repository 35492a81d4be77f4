import { ScopeError } from '../protocol/errors';
import type { GeneratedToken, GenerationOptions } from '../protocol/language';
import type { Precision, Token } from '../protocol/model';
import type { Sound, SpeechOptions, Transcript } from '../protocol/speech';
import { continueIds } from './continueIds';
import { carriedOver, type Decoder } from './decoder';
import { makeFeeds } from './feeds';
import { readHearingSettings } from './hearingSettings';
import { type Cancellation, refuseCancelled } from './cancellation';
import { type HearingSettings, logMel } from './logMel';
import { type JsonObject, readJson } from './modelFolder';
import type { OutputTensor } from './runtime';
import { type Encoded, cachedTargetDecoder, decoderFeeds, wholeTargetDecoder } from './seq2seqDecoder';
import {
  type Seq2SeqGraphs,
  type StackLayer,
  encodedStates,
  graphBytes,
  openSeq2SeqGraphs,
  releaseGraphs,
  requireAttention,
  stackNamesOf,
  toStackLayer,
} from './seq2seqGraphs';
import { type SpecialIds, readSpecialIds } from './specialIds';
import { type SpeechSettings, speechPrompt, speechSettings } from './speechSettings';
import { Tokenizer } from './tokenizer';

/** What a speech model attended to. */
export interface SpeechAttention {
  /** Positions of the encoder; each stands for {@link secondsPerFrame} seconds, silence behind the sound included. */
  readonly numFrames: number;
  readonly secondsPerFrame: number;
  readonly heardSeconds: number;
  /** What the decoder read, its prompt first. */
  readonly target: readonly Token[];
  readonly targetText: string;
  readonly generated: boolean;
  readonly language: string | undefined;
  /** Empty where it would not fit into memory. */
  readonly encoder: readonly StackLayer[];
  readonly decoder: readonly StackLayer[];
  readonly cross: readonly StackLayer[];
}

/** Longest text that is written when nobody says otherwise; Whisper's decoder reads 448 tokens. */
const defaultNewTokens = 224;
/** The encoder's weights grow with the square of 1500 positions; more bytes than this are not kept. */
const maxEncoderBytes = 512e6;

/** Whisper (Radford et al. 2022) in the files that Hugging Face exports: speech to text, and the attention of three stacks. */
export class SpeechModel {
  private constructor(
    readonly tokenizer: Tokenizer,
    readonly special: SpecialIds,
    private readonly graphs: Seq2SeqGraphs,
    private readonly hearing: HearingSettings,
    private readonly settings: SpeechSettings,
    /** The longest text that the decoder reads, in tokens. */
    readonly maxTokens: number,
    /** Whether the encoder's attention is small enough to be kept. */
    private readonly encoderFits: boolean,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} for anything missing, broken or deaf */
  static async load(folder: string, precision: Precision = 'fp32'): Promise<SpeechModel> {
    const config = await readJson(folder, 'config.json');
    const hearing = await readHearingSettings(folder);
    const generation = await readJson(folder, 'generation_config.json').catch((): JsonObject => ({}));
    const tokenizer = await Tokenizer.load(folder);
    const special = await readSpecialIds(folder, config, tokenizer);
    const settings = speechSettings({ ...config, ...generation }, (piece) => tokenizer.idOf(piece));
    const graphs = await openSeq2SeqGraphs(folder, precision);
    if (!graphs.encoder.graph.inputs.some((input) => input.name === featureInput)) {
      await releaseGraphs(graphs);
      throw new ScopeError('modelUnsupported', `${graphs.encoder.name} does not ask for “${featureInput}”`);
    }
    const positions = config['max_target_positions'];
    const maxTokens = typeof positions === 'number' ? positions : 448;
    const heads = config['encoder_attention_heads'];
    // Convolutions halve the number of frames before the encoder.
    const frames = hearing.numSamples / hearing.hop / 2;
    const bytes = 4 * graphs.encoder.blocks.length * (typeof heads === 'number' ? heads : 1) * frames ** 2;
    const encoderFits = bytes <= maxEncoderBytes;
    return new SpeechModel(tokenizer, special, graphs, hearing, settings, maxTokens, encoderFits);
  }

  get graphFiles(): string {
    return `${this.graphs.encoder.name}, ${this.graphs.decoder.name}`;
  }

  get bytes(): number {
    return graphBytes(this.graphs);
  }

  /** Writes down what is said. Greedy unless the options sample; without a language the model guesses it. */
  async transcribe(
    sound: Sound,
    options: SpeechOptions & GenerationOptions = {},
    onToken?: (token: GeneratedToken) => void,
    cancellation?: Cancellation,
  ): Promise<Transcript> {
    const { encoded, heardSeconds } = await this.hear(sound, []);
    refuseCancelled(cancellation);
    return { ...(await this.write(encoded, options, onToken, cancellation)), heardSeconds };
  }

  /**
   * Attention of the three stacks for a sound and a text.
   * @param text the model writes it when it is absent
   */
  async attend(
    sound: Sound,
    text?: string,
    options: SpeechOptions = {},
    cancellation?: Cancellation,
  ): Promise<SpeechAttention> {
    const { encoder, decoder } = this.graphs;
    [encoder, decoder].forEach(requireAttention);
    const names = this.encoderFits ? encoder.blocks.map((block) => block.probabilities) : [];
    const { encoded, outputs, heardSeconds } = await this.hear(sound, names);
    refuseCancelled(cancellation);
    const written =
      text === undefined ? await this.write(encoded, options, undefined, cancellation) : undefined;
    refuseCancelled(cancellation);
    const language = written ? written.language : options.language;
    const prompt = speechPrompt(this.settings, language, options.task ?? 'transcribe');
    const content = written ? this.tokensOf(written.tokens) : this.tokenizer.tokenizeContent(text ?? '');
    const target = [...prompt.map((id) => this.promptToken(id)), ...content].slice(0, this.maxTokens);
    const ids = target.map((token) => token.id);
    const { self, cross } = stackNamesOf(decoder);
    const decoded = await decoder.session.run(
      decoderFeeds(decoder.graph.inputs, encoded, (inputs) => makeFeeds(inputs, ids)),
      [...self, ...cross],
    );
    const shape = (of: readonly string[], from: Map<string, OutputTensor>, queries: number, keys: number) =>
      of
        .filter((name) => from.has(name))
        .map((name) => toStackLayer(from.get(name) as OutputTensor, queries, keys));
    const numFrames = encoded.length;
    return {
      numFrames,
      secondsPerFrame: this.hearing.numSamples / this.hearing.sampleRate / numFrames,
      heardSeconds,
      target,
      targetText: written?.text ?? text ?? '',
      generated: written !== undefined,
      language,
      encoder: shape(names, outputs, numFrames, numFrames),
      decoder: shape(self, decoded, ids.length, ids.length),
      cross: shape(cross, decoded, ids.length, numFrames),
    };
  }

  release(): Promise<void> {
    return releaseGraphs(this.graphs);
  }

  /** @param names attention that is wanted beside the states */
  private async hear(
    { samples, sampleRate }: Sound,
    names: readonly string[],
  ): Promise<{ encoded: Encoded; outputs: Map<string, OutputTensor>; heardSeconds: number }> {
    const { hearing, graphs } = this;
    if (sampleRate !== hearing.sampleRate) {
      throw new ScopeError(
        'badRequest',
        `${sampleRate} samples a second; the model hears ${hearing.sampleRate}`,
      );
    }
    if (!(samples instanceof Float32Array) || samples.length === 0) {
      throw new ScopeError('badRequest', 'no sound');
    }
    const { data, mels, frames } = logMel(samples, hearing);
    const dims = [1, mels, frames];
    const input = graphs.encoder.graph.inputs.find((each) => each.name === featureInput)!;
    if (
      input.dims.some((dim, axis) => axis > 0 && typeof dim === 'number' && dim > 0 && dim !== dims[axis])
    ) {
      throw new ScopeError(
        'modelUnsupported',
        `“${featureInput}” is [${input.dims.join(', ')}], but preprocessor_config.json makes [${dims.join(', ')}]`,
      );
    }
    const feeds = new Map([[featureInput, carriedOver(input, { dims, data })]]);
    const outputs = await graphs.encoder.session.run(feeds, [encodedStates, ...names]);
    const states = outputs.get(encodedStates) as OutputTensor;
    return {
      encoded: { states, length: states.dims[1] ?? 0 },
      outputs,
      heardSeconds: Math.min(samples.length, hearing.numSamples) / sampleRate,
    };
  }

  private decoderOf(encoded: Encoded, useCache = true): Decoder {
    const { cached, decoder } = this.graphs;
    return useCache && cached ? cachedTargetDecoder(cached, encoded) : wholeTargetDecoder(decoder, encoded);
  }

  /** The language whose token is the likeliest behind the start (Radford et al. 2022, section 2.3). */
  private async guessLanguage(encoded: Encoded): Promise<string | undefined> {
    const { languages, start } = this.settings;
    if (languages.size === 0) {
      return undefined;
    }
    const logits = await this.decoderOf(encoded).read([start]);
    const likelier = (one: [string, number], other: [string, number]): [string, number] =>
      logits[other[1]]! > logits[one[1]]! ? other : one;
    return [...languages].reduce(likelier)[0];
  }

  private async write(
    encoded: Encoded,
    options: SpeechOptions & GenerationOptions,
    onToken?: (token: GeneratedToken) => void,
    cancellation?: Cancellation,
  ): Promise<Omit<Transcript, 'heardSeconds'>> {
    const { suppressed, suppressedFirst } = this.settings;
    const language = options.language ?? (await this.guessLanguage(encoded));
    const generation = await continueIds({
      model: this,
      decoder: this.decoderOf(encoded, options.useCache),
      ids: speechPrompt(this.settings, language, options.task ?? 'transcribe'),
      options: { temperature: 0, maxNewTokens: defaultNewTokens, ...options },
      ...{ onToken, cancellation, suppressed, suppressedFirst },
    });
    const usedCache = options.useCache !== false && this.graphs.cached !== undefined;
    return { ...generation, usedCache, ...(language === undefined ? {} : { language }) };
  }

  /** Written tokens where they stand in the text; the end is no part of it. */
  private tokensOf(written: readonly GeneratedToken[]): Token[] {
    let end = 0;
    return written
      .filter(({ id }) => !this.special.ends.has(id))
      .map(({ id, piece, text }) => {
        const start = end;
        end += text.length;
        return { id, piece, text: text === '' ? piece : text, start, end, special: false };
      });
  }

  private promptToken(id: number): Token {
    const piece = this.tokenizer.pieceOf(id);
    return { id, piece, text: piece, start: 0, end: 0, special: true };
  }
}

const featureInput = 'input_features';
