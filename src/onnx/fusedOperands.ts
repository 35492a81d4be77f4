import type { Extension, Operand } from './attentionBlock';
import { ElementType, type Node } from './graph';
import type { NewNode, NewTensor } from './writeGraph';

/** Queries, keys and values of operators that hold a whole attention, as far as they can be seen. */
export type Operands = Partial<Record<'queries' | 'keys' | 'values', Operand>>;

/** With the nodes that take packed tensors apart, where there are such. */
export type UnpackedOperands = Operands & { readonly extension?: Extension };

/** Queries, keys, values as inputs of their own; keys with a cache are seen in the output that extends it. */
export function separateOperands(
  node: Node,
  layout: Operand['layout'],
  pastInput: number,
  presentOutput: number,
): Operands {
  const [q, k, v] = node.inputs;
  if (!q || !k || !v) {
    return {};
  }
  const queries: Operand = { tensor: q, layout };
  if (!node.inputs[pastInput]) {
    return { queries, keys: { tensor: k, layout }, values: { tensor: v, layout } };
  }
  return { queries, ...presentOperands(node, presentOutput) };
}

/**
 * `com.microsoft.GroupQueryAttention`: keys (rotated) and values are its cache outputs, one per key head. With
 * `do_rotary` it rotates the queries out of sight; packed queries are the first heads of its only input.
 */
export function groupedOperands(node: Node): UnpackedOperands {
  const [packed, key] = node.inputs;
  const isRotated = node.attributes?.get('do_rotary') === 1;
  if (key || !packed) {
    const { queries, ...seen } = separateOperands(node, 'BSH', 3, 1);
    const others = isRotated ? presentOperands(node, 1) : seen;
    return { ...(queries && !isRotated && { queries }), ...others };
  }
  const numHeads = node.attributes?.get('num_heads');
  const numKeyHeads = node.attributes?.get('kv_num_heads');
  if (isRotated || typeof numHeads !== 'number' || typeof numKeyHeads !== 'number') {
    return presentOperands(node, 1);
  }
  const unpack = new Unpacking(`${node.outputs[0]}_scope_`);
  const heads = unpack.add(
    'Reshape',
    [packed, unpack.integers([0, 0, numHeads + 2 * numKeyHeads, -1])],
    'heads',
  );
  const bounds = [unpack.integers([0]), unpack.integers([numHeads]), unpack.integers([2])];
  const own = unpack.add('Slice', [heads, ...bounds], 'query_heads');
  const queries: Operand = { tensor: unpack.turned(own, 'queries'), layout: 'BHSD' };
  return { queries, ...presentOperands(node, 1), extension: unpack.extension };
}

/** Keys and values as the cache outputs hold them. */
function presentOperands(node: Node, presentOutput: number): Operands {
  const key = node.outputs[presentOutput];
  const value = node.outputs[presentOutput + 1];
  return {
    ...(key && { keys: { tensor: key, layout: 'BHSD' } }),
    ...(value && { values: { tensor: value, layout: 'BHSD' } }),
  };
}

/** Collects the nodes and constants that take a packed tensor apart. */
class Unpacking {
  private readonly nodes: NewNode[] = [];
  private readonly constants: NewTensor[] = [];

  constructor(private readonly prefix: string) {}

  get extension(): Extension {
    return { nodes: this.nodes, constants: this.constants };
  }

  add(opType: string, inputs: readonly string[], name: string, attributes?: NewNode['attributes']): string {
    const output = this.prefix + name;
    this.nodes.push({ opType, inputs, outputs: [output], ...(attributes && { attributes }) });
    return output;
  }

  /** `[batch, tokens, heads, size]` to `[batch, heads, tokens, size]`. */
  turned(tensor: string, name: string): string {
    return this.add('Transpose', [tensor], name, { perm: [0, 2, 1, 3] });
  }

  integers(data: readonly number[]): string {
    const name = `${this.prefix}part${this.constants.length}`;
    this.constants.push({ name, dims: [data.length], elementType: ElementType.int64, data });
    return name;
  }
}
