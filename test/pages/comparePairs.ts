import type { Cloze, ReplacedExample } from '../../src/protocol/compare';
import { clozeOf, tokensOf } from './compareData';

/** Made-up results of an ELECTRA, and of two masked language models. */

/** One word became “river”, one stayed as it was; the detector finds the first and suspects “sunny”, too. */
export function replacedOf(text: string, seed: number): ReplacedExample {
  const was = 'mat';
  const start = text.indexOf(was);
  const now = 'river';
  const changed = text.slice(0, start) + now + text.slice(start + was.length);
  const same = changed.indexOf('big');
  const judge = (read: string, alarms: readonly string[]): ReplacedExample['original'] => {
    const tokens = tokensOf(read, 'left');
    const probabilities = tokens.map(({ special, text: shown }, index) =>
      special ? null : alarms.includes(shown) ? 0.93 : 0.02 + 0.03 * (index % 5),
    );
    return { tokens, probabilities };
  };
  return {
    model: 'electra-small-discriminator',
    generator: 'scope-bert',
    seed,
    original: judge(text, ['sunny']),
    changed: judge(changed, [now, 'sunny']),
    drawn: [
      { start, end: start + now.length, was, now },
      { start: same, end: same + 3, was: 'big', now: 'big' },
    ],
  };
}

/** The right model reads both sides, too, and says the same at every second word. */
export function agreedCloze(text: string, vocabulary: 'sameVocabulary' | 'otherVocabulary'): Cloze {
  const { words, left } = clozeOf(text);
  if ('missing' in left) {
    return { words, left, right: left };
  }
  const scores = left.scores.map((score, index) =>
    index % 2 === 0 ? score : { ...score, guess: 'dog', right: false },
  );
  return {
    words,
    left,
    right: { ...left, scores },
    agreement:
      vocabulary === 'sameVocabulary'
        ? {
            vocabulary: 'same',
            vocabularySize: 30_522,
            divergences: words.map(({ counts }, index) =>
              counts ? { totalVariation: 0.1 + 0.04 * (index % 10), klBits: 0.5 + 0.1 * (index % 10) } : null,
            ),
          }
        : {
            vocabulary: 'different',
            sizes: { left: 30_522, right: 30_522 },
            firstDifference: { id: 1996, left: 'the', right: '##s' },
          },
  };
}
