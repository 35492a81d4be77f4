import type { AttentionBlock } from './attentionBlock';
import { findAttention } from './findAttention';
import type { Graph } from './graph';
import { GraphIndex } from './graphIndex';
import { copyHead, gatherRow, integerInput, lastState } from './headCopy';
import { type LensHead, findHead } from './lensHead';
import { parseModel } from './parse';
import { bytesField, concat, textField } from './wire';
import { nodeBytes } from './writeGraph';

/** A model that also answers what each of its layers would say, were it the last. */
export interface LensGraph {
  readonly graph: Graph;
  /** Layers whose incoming state was found; the answer has one row more, the model's own. */
  readonly numLayers: number;
  /** Whether the head rounds its input to integers on a range of all rows, so that other rows change each row. */
  readonly rounds: boolean;
  /** The file followed by the tail. */
  readonly bytes: Uint8Array;
}

/** Input: int64 `[1]`, the token to look at. */
export const lensPosition = 'scope_lens_position';
/** Output: `[1, layers + 1, vocabulary]`. */
export const lensLogits = 'scope_lens_logits';

const prefix = 'scope_lens/';

/**
 * The logit lens (nostalgebraist 2020): the states that enter each layer, at one token, go through what stands
 * between the last layer and the logits: the final norm and the unembedding, or BERT's head. That part of the graph
 * is there once more for it, over the same weights. Nothing of the file is rewritten, as in `graphTail`.
 * @param file An array whose first `length` bytes are the `.onnx` file, with or without room behind it.
 * @returns undefined where the layers' states or the head cannot be made out
 */
export function lensModel(file: Uint8Array, length: number): LensGraph | undefined {
  const graph = parseModel(file.subarray(0, length));
  const index = new GraphIndex(graph);
  const states = layerStates(findAttention(graph));
  const head = states.length < 2 ? undefined : findHead(graph, index, states[1] as string);
  if (!head) {
    return undefined;
  }
  const tail = lensTail(file, index, states, head);
  let target = file;
  if (length + tail.length > file.length) {
    target = new Uint8Array(length + tail.length);
    target.set(file.subarray(0, length));
  }
  target.set(tail, length);
  return {
    graph,
    numLayers: states.length,
    rounds: head.nodes.some((node) => node.opType === 'DynamicQuantizeLinear'),
    bytes: target.subarray(0, length + tail.length),
  };
}

function layerStates(blocks: readonly AttentionBlock[]): string[] {
  const isStack = blocks.every((block) => block.kind === 'self' && block.hidden !== undefined);
  return isStack ? [...new Set(blocks.map((block) => block.hidden as string))] : [];
}

function lensTail(
  file: Uint8Array,
  index: GraphIndex,
  states: readonly string[],
  head: LensHead,
): Uint8Array {
  const rows = [...states, 'last'].map((_, layer) => `${prefix}row_${layer}`);
  const stacked = `${prefix}rows`;
  const last = rows.at(-1) as string;
  const gathers = states.map((state, layer) => gatherRow(state, lensPosition, rows[layer] as string));
  gathers.push(...lastState(head, lensPosition, last, prefix));
  const join = nodeBytes({ opType: 'Concat', inputs: rows, outputs: [stacked], attributes: { axis: 1 } });
  const copies = copyHead(file, index, head, { rows: stacked, logits: lensLogits, prefix });
  const parts = [...gathers, join, ...copies].map((bytes) => bytesField(1, bytes));
  parts.push(bytesField(11, integerInput(lensPosition)), bytesField(12, textField(1, lensLogits)));
  return bytesField(7, concat(parts));
}
