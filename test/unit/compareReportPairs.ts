import type { Cloze, CompareValues, ReplacedExample } from '../../src/protocol/compare';
import { clozeSide, sampleText, tokensOf, words } from './compareReportText';

/** What is measured of an ELECTRA, and of two masked models: made up, so that it can be counted by hand. */

const wasAt = sampleText.indexOf('mat');
const changedText = sampleText.replace('mat', 'roof');

/** “mat” became “roof”; at “sun” the generator drew the word itself. 32 tokens, of which 30 are judged. */
export const replacedSample: ReplacedExample = (() => {
  const { tokens } = tokensOf('left');
  const changed = tokens.map((token) =>
    token.start < wasAt
      ? token
      : token.start === wasAt
        ? { ...token, piece: 'roof', text: 'roof', end: wasAt + 4 }
        : { ...token, start: token.start + 1, end: token.end + 1 },
  );
  const alarms = (places: readonly string[]): (number | null)[] =>
    tokens.map(({ special, text }) => (special ? null : places.includes(text) ? 0.875 : 0.25));
  return {
    model: 'electra-small',
    generator: 'scope-bert',
    seed: 3,
    original: { tokens, probabilities: alarms(['fisher']) },
    changed: { tokens: changed, probabilities: alarms(['mat', 'fisher', 'man']) },
    drawn: [
      { start: wasAt, end: wasAt + 4, was: 'mat', now: 'roof' },
      { start: changedText.indexOf('sun'), end: changedText.indexOf('sun') + 3, was: 'sun', now: 'sun' },
    ],
  };
})();

/** Of 22 words both put the same first at 11, 5 of them right. */
export function agreeing(agreement: NonNullable<Cloze['agreement']>): Cloze {
  const left = clozeSide('both', [0, 1, 2, 3, 4, 5, 6], () => 3);
  const right = clozeSide('both', [0, 1, 2, 3, 4, 7, 8], () => 3);
  const own = right.scores.map((score, index) =>
    // At six of the words that both have wrong they make the same mistake.
    score.right === false && !['of', 'the', 'fisherman', 'story'].includes(words[index]?.text ?? '')
      ? { ...score, guess: 'other' }
      : score,
  );
  return { words, left, right: { ...right, scores: own }, agreement };
}

/** A total variation of 0.25 and 2 bits at every word that counts, but for the first: 0.75 and 4 bits. */
export const sameVocabulary: NonNullable<Cloze['agreement']> = {
  vocabulary: 'same',
  vocabularySize: 8000,
  divergences: words.map(({ counts }, index) =>
    !counts ? null : index === 0 ? { totalVariation: 0.75, klBits: 4 } : { totalVariation: 0.25, klBits: 2 },
  ),
};

export function withReplaced(value: CompareValues['pretraining']): CompareValues['pretraining'] {
  return { ...value, replaced: replacedSample };
}
