import { outputsTail } from './addOutputs';
import { type AttentionBlock, findAttention } from './findAttention';
import type { Graph } from './graph';
import { parseModel } from './parse';

/** A model whose attention probabilities are graph outputs. */
export interface TappedModel {
  readonly graph: Graph;
  readonly blocks: readonly AttentionBlock[];
  /** The file followed by the tail. */
  readonly bytes: Uint8Array;
}

/** Room to leave behind a file for {@link tapModel}'s tail: some 100 bytes a layer are needed. */
export const tailRoom = 1 << 18;

/**
 * Makes the attention probabilities of every layer outputs of the model.
 * @param file An array whose first `length` bytes are the `.onnx` file. With room behind it the tail
 * is written in place and nothing is copied: a second copy of the weights costs seconds.
 * @throws {WireError} when the file is no ONNX model.
 */
export function tapModel(file: Uint8Array, length: number): TappedModel {
  const graph = parseModel(file.subarray(0, length));
  const blocks = findAttention(graph);
  const tail = outputsTail(
    graph,
    blocks.map((block) => block.probabilities),
  );
  let target = file;
  if (length + tail.length > file.length) {
    target = new Uint8Array(length + tail.length);
    target.set(file.subarray(0, length));
  }
  target.set(tail, length);
  return { graph, blocks, bytes: target.subarray(0, length + tail.length) };
}
