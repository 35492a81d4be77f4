import { type Measuring, attempt, compareOwner } from './measuring';
import { seededRandom, shuffled } from '../prompts/random';
import {
  type DetectedText,
  type Maybe,
  type ReplacedExample,
  type SharedWord,
  isMissing,
  sides,
} from '../protocol/compare';
import { DetectReplaced, SampleWords } from '../protocol/measures';
import type { ModelSource } from '../protocol/model';

/** Clark et al. 2020, section 3.1, as of BERT. */
const shareReplaced = 0.15;

/**
 * Replaced-token detection on the text (Clark et al. 2020), by the first of the two models that has the head: of the
 * text as it is, and with about 15 % of its words drawn anew by a masked language model, the other of the two or the
 * bundled one. Another seed replaces other words.
 */
export async function measureReplaced(
  measuring: Measuring,
  text: string,
  words: readonly SharedWord[],
  seed: number,
): Promise<Maybe<ReplacedExample>> {
  for (const side of sides) {
    const model = measuring.models[side];
    const detect = (read: string): Promise<Maybe<DetectedText>> =>
      attempt(measuring, 'noHead', () =>
        measuring.ask(DetectReplaced, { model, owner: compareOwner, text: read }),
      );
    const original = await detect(text);
    if (isMissing(original)) {
      if (original.missing === 'noHead' || side === 'left') {
        continue;
      }
      return original;
    }
    const chosen = chosenWords(words, seed);
    if (chosen.length === 0) {
      return { missing: 'noWords' };
    }
    const other = measuring.models[side === 'left' ? 'right' : 'left'];
    const drawn = await drawWords(measuring, other, text, chosen, seed);
    if (isMissing(drawn)) {
      return drawn;
    }
    const put = putIn(text, chosen, drawn.words);
    const changed = await detect(put.text);
    return isMissing(changed)
      ? changed
      : { model: model.id, generator: drawn.by, seed, original, changed, drawn: put.drawn };
  }
  return { missing: 'noHead' };
}

/** In the order of the text. */
export function chosenWords(words: readonly SharedWord[], seed: number): SharedWord[] {
  const open = words.filter(({ counts }) => counts);
  const count = open.length === 0 ? 0 : Math.max(1, Math.round(shareReplaced * open.length));
  return shuffled(open, seededRandom(seed))
    .slice(0, count)
    .sort((a, b) => a.start - b.start);
}

async function drawWords(
  measuring: Measuring,
  other: ModelSource,
  text: string,
  chosen: readonly SharedWord[],
  seed: number,
): Promise<Maybe<{ readonly by: string; readonly words: readonly (string | null)[] }>> {
  const ranges = chosen.map(({ start, end }) => ({ start, end }));
  const { encoder } = measuring.bundled;
  for (const model of encoder && encoder.folder !== other.folder ? [other, encoder] : [other]) {
    const words = await attempt(measuring, 'notMasked', () =>
      measuring.ask(SampleWords, { model, owner: compareOwner, text, words: ranges, seed }),
    );
    if (!isMissing(words)) {
      return { by: model.id, words };
    }
    if (words.missing !== 'notMasked') {
      return { ...words, model: model.id };
    }
  }
  return { missing: 'noModel' };
}

/** The text with the drawn words in their places, and where they stand in it. */
export function putIn(
  text: string,
  chosen: readonly SharedWord[],
  drawn: readonly (string | null)[],
): { readonly text: string; readonly drawn: ReplacedExample['drawn'] } {
  const places: { start: number; end: number; was: string; now: string }[] = [];
  let written = '';
  let at = 0;
  for (const [index, { start, end }] of chosen.entries()) {
    const now = drawn[index] ?? null;
    if (now === null) {
      continue;
    }
    written += text.slice(at, start);
    places.push({
      start: written.length,
      end: written.length + now.length,
      was: text.slice(start, end),
      now,
    });
    written += now;
    at = end;
  }
  return { text: written + text.slice(at), drawn: places };
}
