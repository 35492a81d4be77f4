import { explainNoAttention } from '../onnx/explainNoAttention';
import { ScopeError } from '../protocol/errors';
import type { GeneratedToken, Generation, GenerationOptions } from '../protocol/language';
import type { Token } from '../protocol/model';
import { continueIds } from './continueIds';
import { makeFeeds } from './feeds';
import { type GraphSession, openGraph, openTapped } from './graphSession';
import type { Cancellation } from './languageModel';
import { readConfig } from './modelConfig';
import { type JsonObject, type Precision, graphFileSize, readJson } from './modelFolder';
import type { OutputTensor } from './runtime';
import {
  type CachedGraphs,
  type Encoded,
  cachedTargetDecoder,
  canCarryOver,
  decoderFeeds,
  wholeTargetDecoder,
} from './seq2seqDecoder';
import { type DecoderSettings, decoderSettings, seq2seqFiles } from './seq2seqFiles';
import { type SpecialIds, readSpecialIds } from './specialIds';
import { Tokenizer } from './tokenizer';

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
 * An encoder-decoder (Marian, BART, T5 …) of several graphs, as Hugging Face exports it: the encoder, the decoder
 * that reads a whole target, whose attention is looked at, and where there is one the decoder with a cache
 * (`decoder_with_past_model`, or the other branch of `decoder_model_merged`), which writes.
 */
export class Seq2SeqModel {
  private constructor(
    readonly tokenizer: Tokenizer,
    readonly special: SpecialIds,
    private readonly encoder: GraphSession,
    private readonly decoder: GraphSession,
    private readonly cached: CachedGraphs | undefined,
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
    const files = seq2seqFiles(precision);
    const opened: GraphSession[] = [];
    const keep = (graph: GraphSession): GraphSession => {
      opened.push(graph);
      return graph;
    };
    try {
      const encoder = keep(await openTapped(folder, files.encoder));
      const decoder = keep(await openTapped(folder, files.decoder));
      const cached = await openCached(folder, decoder, files.withPast, keep);
      const maxTokens = Math.min(
        readConfig(config).maxPositions ?? Infinity,
        tokenizer.maxTokens ?? Infinity,
      );
      return new Seq2SeqModel(tokenizer, special, encoder, decoder, cached, settings, maxTokens);
    } catch (error) {
      await Promise.all(opened.map((graph) => graph.session.release()));
      throw error;
    }
  }

  /** Graph bytes that {@link Seq2SeqModel.load} would read. */
  static async sizeOf(folder: string, precision: Precision): Promise<number> {
    const { encoder, decoder, withPast } = seq2seqFiles(precision);
    const sizes = await Promise.all(
      [encoder, decoder, withPast].map((names) => graphFileSize(folder, names)),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** The graphs whose attention is read, as their files are called. */
  get graphFiles(): string {
    return `${this.encoder.name}, ${this.decoder.name}`;
  }

  get bytes(): number {
    const next = this.cached?.next.bytes ?? 0;
    return this.encoder.bytes + this.decoder.bytes + next;
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
    for (const { blocks, graph, name } of [this.encoder, this.decoder]) {
      if (blocks.length === 0) {
        throw new ScopeError('modelUnsupported', `${name}: ${explainNoAttention(graph)}`);
      }
    }
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
    const decoded = await this.decoder.session.run(
      decoderFeeds(this.decoder.graph.inputs, encoded, (inputs) => makeFeeds(inputs, ids)),
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

  async release(): Promise<void> {
    const { encoder, decoder, cached } = this;
    const graphs = new Set([encoder, decoder, ...(cached ? [cached.first, cached.next] : [])]);
    await Promise.all([...graphs].map((graph) => graph.session.release()));
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
    const cached = options.useCache === false ? undefined : this.cached;
    const generation = await continueIds({
      model: this,
      decoder: cached ? cachedTargetDecoder(cached, encoded) : wholeTargetDecoder(this.decoder, encoded),
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

const encodedStates = 'last_hidden_state';

/** The graphs that write with a cache, or undefined where the folder has none or they do not fit together. */
async function openCached(
  folder: string,
  decoder: GraphSession,
  withPast: readonly string[],
  keep: (graph: GraphSession) => GraphSession,
): Promise<CachedGraphs | undefined> {
  const isMerged = decoder.name.includes('_merged');
  const second = isMerged
    ? [decoder.name]
    : withPast.filter((name) => suffixOf(name) === suffixOf(decoder.name));
  if ((await graphFileSize(folder, second)) === 0) {
    return undefined;
  }
  // The tapped decoder has lost its `If`, so a merged one is opened once more, as it is.
  const next = await openGraph(folder, second);
  const graphs = { first: isMerged ? next : decoder, next };
  if (canCarryOver(graphs)) {
    keep(next);
    return graphs;
  }
  await next.session.release();
  return undefined;
}

/** `_quantized`, `_fp16` … or nothing: halves of different precisions do not belong together. */
function suffixOf(name: string): string {
  return name.replace(/^.*decoder(_with_past)?_model/, '').replace('.onnx', '');
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
