import { explainNoAttention } from '../onnx/explainNoAttention';
import { ScopeError } from '../protocol/errors';
import type { Precision } from '../protocol/model';
import { type GraphSession, openGraph, openTapped } from './graphSession';
import { graphFileSize } from './modelFolder';
import type { OutputTensor } from './runtime';
import { type CachedGraphs, canCarryOver } from './seq2seqDecoder';
import { seq2seqFiles } from './seq2seqFiles';

/** Weights of one layer of a stack: `[numHeads, numQueries, numKeys]`. */
export interface StackLayer {
  readonly numHeads: number;
  readonly numQueries: number;
  readonly numKeys: number;
  readonly data: Float32Array;
}

/** The opened graphs of an encoder-decoder: encoder and decoder are tapped. */
export interface Seq2SeqGraphs {
  readonly encoder: GraphSession;
  readonly decoder: GraphSession;
  /** Where the folder has what writes with a key-value cache. */
  readonly cached: CachedGraphs | undefined;
}

/** What every encoder's export calls its result. */
export const encodedStates = 'last_hidden_state';

/** Opens what a folder has. @throws {ScopeError} for anything missing or broken; nothing then stays open */
export async function openSeq2SeqGraphs(folder: string, precision: Precision): Promise<Seq2SeqGraphs> {
  const files = seq2seqFiles(precision);
  const opened: GraphSession[] = [];
  const keep = (graph: GraphSession): GraphSession => {
    opened.push(graph);
    return graph;
  };
  try {
    const encoder = keep(await openTapped(folder, files.encoder));
    const decoder = keep(await openTapped(folder, files.decoder));
    return { encoder, decoder, cached: await openCached(folder, decoder, files.withPast, keep) };
  } catch (error) {
    await Promise.all(opened.map((graph) => graph.session.release()));
    throw error;
  }
}

/** Graph bytes that {@link openSeq2SeqGraphs} would read. */
export async function graphSizes(folder: string, precision: Precision): Promise<number> {
  const { encoder, decoder, withPast } = seq2seqFiles(precision);
  const sizes = await Promise.all([encoder, decoder, withPast].map((names) => graphFileSize(folder, names)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export function graphBytes({ encoder, decoder, cached }: Seq2SeqGraphs): number {
  return encoder.bytes + decoder.bytes + (cached?.next.bytes ?? 0);
}

export async function releaseGraphs({ encoder, decoder, cached }: Seq2SeqGraphs): Promise<void> {
  const graphs = new Set([encoder, decoder, ...(cached ? [cached.first, cached.next] : [])]);
  await Promise.all([...graphs].map((graph) => graph.session.release()));
}

/** @throws {ScopeError} with the reason where a graph shows no attention */
export function requireAttention({ blocks, graph, name }: GraphSession): void {
  if (blocks.length === 0) {
    throw new ScopeError('modelUnsupported', `${name}: ${explainNoAttention(graph)}`);
  }
}

/** The decoder's attention outputs: to its own tokens, and to the source. */
export function stackNamesOf({ blocks }: GraphSession): {
  readonly self: string[];
  readonly cross: string[];
} {
  const ofKind = (isCross: boolean): string[] =>
    blocks.filter((block) => (block.kind === 'cross') === isCross).map((block) => block.probabilities);
  return { self: ofKind(false), cross: ofKind(true) };
}

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
export function toStackLayer(tensor: OutputTensor, numQueries: number, numKeys: number): StackLayer {
  const numHeads = tensor.data.length / (numQueries * numKeys);
  const [queries, keys] = tensor.dims.slice(-2);
  if (queries !== numQueries || keys !== numKeys) {
    throw new ScopeError('modelUnsupported', `attention has the shape [${tensor.dims.join(', ')}]`);
  }
  return { numHeads, numQueries, numKeys, data: tensor.data };
}
