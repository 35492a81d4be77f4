import { type ExampleName, exampleNames, examplePrompts } from '../attention/effectExamples';
import * as effects from '../protocol/effects';
import type { EffectsOpening } from '../protocol/effectsPage';
import { type ErrorData, ScopeError } from '../protocol/errors';
import type { CancellationToken, RequestType } from '../protocol/jsonrpc';
import type { AttentionSession } from './attentionSession';
import { effectShapes } from './attentionShapes';

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
  const shape = effectShapes.get(method);
  const type = onPlace.get(method);
  const read = shape?.(params, method);
  if (method === effects.FindTokens.method) {
    return session.ofModel(effects.FindTokens, read as { texts: readonly string[] }, onProgress, token);
  }
  if (!type) {
    throw new ScopeError('badRequest', method);
  }
  return session.effect(type, read as effects.EffectPlace, onProgress, token);
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
