/**
 * Shrinks or enlarges an `n` x `n` matrix to `px` x `px`. A cell keeps the largest weight it covers,
 * because averaging would make thin diagonals fade away; enlarging repeats values, never blends them.
 */
export function resample(
  source: ArrayLike<number>,
  offset: number,
  n: number,
  px: number,
  target: Float32Array,
): void {
  const starts = new Int32Array(px);
  const ends = new Int32Array(px);
  for (let i = 0; i < px; i++) {
    starts[i] = Math.floor((i * n) / px);
    ends[i] = Math.max(starts[i]! + 1, Math.ceil(((i + 1) * n) / px));
  }
  for (let y = 0; y < px; y++) {
    if (y > 0 && px >= n && starts[y] === starts[y - 1] && ends[y] === ends[y - 1]) {
      target.copyWithin(y * px, (y - 1) * px, y * px);
      continue;
    }
    // Enlarging: one source cell per pixel. Shrinking: the largest of those it covers.
    const lastRow = px >= n ? starts[y]! + 1 : ends[y]!;
    for (let x = 0; x < px; x++) {
      const lastColumn = px >= n ? starts[x]! + 1 : ends[x]!;
      let largest = 0;
      for (let row = starts[y]!; row < lastRow; row++) {
        for (let column = starts[x]!; column < lastColumn; column++) {
          const value = source[offset + row * n + column]!;
          if (value > largest) {
            largest = value;
          }
        }
      }
      target[y * px + x] = largest;
    }
  }
}

/** Colours a `px` x `px` matrix into an image whose rows are `stride` pixels long. */
export function colorize(
  values: Float32Array,
  px: number,
  max: number,
  pixels: Uint32Array,
  image: Uint32Array,
  origin: number,
  stride: number,
): void {
  const scale = max > 0 ? 255 / max : 0;
  for (let y = 0; y < px; y++) {
    for (let x = 0; x < px; x++) {
      const step = Math.min(255, Math.round(values[y * px + x]! * scale));
      image[origin + y * stride + x] = pixels[step]!;
    }
  }
}
