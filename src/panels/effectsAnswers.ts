import { type ExampleName, exampleNames, examplePrompts } from '../attention/effectExamples';
import * as effects from '../protocol/effects';
import type { EffectsOpening } from '../protocol/effectsPage';
import { type ErrorData, ScopeError } from '../protocol/errors';
import type { CancellationToken, RequestType } from '../protocol/jsonrpc';
import type { AttentionSession } from './attentionSession';

/** Answers what the page asks about effects; loaded when it asks first. */

type OnPlace = RequestType<effects.EffectPlace & { model: never; owner: never }, unknown, ErrorData>;

const onPlace = new Map(
  [
    ...[effects.PredictBase, effects.PredictEdited, effects.RankHeads, effects.DirectOfHeads],
    ...[effects.Occlude, effects.NormsOfValues],
  ].map((type) => [type.method, type as unknown as OnPlace]),
);

/** @throws {ScopeError} `badRequest` for what the protocol does not list */
export function answerEffects(
  session: AttentionSession,
  { method, params }: { readonly method: string; readonly params: unknown },
  onProgress: (done: number, total: number) => void,
  token: CancellationToken,
): Promise<unknown> {
  if (typeof params !== 'object' || params === null) {
    throw new ScopeError('badRequest', method);
  }
  if (method === effects.FindTokens.method) {
    const { texts } = params as { readonly texts?: unknown };
    if (!Array.isArray(texts) || texts.length > 10 || !texts.every((text) => typeof text === 'string')) {
      throw new ScopeError('badRequest', 'texts');
    }
    return session.ofModel(effects.FindTokens, { texts }, onProgress, token);
  }
  const type = onPlace.get(method);
  const { runId, position } = params as Partial<effects.EffectPlace>;
  if (!type || !Number.isSafeInteger(runId) || !Number.isSafeInteger(position)) {
    throw new ScopeError('badRequest', method);
  }
  return session.effect(type, params as effects.EffectPlace, onProgress, token);
}

/** @throws {ScopeError} `badRequest` for an example that there is not */
export function scoreOf(
  session: AttentionSession,
  example: ExampleName,
  onProgress: (done: number, total: number) => void,
  token: CancellationToken,
): Promise<effects.ExampleScore> {
  const prompts = examplePrompts(checked(example));
  return session.ofModel(effects.ScoreExample, { prompts }, onProgress, token);
}

/** The prompt that is shown of an example, and what to measure. */
export function openingOf(example: ExampleName): {
  readonly text: string;
  readonly opening: EffectsOpening;
} {
  const [first] = examplePrompts(checked(example));
  if (!first) {
    throw new ScopeError('internal', example);
  }
  const { text, target, contrast } = first;
  return { text, opening: { example, target, contrast } };
}

function checked(example: ExampleName): ExampleName {
  if (!exampleNames.includes(example)) {
    throw new ScopeError('badRequest', 'example');
  }
  return example;
}
