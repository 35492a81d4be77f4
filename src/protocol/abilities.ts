import type { Study } from './prompts';

/** What a provider can do with what a study asks of it. */
export const abilities = [
  'systemRole',
  'temperature',
  'topK',
  'topP',
  'minP',
  'repetitionPenalty',
  'maxNewTokens',
  'seed',
  'stop',
  'logProbabilities',
  'labelScores',
  'streaming',
  'inspection',
] as const;
export type Ability = (typeof abilities)[number];

/** What a study asks for; the others are about how it is shown. */
export type Wish = Exclude<Ability, 'streaming' | 'inspection'>;

/** Who answers for a model of a study, as a person is told. */
export interface ModelPlace {
  readonly model: string;
  /** The host that texts are sent to; null for this computer. */
  readonly host: string | null;
  /** What the study asks for and the provider does not do. */
  readonly ignored: readonly Wish[];
  /** Whether attention and probabilities can be looked into. */
  readonly canInspect: boolean;
  readonly currency: string | null;
  /** Why nobody answers for it, in the reader's language. */
  readonly problem?: string;
}

/**
 * What of a study's wishes a provider ignores. A setting that changes nothing is no wish; a seed always is, since
 * it promises that a run can be repeated.
 */
export function ignoredBy(study: Study, can: ReadonlySet<Ability>): Wish[] {
  const { sampling, task, strategies } = study;
  const sampled = sampling.temperature > 0;
  const wished: Readonly<Record<Wish, boolean>> = {
    systemRole: task.role !== '' && strategies.some(({ role }) => role),
    temperature: true,
    topK: sampled && sampling.topK > 0,
    topP: sampled && sampling.topP < 1,
    minP: sampled && sampling.minP > 0,
    repetitionPenalty: sampling.repetitionPenalty !== 1,
    maxNewTokens: true,
    seed: true,
    stop: sampling.stop.length > 0,
    logProbabilities: true,
    labelScores: task.scorer.kind === 'choice' && task.labels.length > 0,
  };
  return (Object.keys(wished) as Wish[]).filter((wish) => wished[wish] && !can.has(wish));
}

/** The name under which a model of a server is first known in a study. */
export function servedId(model: string, endpoint: string, api: 'chat' | 'completions'): string {
  return api === 'chat' ? `${model}@${endpoint}` : `${model}@${endpoint} (completions)`;
}
