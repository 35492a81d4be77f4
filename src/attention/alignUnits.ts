/**
 * Which entries of two sequences are the same, in order: a longest common subsequence.
 * @returns for each entry of `first` the index of its counterpart in `second`, or -1
 */
export function alignUnits(first: readonly string[], second: readonly string[]): number[] {
  const width = second.length + 1;
  // lengths[i * width + j]: of the longest common subsequence of first[i…] and second[j…].
  const lengths = new Uint16Array((first.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] as number;
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        first[i] === second[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const counterparts = new Array<number>(first.length).fill(-1);
  for (let i = 0, j = 0; i < first.length && j < second.length;) {
    if (first[i] === second[j]) {
      counterparts[i++] = j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      i++;
    } else {
      j++;
    }
  }
  return counterparts;
}
