import { ScopeError } from '../protocol/errors';
import type { SamplingOptions, TokenPrediction } from '../protocol/language';
import { candidatesOf } from './fillMask';
import { makeDecoder } from './decoder';
import { type LanguageModel, rowOf } from './languageModel';
import { logSoftmax, processLogits } from './sampling';

/**
 * What the model expects at one place of a sequence of token ids. A masked model is asked for the token at
 * `position`, which is masked for it (Devlin et al. 2019); a causal one for the token behind `position`.
 * Probabilities are over the full vocabulary at temperature 1; what sampling would make of them stands beside.
 */
export async function predictToken(
  model: LanguageModel,
  ids: readonly number[],
  position: number,
  topK: number,
  sampling: SamplingOptions,
): Promise<TokenPrediction> {
  if (!Number.isInteger(position) || position < 0 || position >= ids.length) {
    throw new ScopeError('badRequest', `token ${position}`);
  }
  const masked = model.head === 'masked';
  const logits = masked ? await maskedLogits(model, ids, position) : await nextLogits(model, ids, position);
  const drawn = logSoftmax(processLogits(logits, ids.slice(0, position + 1), sampling));
  const actualId = masked ? ids[position] : ids[position + 1];
  const expected = logSoftmax(logits);
  return {
    head: masked ? 'masked' : 'causal',
    position,
    candidates: candidatesOf(model, logits, topK).map((candidate) => ({
      ...candidate,
      drawn: Math.exp(drawn[candidate.id] as number),
    })),
    actual:
      actualId === undefined
        ? null
        : {
            id: actualId,
            piece: model.tokenizer.pieceOf(actualId),
            probability: Math.exp(expected[actualId] as number),
            rank: 1 + expected.reduce((count, each) => count + (each > expected[actualId]! ? 1 : 0), 0),
          },
  };
}

async function maskedLogits(
  model: LanguageModel,
  ids: readonly number[],
  position: number,
): Promise<Float32Array> {
  const mask = model.special.mask;
  if (mask === undefined) {
    throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
  }
  const masked = ids.map((id, index) => (index === position ? mask : id));
  return rowOf(await model.logits(masked), position);
}

async function nextLogits(
  model: LanguageModel,
  ids: readonly number[],
  position: number,
): Promise<Float32Array> {
  model.requireHead('causal');
  return makeDecoder(model, false).read(ids.slice(0, position + 1));
}
