import type { Graph, Node } from './graph';

/** One attention block, found by the shape of the graph: softmax(Q·Kᵀ …)·V (Vaswani et al. 2017, eq. 1). */
export interface AttentionBlock {
  /** The tensor that is multiplied with the values: `[batch, heads, queries, keys]`. */
  readonly probabilities: string;
  /** Input of the softmax: scaled and masked scores, of the same shape. */
  readonly scores: string;
  /** The product Q·Kᵀ; its operands are the queries and the (transposed) keys. */
  readonly scoreProduct: Node;
  /** The product of probabilities and values; its second operand are the values. */
  readonly valueProduct: Node;
}

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
]);
/** Operators that may stand between Q·Kᵀ and the softmax: scale, mask, bias, soft cap. */
const beforeSoftmax = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Where', 'Cast', 'Tanh', 'Reshape', 'Identity', 'Max', 'Min'],
  ...['Clip', 'Squeeze', 'Unsqueeze'],
]);
const products = new Set(['MatMul', 'FusedMatMul', 'MatMulInteger', 'Einsum']);
/** Chains longer than this are no attention; it also bounds work on hostile graphs. */
const maxSteps = 24;

/**
 * The attention blocks of a graph in file order, which exporters keep as layer order.
 * Knows no model by name. Time is linear in the number of nodes.
 */
export function findAttention(graph: Graph): AttentionBlock[] {
  const index = new GraphIndex(graph);
  const blocks: AttentionBlock[] = [];
  for (const node of graph.nodes) {
    if (node.opType !== 'Softmax') {
      continue;
    }
    const value = followToValues(index, node);
    const product = value && followToScores(index, node);
    if (value && product) {
      blocks.push({
        probabilities: value.probabilities,
        scores: node.inputs[0] as string,
        scoreProduct: product,
        valueProduct: value.product,
      });
    }
  }
  return blocks;
}

/** Who makes and who uses each tensor, and which tensors do not depend on the input. */
class GraphIndex {
  readonly producers = new Map<string, Node>();
  readonly consumers = new Map<string, Node[]>();
  private readonly constants: Set<string>;

  constructor(graph: Graph) {
    this.constants = new Set(graph.initializers);
    for (const node of graph.nodes) {
      for (const output of node.outputs) {
        this.producers.set(output, node);
      }
      for (const input of node.inputs) {
        const users = this.consumers.get(input);
        if (users) {
          users.push(node);
        } else {
          this.consumers.set(input, [node]);
        }
      }
      // The file is topologically sorted, so one pass suffices.
      if (node.inputs.every((input) => input === '' || this.constants.has(input)) && !isRandom(node)) {
        node.outputs.forEach((output) => this.constants.add(output));
      }
    }
  }

  isConstant(tensor: string): boolean {
    return this.constants.has(tensor);
  }
}

function isRandom(node: Node): boolean {
  return node.opType.startsWith('Random') || node.opType === 'Multinomial' || node.opType === 'Bernoulli';
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
          return { probabilities: tensor, product: node };
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
