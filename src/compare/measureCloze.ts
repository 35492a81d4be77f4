import { type Measuring, attempt, compareOwner } from './measuring';
import {
  type Agreement,
  type Cloze,
  type ClozeSide,
  type Maybe,
  type SharedWord,
  type Side,
  isMissing,
} from '../protocol/compare';
import { CompareMasked, ScoreWords } from '../protocol/measures';

/** Every word as a blank, for both models: the cloze test (Taylor 1953), and what each word's surprise is. */
export async function measureCloze(
  measuring: Measuring,
  text: string,
  words: readonly SharedWord[],
): Promise<Cloze> {
  const ranges = words.map(({ start, end }) => ({ start, end }));
  const test = (side: Side): Promise<Maybe<ClozeSide>> =>
    attempt(measuring, side === 'left' ? 'notMasked' : 'notCausal', () =>
      measuring.ask(ScoreWords, { model: measuring.models[side], owner: compareOwner, text, words: ranges }),
    );
  const [left, right] = [await test('left'), await test('right')];
  const bothMasked = [left, right].every((each) => !isMissing(each) && each.context === 'both');
  return bothMasked && words.some(({ counts }) => counts)
    ? { words, left, right, agreement: await measureAgreement(measuring, text, words) }
    : { words, left, right };
}

/** How near two masked models' distributions are, at the words that count. */
function measureAgreement(
  measuring: Measuring,
  text: string,
  words: readonly SharedWord[],
): Promise<Maybe<Agreement>> {
  const counted = words.flatMap(({ counts }, index) => (counts ? [index] : []));
  return attempt(measuring, 'notMasked', async () => {
    const { left: model, right: other } = measuring.models;
    const found = await measuring.ask(CompareMasked, {
      model,
      other,
      owner: compareOwner,
      text,
      words: counted.map((index) => ({ start: words[index]!.start, end: words[index]!.end })),
    });
    if (found.vocabulary === 'different') {
      return found;
    }
    const divergences = words.map((_, index) => found.divergences[counted.indexOf(index)] ?? null);
    return { ...found, divergences };
  });
}
