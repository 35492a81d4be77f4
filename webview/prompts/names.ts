import type { PromptStrings } from '../../src/protocol/promptStrings';
import type { Failure, Part, ScorerKind, TaskKind } from '../../src/protocol/prompts';
import { fill } from '../common/format';

/** Names of things in the reader's language. */

export const kindNames = {
  classify: 'kindClassify',
  extract: 'kindExtract',
  answer: 'kindAnswer',
  translate: 'kindTranslate',
  summarise: 'kindSummarise',
  rewrite: 'kindRewrite',
  solve: 'kindSolve',
  continue: 'kindContinue',
  custom: 'kindCustom',
} as const satisfies Record<TaskKind, keyof PromptStrings>;

export const scorerNames = {
  exact: 'scorerExact',
  contains: 'scorerContains',
  number: 'scorerNumber',
  regex: 'scorerRegex',
  f1: 'scorerF1',
  edit: 'scorerEdit',
  similarity: 'scorerSimilarity',
  json: 'scorerJson',
  choice: 'scorerChoice',
  judge: 'scorerJudge',
  javascript: 'scorerJavascript',
  manual: 'scorerManual',
} as const satisfies Record<ScorerKind, keyof PromptStrings>;

export const partNames = {
  role: 'partRole',
  instruction: 'partInstruction',
  format: 'partFormat',
  examples: 'partExamples',
  input: 'partInput',
  reasoning: 'partReasoning',
  frame: 'partFrame',
  first: 'partFirst',
  answer: 'partAnswer',
} as const satisfies Record<Part | 'first' | 'answer', keyof PromptStrings>;

export const failureNames = {
  empty: 'failureEmpty',
  format: 'failureFormat',
  wrong: 'failureWrong',
  cut: 'failureCut',
  error: 'failureError',
} as const satisfies Record<Failure, keyof PromptStrings>;

/** A strategy's id as people call it, e.g. `Few-shot (3) + Role`. */
export function strategyName(id: string, strings: PromptStrings): string {
  const [base = '', ...extras] = id.split('+');
  const shots = /\d+/.exec(base)?.[0];
  const name =
    base === 'zero-shot'
      ? strings.zeroShot
      : base === 'one-shot'
        ? strings.oneShot
        : fill(strings.fewShot, shots ?? '?');
  const extraNames: Readonly<Record<string, string>> = {
    reasoning: strings.chainOfThought,
    role: strings.role,
    format: strings.format,
  };
  const said = extras.map((extra) => extraNames[extra] ?? extra);
  // Zero-shot goes without saying once there is something to say.
  return [...(base === 'zero-shot' && said.length > 0 ? [] : [name]), ...said].join(' + ');
}

export function formatPercent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

/** Right answers; of items asked several times a sum of shares. */
export function formatCount(passed: number): string {
  return String(Math.round(10 * passed) / 10);
}

/** A probability from resamples, which never shows that something is certain. */
export function formatChance(share: number): string {
  return share > 0.99 ? '> 99%' : share < 0.01 ? '< 1%' : formatPercent(share);
}

/** A difference of shares in points, with its sign. */
export function formatPoints(difference: number): string {
  const rounded = Math.round(100 * difference);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : '0';
}
