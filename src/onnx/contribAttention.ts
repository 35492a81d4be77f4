import type { BlockDraft, Extension } from './attentionBlock';
import { ElementType, type Node } from './graph';
import type { GraphIndex } from './graphIndex';
import type { NewNode, NewTensor } from './writeGraph';

/** What the operator adds to masked scores when `mask_filter_value` says nothing. */
const maskedScore = -10000;

/**
 * `com.microsoft.Attention` projects its input itself and shows neither scores nor probabilities, so
 * they are computed a second time beside it. Reshape stands in for Unsqueeze and the like, whose form
 * differs between operator sets.
 */
export function recomputeAttention(index: GraphIndex, node: Node): BlockDraft | undefined {
  const numHeads = node.attributes?.get('num_heads');
  const [x, weight] = node.inputs;
  // Rotation and four-dimensional masks belong to kernels for graphics cards.
  const isForeign = node.attributes?.get('do_rotary') || (index.rank(node.inputs[3] ?? '') ?? 0) > 3;
  if (!isCount(numHeads) || !x || !weight || isForeign) {
    return undefined;
  }
  const recipe = new Recipe(`${node.outputs[0]}_scope_`);
  const [q, k, v] = project(recipe, node, numHeads);
  const keys = extendPast(recipe, node, k, 'keys', 0);
  const values = extendPast(recipe, node, v, 'values', 1);
  const scores = maskScores(recipe, index, node, scaleScores(recipe, index, node, q, keys));
  const probabilities = recipe.add('Softmax', [scores], 'probabilities', { axis: 3 });
  return {
    form: 'com.microsoft.Attention',
    probabilities,
    scores,
    sources: { queries: x, keys: x },
    queries: { tensor: q, layout: 'BHSD' },
    keys: { tensor: keys, layout: 'BHSD' },
    values: { tensor: values, layout: 'BHSD' },
    mixed: { tensor: node.outputs[0] as string, layout: 'BSH' },
    ...(!index.producers.has(probabilities) && { extension: recipe.extension }),
  };
}

/** Collects nodes and constants under names of their own. */
class Recipe {
  private readonly nodes: NewNode[] = [];
  private readonly constants: NewTensor[] = [];

  constructor(private readonly prefix: string) {}

  get extension(): Extension {
    return { nodes: this.nodes, constants: this.constants };
  }

  /** Adds a node and returns the name of its output. */
  add(
    opType: string,
    inputs: readonly string[],
    name: string,
    attributes?: Record<string, number | readonly number[]>,
  ): string {
    const output = this.prefix + name;
    this.nodes.push({ opType, inputs, outputs: [output], ...(attributes && { attributes }) });
    return output;
  }

  integers(data: readonly number[]): string {
    return this.constant(ElementType.int64, data, [data.length]);
  }

  integer(value: number): string {
    return this.constant(ElementType.int64, [value], []);
  }

  float(value: number): string {
    return this.constant(ElementType.float32, [value], []);
  }

  private constant(
    elementType: NewTensor['elementType'],
    data: readonly number[],
    dims: readonly number[],
  ): string {
    const name = `${this.prefix}constant${this.constants.length}`;
    this.constants.push({ name, dims, elementType, data });
    return name;
  }
}

/** x·W + b, cut into queries, keys and values of `[batch, heads, tokens, size]`. */
function project(recipe: Recipe, node: Node, numHeads: number): [string, string, string] {
  const [x, weight, bias] = node.inputs as [string, string, string | undefined];
  const product = recipe.add('MatMul', [x, weight], 'projected');
  const projected = bias ? recipe.add('Add', [product, bias], 'biased') : product;
  const heads = (tensor: string, part: string): string =>
    recipe.add('Transpose', [tensor], part, { perm: [0, 2, 1, 3] });
  const parts = ['queries', 'new_keys', 'new_values'] as const;
  const sizes = node.attributes?.get('qkv_hidden_sizes');
  if (Array.isArray(sizes)) {
    let from = 0;
    return parts.map((part, each) => {
      const to = from + Number(sizes[each] ?? 0);
      const bounds = [recipe.integers([from]), recipe.integers([to]), recipe.integers([2])];
      const slice = recipe.add('Slice', [projected, ...bounds], `${part}_slice`);
      const split = recipe.add('Reshape', [slice, recipe.integers([0, 0, numHeads, -1])], `${part}_split`);
      from = to;
      return heads(split, part);
    }) as [string, string, string];
  }
  const split = recipe.add('Reshape', [projected, recipe.integers([0, 0, 3, numHeads, -1])], 'split');
  return parts.map((part, each) =>
    heads(recipe.add('Gather', [split, recipe.integer(each)], `${part}_split`, { axis: 2 }), part),
  ) as [string, string, string];
}

