import type { Numbers } from './numbers';

/** A matrix inside an array: where it begins, and how far apart neighbouring rows and columns are. */
export interface View {
  readonly data: Numbers;
  readonly offset: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Rows that lie one behind the other. */
export function view(data: Numbers, columns: number, offset = 0): View {
  return { data, offset, rowStep: columns, columnStep: 1 };
}

/** The same numbers with rows and columns exchanged; nothing is moved. */
export function turned({ data, offset, rowStep, columnStep }: View): View {
  return { data, offset, rowStep: columnStep, columnStep: rowStep };
}

/**
 * C += factor · A·B, where A is `[rows, inner]` and B `[inner, columns]`. The columns of C lie side by side.
 *
 * Blocks of 4 × 4 results are summed in local variables: eight numbers are fetched for sixteen products, which is what
 * makes this several times as fast as a sum for each result by itself.
 */
export function addProduct(
  c: View,
  a: View,
  b: View,
  [rows, inner, columns]: readonly [number, number, number],
  factor = 1,
): void {
  const wholeRows = rows - (rows % 4);
  const wholeColumns = columns - (columns % 4);
  for (let row = 0; row < wholeRows; row += 4) {
    for (let column = 0; column < wholeColumns; column += 4) {
      addBlock(c, a, b, row, column, inner, factor);
    }
  }
  addCells(c, a, b, [0, wholeRows], [wholeColumns, columns], inner, factor);
  addCells(c, a, b, [wholeRows, rows], [0, columns], inner, factor);
}

function addBlock(
  c: View,
  a: View,
  b: View,
  row: number,
  column: number,
  inner: number,
  factor: number,
): void {
  const { data: left, rowStep: down, columnStep: across } = a;
  const { data: right, rowStep: along, columnStep: aside } = b;
  let from = a.offset + row * down;
  let to = b.offset + column * aside;
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0;
  let c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0;
  let c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  for (let at = 0; at < inner; at++) {
    const a0 = left[from]!;
    const a1 = left[from + down]!;
    const a2 = left[from + 2 * down]!;
    const a3 = left[from + 3 * down]!;
    const b0 = right[to]!;
    const b1 = right[to + aside]!;
    const b2 = right[to + 2 * aside]!;
    const b3 = right[to + 3 * aside]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
    from += across;
    to += along;
  }
  const { data, rowStep } = c;
  let at = c.offset + row * rowStep + column;
  data[at]! += factor * c00;
  data[at + 1]! += factor * c01;
  data[at + 2]! += factor * c02;
  data[at + 3]! += factor * c03;
  at += rowStep;
  data[at]! += factor * c10;
  data[at + 1]! += factor * c11;
  data[at + 2]! += factor * c12;
  data[at + 3]! += factor * c13;
  at += rowStep;
  data[at]! += factor * c20;
  data[at + 1]! += factor * c21;
  data[at + 2]! += factor * c22;
  data[at + 3]! += factor * c23;
  at += rowStep;
  data[at]! += factor * c30;
  data[at + 1]! += factor * c31;
  data[at + 2]! += factor * c32;
  data[at + 3]! += factor * c33;
}

/** What the blocks leave over at the right and at the bottom. */
function addCells(
  c: View,
  a: View,
  b: View,
  [firstRow, endRow]: readonly [number, number],
  [firstColumn, endColumn]: readonly [number, number],
  inner: number,
  factor: number,
): void {
  for (let row = firstRow; row < endRow; row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      let from = a.offset + row * a.rowStep;
      let to = b.offset + column * b.columnStep;
      let sum = 0;
      for (let at = 0; at < inner; at++) {
        sum += a.data[from]! * b.data[to]!;
        from += a.columnStep;
        to += b.rowStep;
      }
      c.data[c.offset + row * c.rowStep + column]! += factor * sum;
    }
  }
}
