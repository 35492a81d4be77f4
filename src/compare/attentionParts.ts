import type { AttentionBlock } from '../onnx/attentionBlock';
import type { Node } from '../onnx/graph';
import type { ModelGraph } from './modelGraph';
import type { Projection, WeightUse } from './weightUses';

/** An attention block with the weights around it. */
export interface AttentionParts {
  readonly block: AttentionBlock;
  /** The softmax, or the operator that is the whole attention. */
  readonly core: Node;
  /** From the projections of queries, keys and values on, norms of queries and keys included. */
  readonly nodes: ReadonlySet<Node>;
  readonly queries: Projection | undefined;
  readonly keys: Projection | undefined;
  /** What brings the heads together. */
  readonly output: Projection | undefined;
  readonly rotated: boolean;
}

const fused = new Set(['Attention', 'GroupQueryAttention', 'MultiHeadAttention']);
const maxVisits = 200;

export function attentionParts(model: ModelGraph, uses: readonly WeightUse[]): AttentionParts[] {
  const projections = new Map<Node, Projection>();
  for (const use of uses) {
    if (use.kind === 'projection') {
      projections.set(use.node, use);
    }
  }
  return model.blocks.flatMap((block) => {
    const core = coreOf(model, block);
    return core ? [partsOf(model, projections, block, core)] : [];
  });
}

function partsOf(
  model: ModelGraph,
  projections: ReadonlyMap<Node, Projection>,
  block: AttentionBlock,
  core: Node,
): AttentionParts {
  const nodes = new Set<Node>();
  const own = projections.get(core);
  const [q, k, v] = own ? [] : operands(block, core);
  const queries = own ?? backToProjection(model, projections, q, nodes);
  const keys = own ?? backToProjection(model, projections, k || q, nodes);
  backToProjection(model, projections, v || k || q, nodes);
  const output = forwardToProjection(model, projections, core, nodes);
  const rotated =
    core.attributes?.get('do_rotary') === 1 ||
    [...nodes].some((node) => node.opType === 'RotaryEmbedding' || isHalfTurn(model, node));
  nodes.add(core);
  return { block, core, nodes, queries, keys, output, rotated };
}

/** Concat(−half, other half): a pair of coordinates turned by a right angle, as rotary positions need it (Su et al. 2021). */
function isHalfTurn(model: ModelGraph, node: Node): boolean {
  return node.opType === 'Neg' && (model.index.consumers.get(node.outputs[0] ?? '')?.length ?? 0) > 0;
}

function operands(block: AttentionBlock, core: Node): (string | undefined)[] {
  return core.opType === 'Softmax'
    ? [block.queries?.tensor, block.keys?.tensor, block.values?.tensor]
    : core.inputs.slice(0, 3);
}

function coreOf(model: ModelGraph, { form, probabilities }: AttentionBlock): Node | undefined {
  if (form === 'softmax') {
    let core: Node | undefined;
    model.index.walkBack(probabilities, (_, producer) => {
      if (core || !producer) {
        return [];
      }
      if (producer.opType === 'Softmax') {
        core = producer;
        return [];
      }
      return producer.inputs;
    });
    return core;
  }
  return model.graph.nodes.find(
    (node) =>
      fused.has(node.opType) &&
      (probabilities.startsWith(`${node.outputs[0]}_scope_`) ||
        node.outputs.slice(3).some((output) => output !== '' && probabilities.startsWith(output))),
  );
}

/** Back to the nearest multiplication by weights; collects the nodes on the way. */
function backToProjection(
  model: ModelGraph,
  projections: ReadonlyMap<Node, Projection>,
  operand: string | undefined,
  nodes: Set<Node>,
): Projection | undefined {
  let found: Projection | undefined;
  const seen = new Set<string>();
  const queue = operand === undefined ? [] : [operand];
  for (let next = 0; next < queue.length && next < maxVisits; next++) {
    const tensor = queue[next] as string;
    const producer = model.index.producers.get(tensor);
    if (!producer) {
      continue;
    }
    nodes.add(producer);
    const projection = projections.get(producer);
    found ??= projection;
    for (const input of projection ? [] : model.back(tensor)) {
      if (!seen.has(input)) {
        seen.add(input);
        queue.push(input);
      }
    }
  }
  return found;
}

/** Forward from the softmax (or the operator) to the nearest multiplication by weights. */
function forwardToProjection(
  model: ModelGraph,
  projections: ReadonlyMap<Node, Projection>,
  core: Node,
  nodes: Set<Node>,
): Projection | undefined {
  const queue = [...core.outputs.slice(0, 1)];
  const seen = new Set(queue);
  for (let next = 0; next < queue.length && next < maxVisits; next++) {
    for (const node of model.index.consumers.get(queue[next] as string) ?? []) {
      const projection = projections.get(node);
      if (projection) {
        nodes.add(node);
        return projection;
      }
      const [output] = node.outputs;
      if (output && !seen.has(output) && node.opType !== 'Shape') {
        seen.add(output);
        queue.push(output);
      }
    }
  }
  return undefined;
}
