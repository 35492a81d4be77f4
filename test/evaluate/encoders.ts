import { join } from 'node:path';
import { AttentionModel } from '../../src/inference/attentionModel';
import { fillMask } from '../../src/inference/fillMask';
import { LanguageModel, rowOf } from '../../src/inference/languageModel';
import { logSoftmax } from '../../src/inference/sampling';
import { classify, nextSentence } from '../../src/inference/sequenceTasks';
import type { RuntimeKind } from '../../src/inference/runtime';
import { type Figure, sameItems } from './figures';
import { type Language, type WrittenText, maskedPositions, pairsOf, textsOf } from './writtenText';

interface Masked {
  readonly positions: number;
  readonly modelLoss: number;
  readonly modelTop1: number;
  readonly modelTop5: number;
}

/** The part of scope-bert's entry in the manifest that can be measured here. */
export interface BertFigures {
  readonly written: Readonly<
    Record<Language, { masked: Masked; next: { anyDocument: number; sameSource: number } }>
  >;
  readonly heads: Readonly<Record<'previous' | 'next', { layer: number; head: number; score: number }>>;
  readonly samples: Readonly<Record<string, readonly (readonly [string, number])[]>>;
}

/** The part of scope-bert-sentiment's entry that can be measured here. */
export interface SentimentFigures {
  readonly written: Readonly<Record<Language, { items: number; accuracy: number }>>;
}

const languages: readonly Language[] = ['en', 'zh'];
const firstWord = 5;

export async function bertFigures(
  root: string,
  runtime: RuntimeKind,
  stated: BertFigures,
  text: WrittenText,
): Promise<Figure[]> {
  const folder = join(root, 'models', 'scope-bert');
  const model = await LanguageModel.load(folder);
  const figures: Figure[] = [];
  for (const lang of languages) {
    const { masked, next } = stated.written[lang];
    const found = await measureMasked(model, textsOf(text, lang));
    const share = (key: 'modelTop1' | 'modelTop5', name: string): Figure => ({
      name: `${lang}, masked words, ${name}`,
      ...{ stated: masked[key], measured: found[key], slack: sameItems },
    });
    figures.push(
      { name: `${lang}, masked words`, stated: masked.positions, measured: found.positions, slack: 0 },
      {
        name: `${lang}, masked words, loss`,
        ...{ stated: masked.modelLoss, measured: found.modelLoss, slack: sameItems, lessIsBetter: true },
      },
      share('modelTop1', 'top 1'),
      share('modelTop5', 'top 5'),
    );
    const right = { next: 0, any: 0, same: 0 };
    const pairs = pairsOf(text).filter((pair) => pair.lang === lang);
    for (const pair of pairs) {
      for (const kind of ['next', 'any', 'same'] as const) {
        const follows = (await nextSentence(model, pair.first, pair[kind])) > 0.5;
        right[kind] += Number(follows === (kind === 'next'));
      }
    }
    const mean = (wrong: 'any' | 'same'): number => (right.next + right[wrong]) / (2 * pairs.length);
    figures.push(
      ...[
        { name: `${lang}, next sentence, any document`, stated: next.anyDocument, measured: mean('any') },
        { name: `${lang}, next sentence, same language`, stated: next.sameSource, measured: mean('same') },
      ].map((figure) => ({ ...figure, slack: sameItems })),
    );
  }
  for (const [sentence, words] of Object.entries(stated.samples)) {
    const [mask] = await fillMask(model, sentence, { topK: 5 });
    for (const [word, probability] of words) {
      const found = mask?.candidates.find(({ piece }) => piece === word);
      figures.push({
        name: `“${sentence}” ${word}`,
        ...{ stated: probability, measured: found?.probability ?? NaN, slack: sameItems },
      });
    }
  }
  await model.release();
  return [...figures, ...(await headFigures(folder, runtime, stated, text))];
}

async function measureMasked(model: LanguageModel, texts: readonly string[]): Promise<Masked> {
  const sums = { positions: 0, modelLoss: 0, modelTop1: 0, modelTop5: 0 };
  for (const text of texts) {
    const ids = model.tokenizer.tokenize(text, model.maxTokens).tokens.map(({ id }) => id);
    for (const chosen of maskedPositions(ids, firstWord)) {
      const rows = await model.logits(ids.map((id, i) => (chosen.includes(i) ? model.special.mask! : id)));
      for (const position of chosen) {
        const scores = logSoftmax(rowOf(rows, position));
        const own = scores[ids[position]!]!;
        const better = scores.filter((score) => score > own).length;
        sums.positions++;
        sums.modelLoss -= own;
        sums.modelTop1 += Number(better === 0);
        sums.modelTop5 += Number(better < 5);
      }
    }
  }
  const { positions } = sums;
  return {
    positions,
    modelLoss: sums.modelLoss / positions,
    modelTop1: sums.modelTop1 / positions,
    modelTop5: sums.modelTop5 / positions,
  };
}

/** How much of its weight each head that the card names gives to the token that the card says. */
async function headFigures(
  folder: string,
  runtime: RuntimeKind,
  { heads }: BertFigures,
  text: WrittenText,
): Promise<Figure[]> {
  const model = await AttentionModel.load({ id: 'scope-bert', folder }, runtime, 1);
  const texts = languages.flatMap((lang) => textsOf(text, lang));
  const sums = { previous: 0, next: 0 };
  for (const each of texts) {
    const ids = model.tokenizer.tokenize(each, 256).tokens.map(({ id }) => id);
    const n = ids.length;
    const layers = await model.attend(ids);
    for (const [kind, step] of [
      ['previous', -1],
      ['next', 1],
    ] as const) {
      const { layer, head } = heads[kind];
      for (let query = 1; query < n - 1; query++) {
        sums[kind] += layers[layer]!.data[(head * n + query) * n + query + step]! / (n - 2) / texts.length;
      }
    }
  }
  await model.release();
  return (['previous', 'next'] as const).map((kind) => ({
    name: `layer ${heads[kind].layer}, head ${heads[kind].head}: ${kind} token`,
    ...{ stated: heads[kind].score, measured: sums[kind], slack: sameItems },
  }));
}

export async function sentimentFigures(
  root: string,
  id: string,
  stated: SentimentFigures,
  { reviews }: WrittenText,
): Promise<Figure[]> {
  const model = await LanguageModel.load(join(root, 'models', id));
  const figures: Figure[] = [];
  for (const lang of languages) {
    const own = reviews.filter((review) => review.lang === lang);
    let right = 0;
    for (const { text, label } of own) {
      const [best] = await classify(model, text);
      right += Number(best?.label === (label === 1 ? 'positive' : 'negative'));
    }
    figures.push({
      name: `${lang}, ${own.length} reviews`,
      ...{ stated: stated.written[lang].accuracy, measured: right / own.length, slack: sameItems },
    });
  }
  await model.release();
  return figures;
}
