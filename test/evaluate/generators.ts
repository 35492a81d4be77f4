import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../../src/inference/generation';
import { LanguageModel } from '../../src/inference/languageModel';
import { graphNames } from '../../src/protocol/graphNames';
import { Seq2SeqModel } from '../../src/inference/seq2seqModel';
import { wilson } from '../../src/prompts/statistics';
import type { Figure } from './figures';

/** Held-out items that `models/training/items.py` drew; not those of the cards, but of the same kinds. */
interface GptItems {
  readonly shots: readonly { task: string; shots: number; prompt: string; answer: string }[];
  readonly problems: readonly { lang: string; way: string; prompt: string; answer: string }[];
  readonly instructions: readonly { format: string; prompt: string; answer: string }[];
}

export interface GptFigures {
  readonly shots: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly reasoning: Readonly<Record<string, number>>;
  readonly instructions: Readonly<Record<string, number>>;
}

export interface Seq2SeqFigures {
  readonly 'en-zh': { readonly exactMatch: number };
  readonly 'zh-en': { readonly exactMatch: number };
}

/** Fewer items than the card's, and others: its figure may lie as high as their 95 % interval reaches. */
function sampled(name: string, stated: number, right: number, total: number): Figure {
  const measured = right / total;
  return { name: `${name} (${total} items)`, stated, measured, slack: wilson(right, total).high - measured };
}

export async function gptFigures(root: string, stated: GptFigures): Promise<Figure[]> {
  const items = readItems<GptItems>(root, 'gpt');
  const model = await LanguageModel.load(join(root, 'models', 'scope-gpt'), graphNames('int8'));
  const complete = async (prompt: string, maxNewTokens: number): Promise<string> => {
    const { text } = await generate(model, prompt, { maxNewTokens, stop: ['\n'], temperature: 0 });
    return text.trim();
  };
  const counts = new Map<string, { right: number; total: number }>();
  const count = (key: string, isRight: boolean): void => {
    const { right, total } = counts.get(key) ?? { right: 0, total: 0 };
    counts.set(key, { right: right + Number(isRight), total: total + 1 });
  };
  for (const { shots, prompt, answer } of items.shots) {
    count(`shots ${shots}`, (await complete(prompt, 40)) === answer);
  }
  for (const { lang, way, prompt, answer } of items.problems) {
    count(`problems ${lang} ${way}`, numberIn(await complete(prompt, 90)) === answer);
  }
  for (const { format, prompt, answer } of items.instructions) {
    count(`instructions ${format}`, (await complete(prompt, 24)) === answer);
  }
  await model.release();
  const figure = (name: string, key: string, said: number): Figure => {
    const { right, total } = counts.get(key) ?? { right: 0, total: 0 };
    return sampled(name, said, right, total);
  };
  const tasks = [...new Set(items.shots.map(({ task }) => task))];
  const meanOf = (shots: string): number =>
    tasks.reduce((sum, task) => sum + (stated.shots[task]?.[shots] ?? NaN), 0) / tasks.length;
  return [
    ...['0', '1', '3', '5'].map((n) =>
      figure(`mean of ${tasks.length} tasks, ${n} examples`, `shots ${n}`, meanOf(n)),
    ),
    ...['en', 'zh'].flatMap((lang) => [
      figure(
        `word problems ${lang}, at once`,
        `problems ${lang} direct`,
        stated.reasoning[`${lang}Direct`] ?? NaN,
      ),
      figure(
        `word problems ${lang}, step by step`,
        `problems ${lang} steps`,
        stated.reasoning[`${lang}Steps`] ?? NaN,
      ),
    ]),
    figure('instructions in plain text', 'instructions plain', stated.instructions['plain'] ?? NaN),
    figure('instructions for JSON', 'instructions json', stated.instructions['json'] ?? NaN),
  ];
}

/** The number that an answer ends in, or begins with, as the recipe's evaluate.py reads it. */
function numberIn(said: string): string {
  const last = said.replaceAll('答案是', 'The answer is ').split('The answer is ').at(-1)!.trim();
  return last.split('。')[0]!.split('.')[0]!.replaceAll(/\D/g, '');
}

export async function seq2seqFigures(root: string, stated: Seq2SeqFigures): Promise<Figure[]> {
  const { sentences } = readItems<{ sentences: { en: string; zh: string }[] }>(root, 'seq2seq');
  const model = await Seq2SeqModel.load(join(root, 'models', 'scope-seq2seq'));
  const right = { 'en-zh': 0, 'zh-en': 0 };
  for (const { en, zh } of sentences) {
    right['en-zh'] += Number((await model.translate(`>>zho<< ${en}`)).text === zh);
    right['zh-en'] += Number((await model.translate(`>>eng<< ${zh}`)).text === en);
  }
  await model.release();
  return (['en-zh', 'zh-en'] as const).map((way) =>
    sampled(`${way}, exact match`, stated[way].exactMatch, right[way], sentences.length),
  );
}

function readItems<T>(root: string, name: string): T {
  return JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'heldOut', `${name}.json`), 'utf8')) as T;
}
