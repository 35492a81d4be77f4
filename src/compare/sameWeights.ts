import { fromBfloat16, fromFloat16 } from '../onnx/halfFloats';
import type { StoredTensor } from '../onnx/readWeights';

/** A matrix of `[rows, width]`, stored so, turned, packed in blocks, or as codes that stand for no ordered numbers. */
export interface StoredMatrix {
  readonly file: Uint8Array;
  readonly tensor: StoredTensor;
  readonly rows: number;
  readonly width: number;
  readonly layout: 'rows' | 'turned' | 'nibbles' | 'codes';
}

const numRows = 24;
/** Numbers compared at once: no longer than the blocks that share a scale. */
const chunk = 16;
/** Mean correlation above which two matrices are the same but for rounding; independent ones stay below 0.3. */
const same = 0.8;

/**
 * Whether two matrices hold the same weights, however each is rounded: pieces of some rows are correlated, which no
 * scale or zero point changes.
 * @returns undefined where the numbers of one of them are not in the file
 */
export function sameWeights(one: StoredMatrix, other: StoredMatrix): boolean | undefined {
  if (one.rows !== other.rows || one.width !== other.width) {
    return false;
  }
  let sum = 0;
  let count = 0;
  for (let each = 0; each < numRows; each++) {
    const row = Math.floor(((each + 0.5) * one.rows) / numRows);
    for (let from = 0; from + chunk <= one.width && from < 4 * chunk; from += chunk) {
      const left = piece(one, row, from);
      const right = piece(other, row, from);
      if (!left || !right) {
        return undefined;
      }
      const found = correlation(left, right);
      if (found !== undefined) {
        // A scale may be negative.
        sum += Math.abs(found);
        count++;
      }
    }
  }
  return count === 0 ? undefined : sum / count > same;
}

/**
 * Whether a table of positions is that of sines and cosines (Vaswani et al. 2017, section 3.5): at position 0 every
 * sine is 0 and every cosine 1, half of each.
 */
export function isSinusoidal(table: StoredMatrix): boolean | undefined {
  const first = piece(table, 0, 0, table.width);
  if (!first) {
    return undefined;
  }
  const values = [...new Set(first)];
  const ones = first.filter((value) => value === Math.max(...values)).length;
  return values.length === 2 && ones === table.width / 2;
}

function piece(
  { file, tensor, rows, width, layout }: StoredMatrix,
  row: number,
  from: number,
  length = chunk,
): number[] | undefined {
  const read = tensor.data && layout !== 'codes' && reader(file, tensor.elementType, tensor.data.start);
  if (!read) {
    return undefined;
  }
  return Array.from({ length }, (_, each) => {
    const column = from + each;
    if (layout === 'nibbles') {
      const byte = read((row * width + column) >> 1);
      return column % 2 === 0 ? byte & 15 : byte >> 4;
    }
    return read(layout === 'turned' ? column * rows + row : row * width + column);
  });
}

/** Reads the element at an index, as far as its rounding: quantised numbers come as they are stored. */
function reader(file: Uint8Array, elementType: number, start: number): ((at: number) => number) | undefined {
  const view = new DataView(file.buffer, file.byteOffset + start);
  switch (elementType) {
    case 1:
      return (at) => view.getFloat32(4 * at, true);
    case 2:
      return (at) => view.getUint8(at);
    case 3:
      return (at) => view.getInt8(at);
    case 10:
      return (at) => fromFloat16(view.getUint16(2 * at, true));
    case 16:
      return (at) => fromBfloat16(view.getUint16(2 * at, true));
    default:
      return undefined;
  }
}

/** Pearson's; undefined where one side does not vary. */
function correlation(left: readonly number[], right: readonly number[]): number | undefined {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  const [a, b] = [mean(left), mean(right)];
  let [both, one, other] = [0, 0, 0];
  left.forEach((value, at) => {
    const [x, y] = [value - a, right[at]! - b];
    both += x * y;
    one += x * x;
    other += y * y;
  });
  return one === 0 || other === 0 ? undefined : both / Math.sqrt(one * other);
}
