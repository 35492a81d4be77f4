/** Euclidean length. */
export function normOf(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, each) => sum + each * each, 0));
}

/** A JSON array in which every number reads back as the same float32. */
export function asJson(vector: Float32Array): string {
  return `[${Array.from(vector, shortest).join(', ')}]`;
}

/** The same as Python that makes a NumPy array. */
export function asNumPy(vector: Float32Array): string {
  const rows: string[] = [];
  for (let from = 0; from < vector.length; from += 8) {
    rows.push(`    ${Array.from(vector.subarray(from, from + 8), shortest).join(', ')},`);
  }
  return ['import numpy as np', '', 'vector = np.array([', ...rows, '], dtype=np.float32)', ''].join('\n');
}

/** The fewest digits that give the same float32; nine always do. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) {
      return String(rounded);
    }
  }
  return String(Number(value.toPrecision(9)));
}
