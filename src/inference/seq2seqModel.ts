import { ScopeError } from '../protocol/errors';
import type { GeneratedToken, Generation, GenerationOptions } from '../protocol/language';
import type { Precision, Token } from '../protocol/model';
import { continueIds } from './continueIds';
import { makeFeeds } from './feeds';
import type { Cancellation } from './cancellation';
import { longestSequence, readConfig } from './modelConfig';
import { type JsonObject, readJson } from './modelFolder';
import type { OutputTensor } from './runtime';
import { type Encoded, cachedTargetDecoder, decoderFeeds, wholeTargetDecoder } from './seq2seqDecoder';
import { type DecoderSettings, decoderSettings } from './seq2seqFiles';
import {
  type Seq2SeqGraphs,
  type StackLayer,
  graphBytes,
  openSeq2SeqGraphs,
  releaseGraphs,
  stackNamesOf,
  encodedStates,
  requireAttention,
  toStackLayer,
} from './seq2seqGraphs';
import { type SpecialIds, readSpecialIds } from './specialIds';
import { Tokenizer } from './tokenizer';

/** What an encoder-decoder attended to: one array of layers per stack. */
export interface Seq2SeqAttention {
  readonly source: readonly Token[];
  readonly target: readonly Token[];
  readonly targetText: string;
  readonly generated: boolean;
  readonly encoder: readonly StackLayer[];
  readonly decoder: readonly StackLayer[];
  readonly cross: readonly StackLayer[];
}

/** Longest target that is written when nobody says otherwise. */
const defaultNewTokens = 128;

/**
 * An encoder-decoder (Marian, BART, T5 …) of several graphs, as Hugging Face exports it: the encoder, the decoder
 * that reads a whole target, whose attention is looked at, and where there is one the decoder with a cache
 * (`decoder_with_past_model`, or the other branch of `decoder_model_merged`), which writes.
 */
export class Seq2SeqModel {
  private constructor(
    readonly tokenizer: Tokenizer,
    readonly special: SpecialIds,
    private readonly graphs: Seq2SeqGraphs,
    private readonly settings: DecoderSettings,
    readonly maxTokens: number,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} for anything missing or broken. */
  static async load(folder: string, precision: Precision = 'fp32'): Promise<Seq2SeqModel> {
    const config = await readJson(folder, 'config.json');
    const generation = await readJson(folder, 'generation_config.json').catch((): JsonObject => ({}));
    const tokenizer = await Tokenizer.load(folder);
    const special = await readSpecialIds(folder, config, tokenizer);
    const settings = decoderSettings({ ...config, ...generation });
    const graphs = await openSeq2SeqGraphs(folder, precision);
    const maxTokens = longestSequence(readConfig(config), tokenizer);
    return new Seq2SeqModel(tokenizer, special, graphs, settings, maxTokens);
  }

  /** The graphs whose attention is read, as their files are called. */
  get graphFiles(): string {
    return `${this.graphs.encoder.name}, ${this.graphs.decoder.name}`;
  }

  get bytes(): number {
    return graphBytes(this.graphs);
  }

  /** Renders a text (translates, summarises …). Greedy unless the options sample. */
  async translate(
    text: string,
    options: GenerationOptions = {},
    onToken?: (token: GeneratedToken) => void,
    cancellation?: Cancellation,
  ): Promise<Generation> {
    const { ids } = this.sourceOf(text);
    return this.write(await this.encode(ids), options, onToken, cancellation);
  }

  /**
   * Attention of the three stacks for a source and a target.
   * @param target the model writes it when it is absent
   * @throws {ScopeError} with the reason where a graph shows no attention; it translates all the same
   */
  async attend(source: string, target?: string, cancellation?: Cancellation): Promise<Seq2SeqAttention> {
    const { encoder, decoder } = this.graphs;
    for (const graph of [encoder, decoder]) {
      requireAttention(graph);
    }
    const read = this.sourceOf(source);
    const encoderLayers = encoder.blocks.map((block) => block.probabilities);
    const outputs = await encoder.session.run(makeFeeds(encoder.graph.inputs, read.ids), [
      encodedStates,
      ...encoderLayers,
    ]);
    const encoded = { states: outputs.get(encodedStates) as OutputTensor, length: read.ids.length };
    const text = target ?? (await this.write(encoded, {}, undefined, cancellation)).text;
    const written = this.targetOf(text);
    const ids = [this.settings.start, ...written.map((token) => token.id)];
    const { self, cross } = stackNamesOf(decoder);
    const decoded = await decoder.session.run(
      decoderFeeds(decoder.graph.inputs, encoded, (inputs) => makeFeeds(inputs, ids)),
      [...self, ...cross],
    );
    const shape = (
      names: readonly string[],
      from: Map<string, OutputTensor>,
      queries: number,
      keys: number,
    ) => names.map((name) => toStackLayer(from.get(name) as OutputTensor, queries, keys));
    return {
      source: read.tokens,
      target: [this.startToken(), ...written],
      targetText: text,
      generated: target === undefined,
      encoder: shape(encoderLayers, outputs, read.ids.length, read.ids.length),
      decoder: shape(self, decoded, ids.length, ids.length),
      cross: shape(cross, decoded, ids.length, read.ids.length),
    };
  }

  /** What the encoder makes of a source; what the decoder looks at. */
  async encode(ids: readonly number[]): Promise<Encoded> {
    const outputs = await this.graphs.encoder.session.run(makeFeeds(this.graphs.encoder.graph.inputs, ids), [
      encodedStates,
    ]);
    return { states: outputs.get(encodedStates) as OutputTensor, length: ids.length };
  }

  release(): Promise<void> {
    return releaseGraphs(this.graphs);
  }

  private sourceOf(text: string): { tokens: readonly Token[]; ids: number[] } {
    const { tokens } = this.tokenizer.tokenize(text, this.maxTokens);
    if (!tokens.some((token) => !token.special)) {
      throw new ScopeError('emptyText');
    }
    return { tokens, ids: tokens.map((token) => token.id) };
  }

  /** The target as the decoder reads it: without the end, which it only writes. */
  private targetOf(text: string): Token[] {
    const { tokens } = this.tokenizer.tokenize(text, this.maxTokens - 1);
    const last = tokens.at(-1);
    return last?.special && this.special.ends.has(last.id) ? tokens.slice(0, -1) : [...tokens];
  }

  private startToken(): Token {
    const piece = this.tokenizer.pieceOf(this.settings.start);
    return { id: this.settings.start, piece, text: piece, start: 0, end: 0, special: true };
  }

  private async write(
    encoded: Encoded,
    options: GenerationOptions,
    onToken?: (token: GeneratedToken) => void,
    cancellation?: Cancellation,
  ): Promise<Generation> {
    const { start, forcedFirst, suppressed } = this.settings;
    const cached = options.useCache === false ? undefined : this.graphs.cached;
    const generation = await continueIds({
      model: this,
      decoder: cached
        ? cachedTargetDecoder(cached, encoded)
        : wholeTargetDecoder(this.graphs.decoder, encoded),
      ids: [start],
      // A translation is the likeliest text, not a drawn one, unless somebody asks for that.
      options: { temperature: 0, maxNewTokens: defaultNewTokens, ...options },
      onToken,
      cancellation,
      suppressed,
      forced: (step) => (step === 0 ? forcedFirst : undefined),
    });
    return { ...generation, usedCache: cached !== undefined };
  }
}
