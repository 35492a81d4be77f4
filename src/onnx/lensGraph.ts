import type { AttentionBlock } from './attentionBlock';
import { findAttention } from './findAttention';
import { ElementType, type Graph, type Node } from './graph';
import { GraphIndex } from './graphIndex';
import { parseModel } from './parse';
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
/** A head is a norm, a product and little more; it also bounds work on hostile graphs. */
const maxHeadNodes = 64;

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
  const head = states.length < 2 ? undefined : findHead(graph, index, states);
  if (!head) {
    return undefined;
  }
  const tail = lensTail(file, index, [...states, head.begin], head);
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

interface Head {
  /** The residual stream that leaves the last layer. */
  readonly begin: string;
  readonly nodes: readonly Node[];
}

/** From the logits back to the tensor that is to the last layer what the layers' states are to the ones before. */
function findHead(graph: Graph, index: GraphIndex, states: readonly string[]): Head | undefined {
  const afterNorm = !isResidualSum(index, states[1] as string);
  let begin: string | undefined;
  const inHead = new Set<Node>();
  index.walkBack('logits', (tensor, producer) => {
    if (!producer || inHead.size > maxHeadNodes) {
      return [];
    }
    if (afterNorm ? isNormOfSum(index, producer) : isResidualSum(index, tensor)) {
      begin ??= tensor;
      return [];
    }
    inHead.add(producer);
    return producer.inputs;
  });
  if (begin === undefined) {
    return undefined;
  }
  // What hangs on `begin`, and is no side branch from earlier in the model.
  const reached = new Set([begin]);
  const nodes = graph.nodes.filter((node) => {
    const isIn = inHead.has(node) && node.inputs.some((input) => reached.has(input));
    node.outputs.forEach((output) => isIn && reached.add(output));
    return isIn;
  });
  return reached.has('logits') ? { begin, nodes } : undefined;
}

/** Addition of two computed tensors: a layer's result joins the stream. */
function isResidualSum(index: GraphIndex, tensor: string): boolean {
  const producer = index.producers.get(tensor);
  return producer?.opType === 'Add' && producer.inputs.every((input) => !index.isConstant(input));
}

function isNormOfSum(index: GraphIndex, node: Node): boolean {
  return node.opType === 'LayerNormalization' && isResidualSum(index, node.inputs[0] as string);
}

function lensTail(
  file: Uint8Array,
  index: GraphIndex,
  states: readonly string[],
  { begin, nodes }: Head,
): Uint8Array {
  const rows = states.map((_, layer) => `${prefix}row_${layer}`);
  const stacked = `${prefix}rows`;
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const renamed = (name: string): string => {
    if (name === begin) {
      return stacked;
    }
    return name === 'logits' ? lensLogits : made.has(name) ? prefix + name : name;
  };
  const gathers = states.map((state, layer) =>
    nodeBytes({
      ...{ opType: 'Gather', inputs: [state, lensPosition], outputs: [rows[layer] as string] },
      attributes: { axis: 1 },
    }),
  );
  const join = nodeBytes({ opType: 'Concat', inputs: rows, outputs: [stacked], attributes: { axis: 1 } });
  const copies = nodes.map((node) => {
    const [data, shape] = node.inputs as [string, string];
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

/** ValueInfoProto of an int64 tensor `[1]`. */
function integerInput(name: string): Uint8Array {
  const shape = bytesField(1, varintField(1, 1));
  const type = concat([varintField(1, ElementType.int64), bytesField(2, shape)]);
  return concat([textField(1, name), bytesField(2, bytesField(1, type))]);
}
