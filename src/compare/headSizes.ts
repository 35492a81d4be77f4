import type { AttentionParts } from './attentionParts';
import type { ModelGraph } from './modelGraph';

export interface HeadSizes {
  readonly numHeads: number;
  readonly numKeyValueHeads: number;
  readonly headSize: number;
}

/**
 * The heads of a block: from the attributes of its operator, or from the shape that the projected queries are laid
 * out in, `[…, heads, size]`, where one of the two may be left open. What enters the output projection is
 * heads × size wide.
 * @returns undefined where the graph does not tell
 */
export function headSizes(model: ModelGraph, parts: AttentionParts): HeadSizes | undefined {
  const { queries, keys, output } = parts;
  const isPacked = queries !== undefined && queries === keys;
  const width = output?.inSize ?? (isPacked ? queries.outSize / 3 : queries?.outSize);
  const named = firstNumber(parts, ['num_heads', 'q_num_heads']);
  if (!width) {
    return undefined;
  }
  const numHeads = named ?? headsOfShapes(model, parts, width);
  if (numHeads === undefined || width % numHeads !== 0) {
    return undefined;
  }
  const headSize = width / numHeads;
  const keyHeads = isPacked
    ? (queries.outSize / headSize - numHeads) / 2
    : (keys?.outSize ?? width) / headSize;
  const numKeyValueHeads = firstNumber(parts, ['kv_num_heads']) ?? keyHeads;
  return {
    numHeads,
    headSize,
    numKeyValueHeads: Number.isInteger(numKeyValueHeads) ? numKeyValueHeads : numHeads,
  };
}

function firstNumber({ core }: AttentionParts, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = core.attributes?.get(name);
    if (typeof value === 'number' && value > 0) {
      return value;
    }
  }
  return undefined;
}

function headsOfShapes(model: ModelGraph, { nodes }: AttentionParts, width: number): number | undefined {
  for (const node of nodes) {
    const shape = node.opType === 'Reshape' ? shapeOf(model, node.inputs[1] ?? '') : undefined;
    const last = shape?.at(-1);
    const beforeLast = shape?.at(-2);
    if (!shape || shape.length !== 4 || last === undefined) {
      continue;
    }
    if (beforeLast !== undefined && beforeLast > 0 && width % beforeLast === 0) {
      return beforeLast;
    }
    // Some lay queries, keys and values of a head side by side.
    for (const each of [last, last / 3]) {
      if (each > 0 && Number.isInteger(each) && width % each === 0) {
        return width / each;
      }
    }
  }
  return undefined;
}

/** A shape as far as it is constant; -1 and undefined entries are open. */
function shapeOf(model: ModelGraph, tensor: string): (number | undefined)[] | undefined {
  const stored = model.storedBehind(tensor)?.integers;
  if (stored) {
    return [...stored];
  }
  const producer = model.index.producers.get(tensor);
  return producer?.opType === 'Concat'
    ? producer.inputs.map((input) => {
        const integers = model.storedBehind(input)?.integers;
        return integers?.length === 1 ? integers[0] : undefined;
      })
    : undefined;
}
