import { ElementType, type ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import type { GeneratedToken, Generation, GenerationOptions } from '../protocol/language';
import type { Token } from '../protocol/model';
import { continueIds } from './continueIds';
import type { Decoder } from './decoder';
import { makeFeeds } from './feeds';
import { type GraphSession, openTapped } from './graphSession';
import { type Cancellation, rowOf, toRows } from './languageModel';
import { readConfig } from './modelConfig';
import { type JsonObject, type Precision, graphFileSize, readJson } from './modelFolder';
import type { InputTensor, OutputTensor } from './runtime';
import { type SpecialIds, readSpecialIds } from './specialIds';
import { Tokenizer } from './tokenizer';

/** The encoder's result for one source text. */
interface Encoded {
  readonly states: OutputTensor;
  readonly length: number;
}

/** Weights of one layer of a stack: `[numHeads, numQueries, numKeys]`. */
export interface StackLayer {
  readonly numHeads: number;
  readonly numQueries: number;
  readonly numKeys: number;
  readonly data: Float32Array;
}

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
 * An encoder-decoder (Marian, BART, T5 …) of two graphs, as Hugging Face exports it: the encoder, and the
 * decoder without or with a cache. Every step reads the target anew, which its short texts allow.
 */
export class Seq2SeqModel {
  private constructor(
    readonly tokenizer: Tokenizer,
    readonly special: SpecialIds,
    private readonly encoder: GraphSession,
    private readonly decoder: GraphSession,
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
    const [encoderNames, decoderNames] = seq2seqGraphNames(precision);
    const encoder = await openTapped(folder, encoderNames);
    const decoder = await openTapped(folder, decoderNames).catch(async (error: unknown) => {
      await encoder.session.release();
      throw error;
    });
    const maxTokens = Math.min(readConfig(config).maxPositions ?? Infinity, tokenizer.maxTokens ?? Infinity);
    return new Seq2SeqModel(tokenizer, special, encoder, decoder, settings, maxTokens);
  }

  /** Graph bytes that {@link Seq2SeqModel.load} would read. */
  static async sizeOf(folder: string, precision: Precision): Promise<number> {
    const sizes = await Promise.all(
      seq2seqGraphNames(precision).map((names) => graphFileSize(folder, names)),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  get bytes(): number {
    return this.encoder.bytes + this.decoder.bytes;
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
   */
  async attend(source: string, target?: string, cancellation?: Cancellation): Promise<Seq2SeqAttention> {
    const read = this.sourceOf(source);
    const encoderLayers = this.encoder.blocks.map((block) => block.probabilities);
    const outputs = await this.encoder.session.run(makeFeeds(this.encoder.graph.inputs, read.ids), [
      encodedStates,
      ...encoderLayers,
    ]);
    const encoded = { states: outputs.get(encodedStates) as OutputTensor, length: read.ids.length };
    const text = target ?? (await this.write(encoded, {}, undefined, cancellation)).text;
    const written = this.targetOf(text);
    const ids = [this.settings.start, ...written.map((token) => token.id)];
    const ofKind = (kind: 'cross' | 'self'): string[] =>
      this.decoder.blocks
        .filter((block) => (block.kind === 'cross') === (kind === 'cross'))
        .map((block) => block.probabilities);
    const [self, cross] = [ofKind('self'), ofKind('cross')];
    const decoded = await this.decoder.session.run(this.decoderFeeds(encoded, ids), [...self, ...cross]);
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

  async release(): Promise<void> {
    await Promise.all([this.encoder.session.release(), this.decoder.session.release()]);
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

  private async encode(ids: readonly number[]): Promise<Encoded> {
    const outputs = await this.encoder.session.run(makeFeeds(this.encoder.graph.inputs, ids), [
      encodedStates,
    ]);
    return { states: outputs.get(encodedStates) as OutputTensor, length: ids.length };
  }

  private async write(
    encoded: Encoded,
    options: GenerationOptions,
    onToken?: (token: GeneratedToken) => void,
    cancellation?: Cancellation,
  ): Promise<Generation> {
    const { start, forcedFirst, suppressed } = this.settings;
    const generation = await continueIds({
      model: this,
      decoder: this.reader(encoded),
      ids: [start],
      // A translation is the likeliest text, not a drawn one, unless somebody asks for that.
      options: { temperature: 0, maxNewTokens: defaultNewTokens, ...options },
      onToken,
      cancellation,
      suppressed,
      forced: (step) => (step === 0 ? forcedFirst : undefined),
    });
    return { ...generation, usedCache: false };
  }

  private reader(encoded: Encoded): Decoder {
    const ids: number[] = [];
    return {
      read: async (more) => {
        ids.push(...more);
        const outputs = await this.decoder.session.run(this.decoderFeeds(encoded, ids), ['logits']);
        const rows = toRows(outputs.get('logits') as OutputTensor);
        return rowOf(rows, rows.numRows - 1);
      },
    };
  }

  private decoderFeeds({ states, length }: Encoded, ids: readonly number[]): Map<string, InputTensor> {
    const { inputs } = this.decoder.graph;
    const feeds = makeFeeds(
      inputs.filter((input) => !input.name.startsWith('encoder_')),
      ids,
    );
    for (const input of inputs) {
      if (input.name === 'encoder_hidden_states') {
        feeds.set(input.name, { elementType: ElementType.float32, data: states.data, dims: states.dims });
      } else if (input.name === 'encoder_attention_mask') {
        feeds.set(input.name, ones(input, length));
      }
    }
    return feeds;
  }
}

const encodedStates = 'last_hidden_state';

/** How a family's decoder begins and what it may not say. */
interface DecoderSettings {
  readonly start: number;
  readonly forcedFirst: number | undefined;
  readonly suppressed: readonly number[];
}

function decoderSettings(config: JsonObject): DecoderSettings {
  const number = (key: string): number | undefined =>
    typeof config[key] === 'number' ? config[key] : undefined;
  const start = number('decoder_start_token_id') ?? number('bos_token_id') ?? number('pad_token_id');
  if (start === undefined) {
    throw new ScopeError('modelUnsupported', 'config.json states no decoder_start_token_id');
  }
  const bad = Array.isArray(config['bad_words_ids']) ? config['bad_words_ids'] : [];
  return {
    start,
    forcedFirst: number('forced_bos_token_id'),
    // Words of several tokens are left alone: only the last of them would have to be kept from coming.
    suppressed: bad.flatMap((word: unknown) =>
      Array.isArray(word) && word.length === 1 && typeof word[0] === 'number' ? [word[0]] : [],
    ),
  };
}

/** The files of an encoder and of a decoder, best first. */
function seq2seqGraphNames(precision: Precision): [encoder: string[], decoder: string[]] {
  const suffixes =
    precision === 'int8'
      ? ['_quantized', '_int8', '_uint8', '', '_fp16', '_q4']
      : ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4'];
  const names = (stems: readonly string[]): string[] =>
    suffixes.flatMap((suffix) => stems.map((stem) => `onnx/${stem}${suffix}.onnx`));
  return [names(['encoder_model']), names(['decoder_model', 'decoder_model_merged'])];
}

function ones(input: ValueInfo, length: number): InputTensor {
  const values = new Array<number>(length).fill(1);
  return input.elementType === ElementType.float32
    ? { elementType: ElementType.float32, data: Float32Array.from(values), dims: [1, length] }
    : { elementType: ElementType.int64, data: BigInt64Array.from(values, BigInt), dims: [1, length] };
}

/** `[1, heads, queries, keys]`, or with the batch folded into the heads. */
function toStackLayer(tensor: OutputTensor, numQueries: number, numKeys: number): StackLayer {
  const numHeads = tensor.data.length / (numQueries * numKeys);
  const [queries, keys] = tensor.dims.slice(-2);
  if (queries !== numQueries || keys !== numKeys) {
    throw new ScopeError('modelUnsupported', `attention has the shape [${tensor.dims.join(', ')}]`);
  }
  return { numHeads, numQueries, numKeys, data: tensor.data };
}
