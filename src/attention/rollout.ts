import { combineHeads } from './combineHeads';
import type { LayerWeights } from './weights';

/**
 * Attention rollout (Abnar & Zuidema 2020): how much of each input token is left at each position after
 * the given layers, when every layer mixes the mean of its heads with the residual stream half and half.
 * `rollout = Ã_L … Ã_1`, `Ã = (mean + I) / 2`.
 * @returns `[n, n]`, rows = positions, columns = input tokens; rows sum to 1.
 */
export function rollout(layers: readonly LayerWeights[]): Float32Array {
  const n = layers[0]?.numTokens ?? 0;
  let product = identity(n);
  layers.forEach((layer, index) => {
    product = multiply(withResidual(layers, index, layer.numHeads, n), product, n);
  });
  return product;
}

function identity(n: number): Float32Array {
  const matrix = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = 1;
  }
  return matrix;
}

function withResidual(
  layers: readonly LayerWeights[],
  layer: number,
  numHeads: number,
  n: number,
): Float32Array {
  const heads = Array.from({ length: numHeads }, (_, head) => ({ layer, head }));
  const mixed = combineHeads(layers, heads, 'mean');
  for (let i = 0; i < mixed.length; i++) {
    mixed[i]! /= 2;
  }
  for (let i = 0; i < n; i++) {
    mixed[i * n + i]! += 0.5;
  }
  return mixed;
}

/** `left · right`, both `[n, n]`; the loop order keeps the inner reads side by side. */
function multiply(left: Float32Array, right: Float32Array, n: number): Float32Array {
  const product = new Float32Array(n * n);
  for (let row = 0; row < n; row++) {
    const target = product.subarray(row * n, (row + 1) * n);
    for (let inner = 0; inner < n; inner++) {
      const factor = left[row * n + inner]!;
      if (factor === 0) {
        continue;
      }
      const source = right.subarray(inner * n, (inner + 1) * n);
      for (let column = 0; column < n; column++) {
        target[column]! += factor * source[column]!;
      }
    }
  }
  return product;
}
