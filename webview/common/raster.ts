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
  const { columns } = from;
  // First down, then across: each cell is looked at about once, not once for every pixel that touches it.
  const largest = new Float32Array(columns);
  for (let y = 0; y < to.rows; y++) {
    if (y > 0 && tops[y] === tops[y - 1] && bottoms[y] === bottoms[y - 1]) {
      target.copyWithin(y * width, (y - 1) * width, y * width);
      continue;
    }
    largest.fill(0);
    for (let row = tops[y]!; row < bottoms[y]!; row++) {
      const start = offset + row * columns;
      for (let column = 0; column < columns; column++) {
        const value = source[start + column]!;
        if (value > largest[column]!) {
          largest[column] = value;
        }
      }
    }
    for (let x = 0; x < width; x++) {
      let most = largest[lefts[x]!]!;
      for (let column = lefts[x]! + 1; column < rights[x]!; column++) {
        if (largest[column]! > most) {
          most = largest[column]!;
        }
      }
      target[y * width + x] = most;
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
      // Rounds, as no weight is negative.
      const step = (values[y * columns + x]! * scale + 0.5) | 0;
      image[origin + y * stride + x] = pixels[step > 255 ? 255 : step]!;
    }
  }
}
