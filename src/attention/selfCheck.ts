import { type LayerWeights, headOf, keysOf } from './weights';

/** What a look at the numbers themselves says about a run. */
export interface SelfCheck {
  /** Largest distance of a row's sum from 1, over all heads. NaN weights give Infinity. */
  readonly rowDeviation: number;
  /** The strongest weight above the diagonal, over all heads. */
  readonly lookAhead: number;
  /** True when nothing above the diagonal exceeds {@link causalTolerance} in any head. */
  readonly causal: boolean;
}

const causalTolerance = 1e-6;

/** Checks that every row is a distribution, and finds out whether the model is causal. */
export function selfCheck(layers: readonly LayerWeights[]): SelfCheck {
  let rowDeviation = 0;
  let lookAhead = 0;
  for (const layer of layers) {
    const n = layer.numTokens;
    const numKeys = keysOf(layer);
    // In cross attention no key stands before or behind a query.
    const square = numKeys === n;
    for (let head = 0; head < layer.numHeads; head++) {
      const weights = headOf(layer, head);
      for (let query = 0; query < n; query++) {
        const row = query * numKeys;
        const diagonal = square ? row + query : row + numKeys - 1;
        let sum = 0;
        for (let index = row; index <= diagonal; index++) {
          sum += weights[index]!;
        }
        for (let index = diagonal + 1; index < row + numKeys; index++) {
          const weight = weights[index]!;
          sum += weight;
          if (weight > lookAhead) {
            lookAhead = weight;
          }
        }
        const deviation = Math.abs(sum - 1);
        rowDeviation = Math.max(rowDeviation, Number.isNaN(deviation) ? Infinity : deviation);
      }
    }
  }
  // A single token has nothing before or behind it to tell by.
  const [first] = layers;
  const ordered = first !== undefined && first.numTokens > 1 && keysOf(first) === first.numTokens;
  const causal = ordered && lookAhead <= causalTolerance;
  return { rowDeviation, lookAhead, causal };
}
