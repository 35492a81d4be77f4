import { type CellAddress, type SamplingChoice, type Study, isLocal, mostRepeats } from '../protocol/prompts';
import { hashText } from './random';

/** Asking the same prompt several times: how often, and with which seeds. */

/**
 * Whether every repeat would give the same answer: the likeliest token is always taken, or a label is chosen by its
 * likelihood. Nobody promises that of a model elsewhere.
 */
function isDeterministic({ sampling, task, models }: Study, model: string): boolean {
  const asked = models.find(({ id }) => id === model);
  const chooses = task.scorer.kind === 'choice' && task.labels.length > 0;
  return asked !== undefined && isLocal(asked) && (sampling.temperature === 0 || chooses);
}

/** How often a model is asked each prompt: once where more would only repeat the same answer. */
export function numRepeats(study: Study, model: string): number {
  return isDeterministic(study, model)
    ? 1
    : Math.max(1, Math.min(mostRepeats, Math.round(study.repeats ?? 1)));
}

/** A prompt's cells, one per repeat. */
export function repeatsOf(cell: CellAddress, count: number): CellAddress[] {
  const { strategy, item, model } = cell;
  return Array.from({ length: count }, (_, repeat) =>
    repeat === 0 ? { strategy, item, model } : { strategy, item, model, repeat },
  );
}

/**
 * The settings of one answer. The first answer to the study's own input has the study's seed, so that what is
 * copied from there gives the same elsewhere. Every other seed is mixed from it, the input and the repeat: with one
 * seed for all items the same lucky draw would push all answers the same way, and repeats would not be independent.
 * Ways of asking share an item's seeds.
 */
export function samplingOf(study: Study, { item, repeat = 0 }: CellAddress): SamplingChoice {
  const { sampling } = study;
  if (item < 0 && repeat === 0) {
    return sampling;
  }
  const input = item < 0 ? study.input : (study.task.items[item]?.input ?? '');
  return { ...sampling, seed: mixed(sampling.seed, hashText(input), repeat) };
}

/** 32 bits that depend on every bit of each part: MurmurHash3's finaliser (Appleby 2011) after each of them. */
function mixed(...parts: readonly number[]): number {
  return parts.reduce((state, part) => {
    let hash = (state ^ part) + 0x9e3779b9;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }, 0);
}
