import assert from 'node:assert/strict';
import type { Missing } from '../../src/protocol/compare';
import { reportInput } from './compareReportInput';
import { clozeOf, expectSays, proseOf, withCloze } from './compareReportProse';
import { clozeSide, leftAhead, words } from './compareReportText';

describe('the cloze test in the report', () => {
  it('says who is ahead only as far as the words bear it', () => {
    expectSays(
      withCloze(leftAhead),
      ['clozeAhead', 'fitFillClear', 'clozeOverlap'],
      ['clozeOpen', 'clozeFew'],
    );
    assert.match(proseOf(withCloze(leftAhead), 'en'), /scope-bert is 38 points ahead/);

    // 5 both, 1 only left, 9 only right: the mirror image.
    const mirrored = { left: [1, 2, 3, 4, 5, 15], right: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] };
    expectSays(withCloze(mirrored), ['clozeAhead', 'fitFillClear']);
    assert.match(proseOf(withCloze(mirrored), 'en'), /scope-gpt is 38 points ahead/);
    assert.match(
      proseOf(withCloze(mirrored), 'en'),
      /finished text: scope-gpt, which got 14 of 21 words right where scope-bert got 6/,
    );

    // 4 only left, 2 only right: p = 2 · (1 + 6 + 15) / 2⁶ = 0.6875.
    const close = { left: [1, 2, 3, 4], right: [5, 6] };
    expectSays(withCloze(close), ['clozeOpen', 'fitFillOpen'], ['clozeAhead', 'fitFillClear']);
    assert.match(
      proseOf(withCloze(close), 'en'),
      /scope-bert is 10 points ahead .*p = 0\.688: chance is not ruled out/,
    );

    const tied = { left: [1, 2], right: [2, 3] };
    expectSays(withCloze(tied), ['clozeTied', 'fitFillOpen'], ['clozeAhead', 'clozeOpen']);
    assert.match(proseOf(withCloze(tied), 'en'), /equally often, on 2 words/);

    // All against none: no overlap.
    const all = { left: words.map((_, index) => index), right: [] };
    expectSays(withCloze(all), ['clozeApart', 'clozeOnlyNone'], ['clozeOverlap']);
  });

  it('calls a dozen words an observation, however they fall', () => {
    const few = reportInput({
      cloze: () => {
        const whole = clozeOf({ left: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], right: [] });
        return {
          ...whole,
          words: words.map((word, index) => ({ ...word, counts: word.counts && index < 13 })),
        };
      },
    });
    expectSays(few, ['clozeFew', 'fitFillOpen', 'bitsRankFew'], ['clozeAhead', 'fitFillClear']);
  });

  it('compares likelihoods only where they are alike', () => {
    expectSays(
      reportInput(),
      ['llNotComparable', 'llVocabularies', 'fitJudge'],
      ['llComparable', 'llBothPseudo'],
    );
    const causal = reportInput({
      cloze: (value) => ({ ...value, left: clozeSide('left', [1], () => 4) }),
    });
    expectSays(causal, ['llComparable'], ['llNotComparable', 'llBothPseudo', 'fitJudge']);
    const pseudo = reportInput({
      cloze: (value) => ({ ...value, right: clozeSide('both', [1], () => 4) }),
    });
    expectSays(pseudo, ['llBothPseudo'], ['llNotComparable', 'llComparable']);
  });

  it('says how far the same words are hard for both', () => {
    expectSays(reportInput(), ['bitsRankHigh'], ['bitsRankNone']);
    const opposite = reportInput({
      cloze: () => ({
        words,
        left: clozeSide('both', [], (place) => place),
        right: clozeSide('left', [], (place) => 30 - place),
      }),
    });
    expectSays(opposite, ['bitsRankNone', 'bitsLaterCheaper'], ['bitsRankHigh', 'bitsLaterNot']);
  });

  it('tells what the blank’s candidates were up against', () => {
    expectSays(
      reportInput(),
      ['blankIsRight', 'blankRankFirst', 'blankInContextOriginal', 'blankChanged'],
      ['blankInContextOther', 'blankCase'],
    );
    const changed = reportInput({
      blank: (value) => {
        const blank = value as Exclude<typeof value, Missing>;
        const right = blank.right as Exclude<typeof blank.right, Missing>;
        const [first] = right.candidates;
        return {
          ...blank,
          right: { ...right, candidates: [first!, { ...first!, text: ' Sun', piece: 'Sun' }] },
          inContext: [
            { text: 'light', original: false, logLikelihood: -1, share: 0.8 },
            { text: 'Sun', original: true, logLikelihood: -2, share: 0.2 },
          ],
        };
      },
    });
    expectSays(
      changed,
      ['blankRank', 'blankInContextOther', 'blankCase'],
      ['blankInContextOriginal', 'blankChanged', 'blankRankFirst'],
    );
    assert.match(proseOf(changed, 'en'), /The word in the text has rank 2/);
  });
});
