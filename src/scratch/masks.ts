import { type Matrix, matrix } from './matrix';

/**
 * Masks are added to the scores: 0 where a query may look, −∞ where it may not ("masking out (setting to −∞) all values
 * in the input of the softmax which correspond to illegal connections", Vaswani et al. 2017, section 3.2.3).
 * Shape: `[queryPositions, keyPositions]`.
 */

/**
 * No query looks at a later key. When there are more keys than queries (a decoder that remembers earlier tokens), the
 * queries are the last of them.
 */
export function causalMask(queryPositions: number, keyPositions = queryPositions): Matrix {
  const before = keyPositions - queryPositions;
  return maskWhere(queryPositions, keyPositions, (query, key) => key > before + query);
}

/** No query looks at padding. @param isReal for each key, whether it is a token of the text */
export function paddingMask(queryPositions: number, isReal: readonly boolean[]): Matrix {
  return maskWhere(queryPositions, isReal.length, (_, key) => !isReal[key]);
}

function maskWhere(
  queryPositions: number,
  keyPositions: number,
  isHidden: (query: number, key: number) => boolean,
): Matrix {
  const mask = matrix(queryPositions, keyPositions);
  for (let query = 0; query < queryPositions; query++) {
    for (let key = 0; key < keyPositions; key++) {
      mask.data[query * keyPositions + key] = isHidden(query, key) ? -Infinity : 0;
    }
  }
  return mask;
}
