import { type Measuring, attempt, compareOwner } from './measuring';
import type { Cloze, ClozeSide, Maybe, SharedWord, Side } from '../protocol/compare';
import { ScoreWords } from '../protocol/measures';

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
  return { words, left: await test('left'), right: await test('right') };
}