/** The cache is `[2, batch, heads, past, size]`: keys, then values. */
function extendPast(recipe: Recipe, node: Node, fresh: string, name: string, half: number): string {
  const past = node.inputs[4];
  if (!past) {
    return fresh;
  }
  const cached = recipe.add('Gather', [past, recipe.integer(half)], `past_${name}`, { axis: 0 });
  return recipe.add('Concat', [cached, fresh], name, { axis: 2 });
}

function scaleScores(recipe: Recipe, index: GraphIndex, node: Node, q: string, keys: string): string {
  const to = { to: index.floatType(node.inputs[0] as string) };
  const transposed = recipe.add('Transpose', [keys], 'keys_transposed', { perm: [0, 1, 3, 2] });
  const product = recipe.add('MatMul', [q, transposed], 'product');
  const scale = node.attributes?.get('scale');
  if (typeof scale === 'number' && scale !== 0) {
    return recipe.add('Mul', [product, recipe.add('Cast', [recipe.float(scale)], 'scale', to)], 'scaled');
  }
  const shape = recipe.add('Shape', [q], 'shape');
  const size = recipe.add('Cast', [recipe.add('Gather', [shape, recipe.integer(3)], 'size')], 'size_float', {
    to: ElementType.float32,
  });
  const root = recipe.add('Cast', [recipe.add('Sqrt', [size], 'root')], 'root_typed', to);
  return recipe.add('Div', [product, root], 'scaled');
}

/** Bias on the scores, padding, and the causal rule: keys later than past + query. */
function maskScores(recipe: Recipe, index: GraphIndex, node: Node, scaled: string): string {
  const to = { to: index.floatType(node.inputs[0] as string) };
  const filter = node.attributes?.get('mask_filter_value');
  const filterValue = typeof filter === 'number' ? filter : maskedScore;
  const mask = node.inputs[3];
  const isCausal = node.attributes?.get('unidirectional') === 1;
  let scores = scaled;
  if (node.inputs[5]) {
    scores = recipe.add('Add', [scores, node.inputs[5]], 'scores_biased');
  }
  if (!mask && !isCausal) {
    return scores;
  }
  const shape = recipe.add('Shape', [scores], 'scores_shape');
  const numKeys = recipe.add('Gather', [shape, recipe.integer(3)], 'num_keys');
  const positions = recipe.add('Range', [recipe.integer(0), numKeys, recipe.integer(1)], 'key_positions');
  const lower = (allowed: string, name: string): void => {
    const isHidden = recipe.add(
      'Cast',
      [recipe.add('Not', [allowed], `${name}_hidden`)],
      `${name}_typed`,
      to,
    );
    const value = recipe.add('Cast', [recipe.float(filterValue)], `${name}_value`, to);
    scores = recipe.add(
      'Add',
      [scores, recipe.add('Mul', [isHidden, value], `${name}_mask`)],
      `${name}_scores`,
    );
  };
  if (mask) {
    lower(paddingRule(recipe, index, mask, numKeys, positions), 'padding');
  }
  if (isCausal) {
    const numQueries = recipe.add('Gather', [shape, recipe.integer(2)], 'num_queries');
    const past = recipe.add('Sub', [numKeys, numQueries], 'num_past');
    const rows = recipe.add('Range', [past, numKeys, recipe.integer(1)], 'query_positions');
    const column = recipe.add('Reshape', [rows, recipe.integers([-1, 1])], 'query_column');
    const isLater = recipe.add('Greater', [positions, column], 'later');
    lower(recipe.add('Not', [isLater], 'reached'), 'causal');
  }
  return scores;
}

/** True for keys that are no padding, from 1 or 0 per key, or from one length per text. */
function paddingRule(
  recipe: Recipe,
  index: GraphIndex,
  mask: string,
  numKeys: string,
  positions: string,
): string {
  const int64 = { to: ElementType.int64 };
  const wide = recipe.add('Cast', [mask], 'mask', int64);
  // The optimizer writes lengths as a sum over the mask.
  if (index.rank(mask) === 1 || index.producers.get(mask)?.opType === 'ReduceSum') {
    const lengths = recipe.add('Reshape', [wide, recipe.integers([-1, 1, 1, 1])], 'lengths');
    return recipe.add('Less', [positions, lengths], 'within');
  }
  // [batch, keys] and [batch, queries, keys] alike become [batch, 1, 1 or queries, keys].
  const last = recipe.add('Reshape', [numKeys, recipe.integers([1])], 'num_keys_list');
  const dims = recipe.add('Concat', [recipe.integers([0, 1, -1]), last], 'mask_shape', { axis: 0 });
  const shaped = recipe.add('Reshape', [wide, dims], 'mask_shaped');
  return recipe.add('Cast', [shaped], 'allowed', { to: ElementType.bool });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
