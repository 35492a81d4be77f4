import type { Node } from '../onnx/graph';
import type { ModelGraph } from './modelGraph';
import type { Norm, WeightUse } from './weightUses';

/** `stream + f(stream)`: one half of a block, attention or feed-forward (of some families both at once). */
export interface Sublayer {
  /** The addition. */
  readonly node: Node;
  readonly stream: string;
  readonly output: string;
  /** The nodes of f that depend on the stream, in file order. */
  readonly nodes: readonly Node[];
}

/** A half of a block is a few dozen nodes; it also bounds work on hostile graphs. */
const maxVisits = 600;

/**
 * The residual additions in file order. An addition is one when an operand can be reached back from the other
 * through weights and through no other such addition.
 */
export function findSublayers(model: ModelGraph, uses: readonly WeightUse[]): Sublayer[] {
  const weighted = new Set(uses.filter((use) => use.kind === 'projection').map((use) => use.node));
  const adding = new Map(
    uses.filter((use): use is Norm => use.kind === 'norm').map((use) => [use.node, use]),
  );
  const scores = scoreNodes(model);
  const outputs = new Set<string>();
  const found: Sublayer[] = [];
  for (const node of model.graph.nodes) {
    const isSum = node.opType === 'Add' || adding.get(node)?.addsResidual === true;
    const [left, right] = node.inputs;
    if (!isSum || !left || !right || scores.has(node) || model.computed(node).length < 2) {
      continue;
    }
    const walk = (from: string, to: string): Node[] | undefined =>
      between(model, from, to, outputs, weighted);
    const forward = walk(right, left);
    const nodes = forward ?? walk(left, right);
    if (nodes) {
      // A fused norm gives the sum itself as its fourth output.
      const output = (node.opType === 'Add' ? node.outputs[0] : node.outputs[3] || node.outputs[0]) ?? '';
      outputs.add(output);
      outputs.add(node.outputs[0] ?? '');
      found.push({ node, stream: forward ? left : right, output, nodes });
    }
  }
  return found;
}

/** The nodes on the ways back from `branch` to `stream`, or undefined where no way goes through weights. */
function between(
  model: ModelGraph,
  branch: string,
  stream: string,
  barriers: ReadonlySet<string>,
  weighted: ReadonlySet<Node>,
): Node[] | undefined {
  const seen = new Set([branch]);
  const queue = [branch];
  const nodes = new Set<Node>();
  for (let next = 0; next < queue.length && next < maxVisits; next++) {
    const tensor = queue[next] as string;
    const producer =
      tensor === stream || barriers.has(tensor) ? undefined : model.index.producers.get(tensor);
    if (!producer) {
      continue;
    }
    nodes.add(producer);
    for (const input of model.back(tensor)) {
      if (!seen.has(input)) {
        seen.add(input);
        queue.push(input);
      }
    }
  }
  // A fused norm gives the sum and, beside it, what the next half block reads.
  const producer = model.index.producers.get(stream);
  const aliases = producer && producer.opType.startsWith('Skip') ? producer.outputs : [stream];
  if (!aliases.some((each) => each !== '' && seen.has(each))) {
    return undefined;
  }
  const reached = new Set(aliases.filter((each) => each !== ''));
  const behindWeights = new Set<string>();
  const inside = inOrder(model, nodes).filter((node) => {
    const isIn = node.inputs.some((input) => reached.has(input));
    const isBehind = weighted.has(node) || node.inputs.some((input) => behindWeights.has(input));
    for (const output of isIn ? node.outputs : []) {
      reached.add(output);
      if (isBehind) {
        behindWeights.add(output);
      }
    }
    return isIn;
  });
  return behindWeights.has(branch) ? inside : undefined;
}

function inOrder(model: ModelGraph, nodes: Iterable<Node>): Node[] {
  return [...nodes].sort((a, b) => (model.order.get(a) ?? 0) - (model.order.get(b) ?? 0));
}

/** The additions of masks and biases between queries·keys and the softmax. */
function scoreNodes(model: ModelGraph): Set<Node> {
  const nodes = new Set<Node>();
  for (const { scores } of model.blocks) {
    let tensor = scores;
    for (let step = 0; step < 12 && tensor !== undefined; step++) {
      const producer: Node | undefined = model.index.producers.get(tensor);
      if (!producer || producer.opType.includes('MatMul')) {
        break;
      }
      nodes.add(producer);
      tensor = producer.inputs.find((input) => model.index.producers.get(input)?.opType.includes('MatMul'));
      tensor ??= model.computed(producer)[0];
    }
  }
  return nodes;
}
