import assert from 'node:assert/strict';
import { scoredStretches, surprisalSummary } from '../../src/attention/surprisal';
import type { TextScore } from '../../src/protocol/language';

/** `[start, end, bits]`; null where a token was not scored. */
function scored(text: string, ...tokens: readonly (readonly [number, number, number | null])[]): TextScore {
  const bits = tokens.flatMap(([, , each]) => (each === null ? [] : [each]));
  const logLikelihood = -Math.LN2 * bits.reduce((sum, each) => sum + each, 0);
  return {
    tokens: tokens.map(([start, end], id) => ({
      ...{ id, piece: `${id}`, text: text.slice(start, end) },
      ...{ start, end, special: false },
    })),
    scores: tokens.map(([, , each]) =>
      each === null ? null : { surprisalBits: each, rank: 1, alternatives: [] },
    ),
    logLikelihood,
    numScored: bits.length,
    perplexity: Math.exp(-logLikelihood / bits.length),
    ...{ context: 'left', totalTokens: tokens.length, numWindows: 1, windowTokens: 8, numContextTokens: 0 },
  };
}

describe('the surprisal of a text', () => {
  it('is summed up per token and per character of what was scored', () => {
    const text = 'ab cde';
    const summary = surprisalSummary(scored(text, [0, 2, null], [2, 3, 2], [3, 6, 4]), text);
    assert.deepEqual(summary, { meanBits: 3, perplexity: 8, bitsPerCharacter: 6 / 4 });
  });

  it('counts a character of several tokens once, with the bits of all', () => {
    const text = 'a😀b';
    const score = scored(text, [0, 1, 1], [1, 3, 5], [1, 3, 2], [1, 3, 1], [3, 4, 3]);
    assert.deepEqual(
      scoredStretches(score).map(({ start, end, tokens, bits }) => [start, end, tokens.length, bits]),
      [
        [0, 1, 1, 1],
        [1, 3, 3, 8],
        [3, 4, 1, 3],
      ],
    );
    assert.equal(surprisalSummary(score, text).bitsPerCharacter, 12 / 3);
  });

  it('leaves out what has no place in the text', () => {
    assert.deepEqual(scoredStretches(scored('ab', [0, 0, 7], [0, 2, null])), []);
  });
});
