import type { Token } from '../../src/protocol/model';
import type { Stack } from '../../src/attention/stack';

/**
 * The head to open first. Most heads look at themselves, at special tokens or at the first token (the
 * "sink"), which says little about the text. This takes the head that spends most on other tokens,
 * judged from the thumbnails, where the mass of each row is its sum without those columns, at most 1.
 * Of cross attention it takes the head in which most source tokens are looked at by some target token: it aligns.
 * @param only the one layer to choose from; all where it is absent or the stack has no such layer
 */
export function mostInterestingHead(
  { thumbnails, numLayers, numHeads, queries, keys }: Stack,
  tokens: readonly Token[],
  only?: number,
): { layer: number; head: number } {
  const { size } = thumbnails;
  const data = new Uint8Array(thumbnails.data);
  const skippedOf = ({ start, end }: Stack['keys']): Set<number> =>
    new Set(
      Array.from({ length: end - start }, (_, index) => index)
        .filter((index) => index === 0 || tokens[start + index]?.special === true)
        .map((index) => Math.floor((index * size) / (end - start))),
    );
  const isSelf = queries.start === keys.start;
  const [skippedRows, skippedColumns] = [skippedOf(queries), skippedOf(keys)];
  const looked = new Uint8Array(size);
  const layers = only !== undefined && only < numLayers ? [only] : [...Array(numLayers).keys()];
  let best = { layer: layers[0] ?? 0, head: 0, score: -1 };
  for (const layer of layers) {
    for (let head = 0; head < numHeads; head++) {
      const origin = (layer * numHeads + head) * size * size;
      let score = 0;
      looked.fill(0);
      for (let y = 0; y < size; y++) {
        if (skippedRows.has(y)) {
          continue;
        }
        // Focus counts more than spread: a head that looks everywhere is no picture either.
        let strongest = 0;
        for (let x = 0; x < size; x++) {
          if ((x !== y || !isSelf) && !skippedColumns.has(x)) {
            const weight = data[origin + y * size + x] ?? 0;
            strongest = Math.max(strongest, weight);
            looked[x] = Math.max(looked[x] ?? 0, weight);
          }
        }
        score += strongest;
      }
      const found = isSelf ? score : looked.reduce((sum, weight) => sum + weight, 0);
      if (found > best.score) {
        best = { layer, head, score: found };
      }
    }
  }
  return { layer: best.layer, head: best.head };
}
