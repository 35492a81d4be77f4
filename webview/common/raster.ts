/** Rows and columns of a matrix, or of an image. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Shrinks or enlarges a matrix to an image. A pixel keeps the largest weight it covers, because averaging
 * would make thin diagonals fade away; enlarging repeats values, never blends them.
 */
export function resample(
  source: ArrayLike<number>,
  offset: number,
  from: Extent,
  to: Extent,
  target: Float32Array,
): void {
  const [tops, bottoms] = borders(from.rows, to.rows);
  const [lefts, rights] = borders(from.columns, to.columns);
  const width = to.columns;
  for (let y = 0; y < to.rows; y++) {
    if (y > 0 && tops[y] === tops[y - 1] && bottoms[y] === bottoms[y - 1]) {
      target.copyWithin(y * width, (y - 1) * width, y * width);
      continue;
    }
    for (let x = 0; x < width; x++) {
      let largest = 0;
      for (let row = tops[y]!; row < bottoms[y]!; row++) {
        const start = offset + row * from.columns;
        for (let column = lefts[x]!; column < rights[x]!; column++) {
          const value = source[start + column]!;
          if (value > largest) {
            largest = value;
          }
        }
      }
      target[y * width + x] = largest;
    }
  }
}

/** Which cells each pixel covers. Enlarging: one cell per pixel. Shrinking: all that it touches. */
function borders(cells: number, pixels: number): readonly [starts: Int32Array, ends: Int32Array] {
  const starts = new Int32Array(pixels);
  const ends = new Int32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const start = Math.floor((i * cells) / pixels);
    starts[i] = start;
    ends[i] = pixels >= cells ? start + 1 : Math.max(start + 1, Math.ceil(((i + 1) * cells) / pixels));
  }
  return [starts, ends];
}

/** Colours a matrix into an image whose rows are `stride` pixels long. */
export function colorize(
  values: Float32Array,
  { rows, columns }: Extent,
  max: number,
  pixels: Uint32Array,
  image: Uint32Array,
  origin: number,
  stride: number,
): void {
  const scale = max > 0 ? 255 / max : 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const step = Math.min(255, Math.round(values[y * columns + x]! * scale));
      image[origin + y * stride + x] = pixels[step]!;
    }
  }
}
