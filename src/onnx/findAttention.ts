import type { AttentionBlock, BlockDraft, Operand } from './attentionBlock';
import { readFused } from './fusedAttention';
import type { Graph, Node } from './graph';
import { GraphIndex } from './graphIndex';
import { placeBlocks } from './placeBlocks';
import { sourceOf } from './sourceOf';

/** Operators that may stand between the softmax and the product with the values. */
const afterSoftmax = new Set([
  'Identity',
  'Cast',
  'Dropout',
  'Reshape',
  'Where',
  'Mul',
  'Squeeze',
  'Unsqueeze',
  'DynamicQuantizeLinear',
]);
/** Operators that may stand between Q·Kᵀ and the softmax: scale, mask, bias, soft cap. */
const beforeSoftmax = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Where', 'Cast', 'Tanh', 'Reshape', 'Identity', 'Max', 'Min'],
  ...['Clip', 'Squeeze', 'Unsqueeze'],
]);
const products = new Set(['MatMul', 'FusedMatMul', 'MatMulInteger', 'Einsum']);
/** Chains longer than this are no attention; it also bounds work on hostile graphs. */
const maxSteps = 24;

/** Deeper than any model; it also bounds what a hostile graph gets appended. */
const maxBlocks = 1024;

/**
 * The attention blocks of a graph in file order, which exporters keep as layer order.
 * Knows no model by name. Time is linear in the number of nodes.
 * @param withScores see {@link readFused}
 */
export function findAttention(graph: Graph, withScores = false): AttentionBlock[] {
  const index = new GraphIndex(graph);
  const drafts: BlockDraft[] = [];
  for (const node of graph.nodes) {
    const draft = node.opType === 'Softmax' ? readSoftmax(index, node) : readFused(index, node, withScores);
    if (draft && drafts.length < maxBlocks) {
      drafts.push(draft);
    }
  }
  return placeBlocks(index, drafts);
}

/** softmax(Q·Kᵀ …)·V spelled out, or undefined for any other softmax. */
function readSoftmax(index: GraphIndex, softmax: Node): BlockDraft | undefined {
  const [scores] = softmax.inputs;
  const value = scores && softmax.outputs[0] ? followToValues(index, softmax) : undefined;
  const product = value && followToScores(index, softmax);
  if (!scores || !product) {
    return undefined;
  }
  return {
    form: 'softmax',
    probabilities: value.probabilities,
    scores,
    sources: {
      queries: sourceOf(index, product.inputs[0]),
      keys: sourceOf(index, product.inputs[1]),
    },
    ...operandsOf(index, product, value.product),
    ...mixedOf(index, value.product),
  };
}

/** The product's result, as floats where it multiplies integers: these are cast and scaled behind it. */
function mixedOf(index: GraphIndex, product: Node): Pick<BlockDraft, 'mixed'> {
  let tensor = product.opType === 'Einsum' ? undefined : product.outputs[0];
  if (product.opType === 'MatMulInteger') {
    for (const opType of ['Cast', 'Mul']) {
      const users: readonly Node[] = index.consumers.get(tensor ?? '') ?? [];
      tensor = users.length === 1 && users[0]?.opType === opType ? users[0].outputs[0] : undefined;
    }
  }
  return tensor === undefined ? {} : { mixed: { tensor, layout: 'BHSD' } };
}

/**
 * A product takes keys transposed, unless it is told to transpose them itself. Where it multiplies integers, the
 * operands are seen before they were made so.
 */
function operandsOf(
  index: GraphIndex,
  scores: Node,
  weighted: Node,
): Partial<Record<'queries' | 'keys' | 'values', Operand>> {
  const [queries, keys] = scores.inputs;
  const values = weighted.inputs[1];
  const isPlain =
    scores.opType !== 'Einsum' &&
    weighted.opType !== 'Einsum' &&
    !scores.attributes?.get('transA') &&
    !weighted.attributes?.get('transB');
  if (!isPlain || !queries || !keys || !values) {
    return {};
  }
  return {
    queries: { tensor: unquantised(index, queries), layout: 'BHSD' },
    keys: { tensor: unquantised(index, keys), layout: scores.attributes?.get('transB') ? 'BHSD' : 'BHDS' },
    values: { tensor: unquantised(index, values), layout: 'BHSD' },
  };
}

/** What was made integers on the spot, or the tensor itself. */
function unquantised(index: GraphIndex, tensor: string): string {
  const producer = index.producers.get(tensor);
  return (producer?.opType === 'DynamicQuantizeLinear' && producer.inputs[0]) || tensor;
}

/** Forward from the softmax, breadth first, to a product whose other operand is computed too. */
function followToValues(
  index: GraphIndex,
  softmax: Node,
): { probabilities: string; product: Node } | undefined {
  let frontier = [softmax.outputs[0] as string];
  const seen = new Set(frontier);
  for (let step = 0; step < maxSteps && frontier.length > 0; step++) {
    const following: string[] = [];
    for (const tensor of frontier) {
      for (const node of index.consumers.get(tensor) ?? []) {
        const [left, right] = node.inputs;
        if (products.has(node.opType) && left === tensor && right && !index.isConstant(right)) {
          return { probabilities: unquantised(index, tensor), product: node };
        }
        const output = node.outputs[0];
        if (afterSoftmax.has(node.opType) && output && !seen.has(output)) {
          seen.add(output);
          following.push(output);
        }
      }
    }
    frontier = following;
  }
  return undefined;
}

/** Back from the softmax to a product of two computed tensors. */
function followToScores(index: GraphIndex, softmax: Node): Node | undefined {
  let frontier = [softmax.inputs[0] as string];
  const seen = new Set(frontier);
  for (let step = 0; step < maxSteps && frontier.length > 0; step++) {
    const following: string[] = [];
    for (const tensor of frontier) {
      const node = index.producers.get(tensor);
      const [left, right] = node?.inputs ?? [];
      if (node && products.has(node.opType) && left && right) {
        if (!index.isConstant(left) && !index.isConstant(right)) {
          return node;
        }
        continue;
      }
      if (node && beforeSoftmax.has(node.opType)) {
        for (const input of node.inputs) {
          if (input !== '' && !seen.has(input) && !index.isConstant(input)) {
            seen.add(input);
            following.push(input);
          }
        }
      }
    }
    frontier = following;
  }
  return undefined;
}
