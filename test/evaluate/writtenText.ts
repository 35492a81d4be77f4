import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text written for this project, which no training has read; `models/training/heldout.py` has the same rules. */

export type Language = 'en' | 'zh';

export interface WrittenText {
  readonly documents: readonly { readonly lang: Language; readonly sentences: readonly string[] }[];
  readonly reviews: readonly { readonly lang: Language; readonly label: 0 | 1; readonly text: string }[];
}

/** A sentence, the next one, and one that is not the next: of the same language, and of the other. */
export interface WrittenPair {
  readonly lang: Language;
  readonly first: string;
  readonly next: string;
  readonly same: string;
  readonly any: string;
}

const every = 7;

export function readWritten(root: string): WrittenText {
  const file = join(root, 'test', 'fixtures', 'scopeBert', 'heldOut.json');
  return JSON.parse(readFileSync(file, 'utf8')) as WrittenText;
}

export function textsOf({ documents }: WrittenText, lang: Language): string[] {
  return documents
    .filter((each) => each.lang === lang)
    .map(({ sentences }) => sentences.join(lang === 'zh' ? '' : ' '));
}

/** Positions to be masked together: every seventh token that is not special, seven times. */
export function maskedPositions(ids: readonly number[], firstWord: number): number[][] {
  return Array.from({ length: every }, (_, begin) =>
    ids.flatMap((id, i) =>
      i > 0 && i < ids.length - 1 && i % every === begin && id >= firstWord ? [i] : [],
    ),
  ).filter((chosen) => chosen.length > 0);
}

export function pairsOf({ documents }: WrittenText): WrittenPair[] {
  return documents.flatMap((document, number) => {
    const alike = documents.filter(({ lang }) => lang === document.lang);
    const neighbour = alike[(alike.indexOf(document) + 1) % alike.length]!.sentences;
    const far = documents[(number + Math.floor(documents.length / 2)) % documents.length]!.sentences;
    return document.sentences.slice(0, -1).map((first, i) => ({
      lang: document.lang,
      first,
      next: document.sentences[i + 1]!,
      same: neighbour[(i + 1) % neighbour.length]!,
      any: far[(i + 1) % far.length]!,
    }));
  });
}
