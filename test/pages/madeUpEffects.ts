import {
  DirectOfHeads,
  type EffectAnswer,
  FindTokens,
  NormsOfValues,
  Occlude,
  PredictBase,
  PredictEdited,
  RankHeads,
  type ScoredCandidate,
} from '../../src/protocol/effects';
import { ScopeError } from '../../src/protocol/errors';
import type { Scenario } from './madeUpRun';

/** Answers about effects that tests can foresee: head `h` of layer `l` is good for `l − h`, each token for its index. */
export function madeUpEffects(
  { layers = 0, heads = 0, causal = false, words }: Scenario,
  method: string,
  params: Readonly<Record<string, unknown>>,
): unknown {
  const table = (value: (layer: number, head: number) => number): ArrayBuffer =>
    Float32Array.from({ length: layers * heads }, (_, at) => value(Math.floor(at / heads), at % heads))
      .buffer;
  const position = Number(params['position']);
  switch (method) {
    case PredictBase.method:
      return {
        head: causal ? 'causal' : 'masked',
        numLayers: layers,
        numHeads: heads,
        numTokens: causal ? position + 1 : words.length,
        candidates: [0, 1, 2].map((id) => candidate(id, 0.5 / (id + 1), id + 1)),
        actual: candidate(1, 0.25, 2),
        changesAttention: true,
        direct: causal ? 'yes' : 'postNorm',
        rounds: false,
      };
    case FindTokens.method:
      return (params['texts'] as string[]).map((text) => (text === ' word7' ? candidate(7, 0, 1) : null));
    case PredictEdited.method: {
      const { heads: off, keys } = params['edits'] as { heads: unknown[]; keys: unknown[] };
      return answerOf(params, 4 - off.length - keys.length);
    }
    case RankHeads.method:
      if (params['otherText'] !== undefined) {
        throw new ScopeError('lengthsDiffer', '3 : 9');
      }
      return {
        measure: 4,
        heads: table((layer, head) => layer - head),
        layers: Float32Array.from({ length: layers }, (_, layer) => layer).buffer,
      };
    case DirectOfHeads.method:
      return { measure: 4, heads: table((layer, head) => (layer - head) / 2), rest: 1 };
    case Occlude.method:
      return { measure: 4, how: causal ? 'removed' : 'mask', tokens: Float32Array.from(words.keys()).buffer };
    case NormsOfValues.method: {
      const numTokens = causal ? position + 1 : words.length;
      const cells = Float32Array.from({ length: layers * heads * numTokens }, (_, at) => at % numTokens);
      return { norms: cells.buffer, weights: cells.map((value) => value / 10).buffer, numTokens };
    }
    default:
      throw new ScopeError('badRequest', method);
  }
}

function answerOf(
  { targetId, contrastId }: Readonly<Record<string, unknown>>,
  measure: number,
): EffectAnswer {
  return {
    candidates: [0, 1, 2].map((id) => candidate(id, 1 / (3 + Math.abs(measure)) / (id + 1), id + 1)),
    target: candidate(Number(targetId), 0.2, 2),
    contrast: contrastId === undefined ? null : candidate(Number(contrastId), 0.1, 3),
    measure,
  };
}

function candidate(id: number, probability: number, rank: number): ScoredCandidate {
  return { id, piece: `piece${id}`, text: ` word${id}`, probability, logit: 3 - id, rank };
}
