import type { AskedModel, Study } from './prompts';

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

/** Who answers for a model of a study, as a person is told. */
export interface ModelPlace {
  readonly model: string;
  /** The host that texts are sent to; null for this computer. */
  readonly host: string | null;
  /** What the study asks for and the provider does not do. */
  readonly ignored: readonly Ability[];
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
export function ignoredBy(study: Study, can: ReadonlySet<Ability>): Ability[] {
  const { sampling, task, strategies } = study;
  const sampled = sampling.temperature > 0;
  const wished: Readonly<Record<Ability, boolean>> = {
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
    streaming: false,
    inspection: false,
  };
  return abilities.filter((ability) => wished[ability] && !can.has(ability));
}

/** The name under which a model of a server is first known in a study. */
export function servedId(model: string, endpoint: string, api: 'chat' | 'completions'): string {
  return api === 'chat' ? `${model}@${endpoint}` : `${model}@${endpoint} (completions)`;
}

/** Models of a study that are asked elsewhere than on this computer. */
export function askedElsewhere(models: readonly AskedModel[]): AskedModel[] {
  return models.filter(({ provider }) => provider !== undefined && provider !== 'local');
}
