import type { TrainSettings, TrainTask } from '../../src/protocol/train';
import type { TrainStrings } from '../../src/protocol/trainStrings';
import { fill } from '../common/format';

const taskKeys = {
  copy: 'taskCopy',
  reverse: 'taskReverse',
  sort: 'taskSort',
  pick: 'taskPick',
} as const satisfies Record<TrainTask, keyof TrainStrings>;

export function taskName(strings: TrainStrings, task: TrainTask): string {
  return strings[taskKeys[task]];
}

/** What has to be learnt, and why attention is needed for it. */
export function taskText(strings: TrainStrings, task: TrainTask): string {
  return strings[`${taskKeys[task]}Text`];
}

export const positionKeys = {
  none: 'positionsNone',
  sinusoidal: 'positionsSinusoidal',
  learned: 'positionsLearned',
} as const satisfies Record<TrainSettings['positions'], keyof TrainStrings>;

/** An experiment's name, and what to watch for. Its strings are called after it. */
export function presetTexts(
  strings: TrainStrings,
  id: string,
): { readonly name: string; readonly watch: string } {
  const key = `preset${id.charAt(0).toUpperCase()}${id.slice(1)}`;
  const all: Readonly<Record<string, string>> = strings;
  return { name: all[key] ?? id, watch: all[`${key}Watch`] ?? '' };
}

/** An earlier run in one line: its task, and in what else it differs from the one on show. */
export function runText(strings: TrainStrings, run: TrainSettings, shown: TrainSettings): string {
  const parts: Readonly<Record<keyof TrainSettings, string>> = {
    task: taskName(strings, run.task),
    positions: `${strings.positions}: ${strings[positionKeys[run.positions]]}`,
    numHeads: `${strings.numHeads}: ${run.numHeads}`,
    modelWidth: `${strings.modelWidth}: ${run.modelWidth}`,
    numLayers: `${strings.numLayers}: ${run.numLayers}`,
    causal: `${strings.mask}: ${run.causal ? strings.maskCausal : strings.maskNone}`,
    learningRate: `${strings.learningRate}: ${run.learningRate}`,
    batchSize: `${strings.batchSize}: ${run.batchSize}`,
    seed: `${strings.seed}: ${run.seed}`,
  };
  const differing = Object.keys(parts) as (keyof TrainSettings)[];
  const texts = differing.filter((key) => run[key] !== shown[key]).map((key) => parts[key]);
  return texts.length === 0 ? strings.sameSettings : texts.join(' · ');
}

/** A token with its place, counted from 1; blanks by themselves. */
export function tokenName(
  strings: TrainStrings,
  tokens: readonly string[],
  firstBlank: number,
  at: number,
): string {
  if (at >= firstBlank) {
    return fill(strings.blankNumber, at - firstBlank + 1);
  }
  return at === firstBlank - 1 ? strings.arrowToken : fill(strings.letterNumber, tokens[at] ?? '', at + 1);
}

/** A share in percent. What is nearly all is not rounded to all. */
export function percent(share: number): string {
  const value = 100 * share;
  return value > 99 && value < 100 ? (Math.floor(10 * value) / 10).toFixed(1) : String(Math.round(value));
}
