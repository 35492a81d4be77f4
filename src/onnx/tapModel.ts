import type { AttentionBlock, Extension } from './attentionBlock';
import { checkGraph } from './checkGraph';
import { findAttention } from './findAttention';
import { flattenBranches } from './flattenBranches';
import type { Graph } from './graph';
import { graphTail, hideChanged } from './graphTail';

/** A model whose attention is among the graph outputs. */
export interface TappedModel {
  /** As it was before. */
  readonly graph: Graph;
  readonly blocks: readonly AttentionBlock[];
  /** The file followed by the tail. */
  readonly bytes: Uint8Array;
}

/** What of each block becomes an output: its probabilities, masked scores, operands, or its layer's input. */
export type Tap = 'probabilities' | 'scores' | 'qkv' | 'hidden';

const onlyProbabilities: ReadonlySet<Tap> = new Set<Tap>(['probabilities']);

/**
 * Makes the attention of every layer outputs of the model.
 * @param file An array whose first `length` bytes are the `.onnx` file. With room behind it the file
 * is tapped in place and nothing is copied: a second copy of the weights costs seconds. Fused
 * operators then change one bit each of `file` itself, and a merged decoder its
 * `If` (see `flattenBranches`), so read what you need of it before.
 * @param more names further tensors that become outputs
 * @throws {WireError} when the file is no ONNX model.
 */
export function tapModel(
  file: Uint8Array,
  length: number,
  what: ReadonlySet<Tap> = onlyProbabilities,
  more: (graph: Graph) => readonly string[] = () => [],
): TappedModel {
  const { graph, nodes } = flattenBranches(file, length);
  checkGraph(
    graph,
    nodes.flatMap((node) => node.outputs),
  );
  const blocks = findAttention(graph, what.has('scores'));
  const extensions = [
    ...blocks.map((block) => block.extension).filter((each): each is Extension => each !== undefined),
    ...(nodes.length > 0 ? [{ nodes }] : []),
  ];
  const tensors = [...blocks.flatMap((block) => tensorsOf(block, what)), ...more(graph)];
  const inputs = new Set(graph.inputs.map((input) => input.name));
  const tail = graphTail(
    graph,
    tensors.filter((tensor) => !inputs.has(tensor)),
    extensions,
    file,
  );
  let target = file;
  if (length + tail.length > file.length) {
    target = new Uint8Array(length + tail.length);
    target.set(file.subarray(0, length));
  }
  hideChanged(target, extensions);
  target.set(tail, length);
  return { graph, blocks, bytes: target.subarray(0, length + tail.length) };
}

function tensorsOf(block: AttentionBlock, what: ReadonlySet<Tap>): string[] {
  const { probabilities, scores, queries, keys, values, hidden } = block;
  return [
    what.has('probabilities') ? probabilities : undefined,
    what.has('scores') ? scores : undefined,
    ...(what.has('qkv') ? [queries?.tensor, keys?.tensor, values?.tensor] : []),
    what.has('hidden') ? hidden : undefined,
  ].filter((tensor): tensor is string => tensor !== undefined);
}
