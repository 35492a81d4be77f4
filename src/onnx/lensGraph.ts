import type { AttentionBlock } from './attentionBlock';
import { findAttention } from './findAttention';
import { ElementType, type Graph, type Node } from './graph';
import { GraphIndex } from './graphIndex';
import { type LensHead, findHead } from './lensHead';
import { parseModel } from './parse';
import { biasOfSum } from './residualNorm';
import { bytesField, concat, textField, varintField } from './wire';
import { nodeBytes, renamedNodeBytes } from './writeGraph';

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
  { begin, nodes, sums }: LensHead,
): Uint8Array {
  const rows = [...states, 'last'].map((_, layer) => `${prefix}row_${layer}`);
  const stacked = `${prefix}rows`;
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const renamed = (name: string): string => {
    if (name === begin) {
      return stacked;
    }
    return name === 'logits' ? lensLogits : made.has(name) ? prefix + name : name;
  };
  const gather = (state: string, row: string): Uint8Array =>
    nodeBytes({
      ...{ opType: 'Gather', inputs: [state, lensPosition], outputs: [row] },
      attributes: { axis: 1 },
    });
  const last = rows.at(-1) as string;
  const gathers = states.map((state, layer) => gather(state, rows[layer] as string));
  gathers.push(...(typeof begin === 'string' ? [gather(begin, last)] : sumOfParts(begin, last, gather)));
  const join = nodeBytes({ opType: 'Concat', inputs: rows, outputs: [stacked], attributes: { axis: 1 } });
  const copies = nodes.flatMap((node) => {
    const [data, shape] = node.inputs as [string, string];
    if (node === sums) {
      return normOfSums(file, node, stacked, renamed);
    }
    // Such a Reshape gives back the shape of the whole text, which the few rows here do not have.
    return node.opType === 'Reshape' && !index.isConstant(shape)
      ? nodeBytes({
          opType: 'Identity',
          inputs: [renamed(data)],
          outputs: [renamed(node.outputs[0] as string)],
        })
      : renamedNodeBytes(file, node, renamed, prefix + (node.outputs[0] ?? ''));
  });
  const parts = [...gathers, join, ...copies].map((bytes) => bytesField(1, bytes));
  parts.push(bytesField(11, integerInput(lensPosition)), bytesField(12, textField(1, lensLogits)));
  return bytesField(7, concat(parts));
}

/** The row that leaves the last layer, where only the final norm adds it up. */
function sumOfParts(
  parts: readonly string[],
  last: string,
  gather: (state: string, row: string) => Uint8Array,
): Uint8Array[] {
  const [input, skip, bias] = parts as [string, string, string | undefined];
  const [first, second, sum] = ['part_0', 'part_1', 'sum'].map((each) => prefix + each) as [
    string,
    string,
    string,
  ];
  return [
    gather(input, first),
    gather(skip, second),
    nodeBytes({ opType: 'Add', inputs: [first, second], outputs: [bias === undefined ? last : sum] }),
    ...(bias === undefined ? [] : [nodeBytes({ opType: 'Add', inputs: [sum, bias], outputs: [last] })]),
  ];
}

/** A fused final norm over rows that are sums already: it must be given something to add, so it gets nothing. */
function normOfSums(
  file: Uint8Array,
  node: Node,
  stacked: string,
  renamed: (name: string) => string,
): Uint8Array[] {
  const nothing = `${prefix}nothing`;
  const [input, skip] = node.inputs;
  const left = new Set([biasOfSum(node), node.outputs[3]]);
  const rename = (name: string): string =>
    left.has(name) ? '' : name === input ? stacked : name === skip ? nothing : renamed(name);
  return [
    nodeBytes({ opType: 'Sub', inputs: [stacked, stacked], outputs: [nothing] }),
    renamedNodeBytes(file, node, rename, prefix + (node.outputs[0] ?? '')),
  ];
}

/** ValueInfoProto of an int64 tensor `[1]`. */
function integerInput(name: string): Uint8Array {
  const shape = bytesField(1, varintField(1, 1));
  const type = concat([varintField(1, ElementType.int64), bytesField(2, shape)]);
  return concat([textField(1, name), bytesField(2, bytesField(1, type))]);
}
