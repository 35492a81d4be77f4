import type { Answer, Item, Task } from '../protocol/prompts';
import { plainAnswer } from './answers';

/** What a model that judges answers is asked, and how its reply is read. */

/** A line about what is expected is left out where nothing is. What stands for texts is put in once, never in texts. */
export function filledJudgePrompt(prompt: string, item: Item, answer: string): string {
  const values = { input: item.input, expected: shown(item.expected), answer };
  return prompt
    .split('\n')
    .filter((line) => item.expected !== undefined || !line.includes('{expected}'))
    .join('\n')
    .replace(/\{(input|expected|answer)\}/g, (_, name: keyof typeof values) => values[name]);
}

function shown(expected: Answer | undefined): string {
  return expected === undefined ? '' : plainAnswer(expected);
}

/** The words by whose likelihood a verdict is read, e.g. after `yes or no:`. */
export const verdictWords: Readonly<
  Record<Task['language'], { readonly yes: readonly string[]; readonly no: readonly string[] }>
> = {
  en: { yes: ['yes', 'Yes'], no: ['no', 'No'] },
  zh: { yes: ['是', '对'], no: ['否', '不'] },
};

/** The verdict that a text begins with; null where it says neither. */
export function readVerdict(text: string): boolean | null {
  const found = /\b(yes|no)\b|不是|不对|是|对|否/i.exec(text.normalize('NFKC'))?.[0].toLowerCase();
  return found === undefined ? null : found === 'yes' || found === '是' || found === '对';
}

/** Share of yes among yes and no, from log-likelihoods in nats of each of their spellings. */
export function shareOfYes(yes: readonly number[], no: readonly number[]): number {
  const top = Math.max(...yes, ...no);
  const weight = (logs: readonly number[]): number => logs.reduce((sum, log) => sum + Math.exp(log - top), 0);
  return weight(yes) / (weight(yes) + weight(no));
}
