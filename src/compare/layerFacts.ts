import type { Node } from '../onnx/graph';
import type { PlacedUse } from './assignParts';
import type { AttentionParts } from './attentionParts';
import type { ModelGraph } from './modelGraph';
import type { Sublayer } from './residualStream';
import type { Projection, WeightUse } from './weightUses';

const products = new Set(['MatMul', 'FusedMatMul', 'MatMulInteger', 'Einsum', 'MatMulNBits', 'Gemm']);
const comparisons = new Set(['LessOrEqual', 'GreaterOrEqual', 'Less', 'Greater']);
const maxVisits = 300;

/** Whether the stream that a half block reads was normalised before it joined (post) or is normalised inside (pre). */
export function normPlacement(
  model: ModelGraph,
  sublayers: readonly Sublayer[],
  uses: readonly WeightUse[],
): 'pre' | 'post' {
  const normed = new Set(uses.flatMap((use) => (use.kind === 'norm' ? use.outputs : [])));
  const streams = sublayers.slice(1).map(({ stream }) => stream);
  // The second half block reads what the first left: its sum (pre), or the norm of that (post).
  const isNormed = (tensor: string): boolean => {
    const producer = model.index.producers.get(tensor);
    return normed.has(tensor) || (producer?.opType === 'Identity' && normed.has(producer.inputs[0] ?? ''));
  };
  return streams.length > 0 && streams.filter(isNormed).length * 2 > streams.length ? 'post' : 'pre';
}

export interface FeedForward {
  readonly size: number;
  readonly gated: boolean;
  /** Undefined where none of the known functions was found. */
  readonly activation: string | undefined;
}

/** The first feed-forward layer: two matrices, or three of which two read the same and one gates the other. */
export function feedForward(
  model: ModelGraph,
  sublayers: readonly Sublayer[],
  placed: readonly PlacedUse[],
): FeedForward | undefined {
  const parts = new Map(placed.map(({ use, part }) => [use.node, part]));
  for (const { nodes } of sublayers) {
    const projections = placed
      .filter(({ use, part }) => part === 'feedForward' && nodes.includes(use.node))
      .map(({ use }) => use as Projection);
    const first = projections[0];
    const last = projections.at(-1);
    if (!first || !last || first === last) {
      continue;
    }
    const gated = projections.length > 2 || first.outSize === 2 * last.inSize;
    const inner = nodes.filter((node) => !isIn(parts.get(node)));
    return { size: last.inSize, gated, activation: activationOf(model, inner, projections) };
  }
  return undefined;
}

function isIn(part: string | undefined): boolean {
  return part === 'attention' || part === 'crossAttention';
}

function activationOf(
  model: ModelGraph,
  nodes: readonly Node[],
  projections: readonly Projection[],
): string | undefined {
  const between = nodes.filter((node) => isBetween(model, node, projections));
  const find = (opType: string): Node | undefined => between.find((node) => node.opType === opType);
  const gelu = find('Gelu');
  if (gelu) {
    return gelu.attributes?.get('approximate') === 'tanh' ? 'gelu_tanh' : 'gelu';
  }
  if (find('Erf') ?? find('BiasGelu')) {
    return 'gelu';
  }
  const sigmoid = find('Sigmoid');
  if (sigmoid) {
    // x · σ(x), or x · σ(1.702 x), the quick form of GELU.
    const into = model.index.producers.get(sigmoid.inputs[0] ?? '');
    const isScaled =
      into?.opType === 'Mul' && into.inputs.some((input) => model.stored.get(input)?.dims.length === 0);
    return isScaled ? 'quick_gelu' : 'silu';
  }
  if (find('FastGelu')) {
    return 'gelu_tanh';
  }
  if (find('Tanh')) {
    return find('Pow') || between.filter(({ opType }) => opType === 'Mul').length > 2 ? 'gelu_tanh' : 'tanh';
  }
  const plain = ['Relu', 'QuickGelu', 'Silu', 'Swish', 'HardSwish', 'Mish', 'Elu', 'LeakyRelu'].find((each) =>
    find(each),
  );
  return plain === 'QuickGelu' ? 'quick_gelu' : plain?.toLowerCase();
}

/** In front of the last matrix and behind one of the others. */
function isBetween(model: ModelGraph, node: Node, projections: readonly Projection[]): boolean {
  const at = model.order.get(node) ?? 0;
  const places = projections.map((each) => model.order.get(each.node) ?? 0);
  return at > Math.min(...places) && at < Math.max(...places);
}

/**
 * Whether a block sees only the past: its operator says so, or its mask is made by comparing the places of query and
 * key, is a triangle, or is a square that the file stores.
 * @returns undefined where the operator hides its mask
 */
export function isCausal(model: ModelGraph, { block, core }: AttentionParts): boolean | undefined {
  if (core.opType !== 'Softmax') {
    const says = ['is_causal', 'unidirectional'].some((name) => core.attributes?.get(name) === 1);
    if (says || core.opType === 'GroupQueryAttention') {
      return true;
    }
  }
  const starts = core.opType === 'Softmax' ? [block.scores] : core.inputs.slice(3);
  const queue = starts.filter((each): each is string => each !== undefined && each !== '');
  if (queue.length === 0) {
    return core.opType === 'Softmax' ? undefined : false;
  }
  const seen = new Set(queue);
  for (let next = 0; next < queue.length && next < maxVisits; next++) {
    const tensor = queue[next] as string;
    const producer = model.index.producers.get(tensor);
    if (!producer || products.has(producer.opType)) {
      continue;
    }
    const computed = model.computed(producer);
    const isComparison = comparisons.has(producer.opType) && computed.length === 2;
    if (
      producer.opType === 'Trilu' ||
      isComparison ||
      producer.inputs.some((input) => isSquare(model, input))
    ) {
      return true;
    }
    for (const input of model.back(tensor)) {
      if (!seen.has(input)) {
        seen.add(input);
        queue.push(input);
      }
    }
  }
  return false;
}

function isSquare(model: ModelGraph, tensor: string): boolean {
  const dims = model.storedBehind(tensor)?.dims ?? [];
  return dims.length === 4 && dims.at(-1) === dims.at(-2) && (dims.at(-1) ?? 0) > 1;
}
