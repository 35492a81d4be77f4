import type { ValueNorms } from '../protocol/effects';
import { ScopeError } from '../protocol/errors';
import { headShares } from './directEffects';
import type { EditableModel, PlainReading, RunOptions } from './editableModel';
import { numHeadsOf, placesOf } from './effects';

/**
 * ‖f(x)‖ of every token in every head, f being the value behind the output projection (Kobayashi et al. 2020, eq. 5):
 * a weight says how much is taken, this how much there is to take. Beside it the weights at the position.
 * @throws {ScopeError} `modelUnsupported` where the graph hides values or the projection
 */
export async function valueNorms(
  model: EditableModel,
  reading: PlainReading,
  options: RunOptions,
): Promise<ValueNorms> {
  const values = await model.values(reading);
  if (!values || !model.blocks.every(({ result }) => result?.isLinear)) {
    throw new ScopeError('modelUnsupported', 'values');
  }
  const numTokens = reading.ids.length;
  const numHeads = numHeadsOf(reading);
  const norms = new Float32Array(reading.shapes.length * numHeads * numTokens).fill(NaN);
  const weights = new Float32Array(norms.length).fill(NaN);
  const shares = await headShares(model, reading, (layer) => values[layer]!, options);
  placesOf(reading).forEach(({ layer, head }, index) => {
    const { data, width } = shares[index]!;
    const at = (layer * numHeads + head) * numTokens;
    for (let token = 0; token < numTokens; token++) {
      norms[at + token] = norm(data.subarray(token * width, (token + 1) * width));
    }
    const row = (head * numTokens + reading.position) * numTokens;
    weights.set(reading.probabilities[layer]!.subarray(row, row + numTokens), at);
  });
  return { norms: norms.buffer, weights: weights.buffer, numTokens };
}

function norm(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
