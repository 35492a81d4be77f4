/** Numbers of one precision: single while a model is trained, double where gradients are checked. */
export type Numbers = Float32Array | Float64Array;
export type Precision = Float32ArrayConstructor | Float64ArrayConstructor;

/**
 * A matrix that the loss depends on, row after row as in `scratch/matrix`. `grad` has the same shape: by how much the
 * loss grows when the number in that place grows by a little.
 */
export interface Value {
  readonly rows: number;
  readonly columns: number;
  readonly data: Numbers;
  readonly grad: Numbers;
}

/** A value of its own, zeros at first: what is learnt lives in such. */
export function makeValue(rows: number, columns: number, precision: Precision = Float32Array): Value {
  return { rows, columns, data: new precision(rows * columns), grad: new precision(rows * columns) };
}
