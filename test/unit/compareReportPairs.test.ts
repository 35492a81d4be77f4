import assert from 'node:assert/strict';
import { writeComparisonReport } from '../../src/compare/report';
import type { Missing } from '../../src/protocol/compare';
import { reportInput } from './compareReportInput';
import { agreeing, replacedSample, sameVocabulary, withReplaced } from './compareReportPairs';
import { expectSays, languages, proseOf } from './compareReportProse';

describe('replaced tokens in the report', () => {
  it('are told with counts that a hand calculation gives', () => {
    const input = reportInput({ pretraining: withReplaced });
    const prose = proseOf(input, 'en');
    const expected = [
      'scope-bert redrew 2 of the words (seed 3), of which 1 came out as a different word',
      // “roof” is one token of the 30 that are judged; “fisher” and “##man” are taken for replaced, too.
      'electra-small marks 1 of 1 replaced tokens as replaced, with a probability above a half, and 2 of the 29 others',
      // 1 + 27 of 30.
      'It is right on 28 of 30 tokens (93%; 95% Wilson interval 79% to 98%), no better than the 29 (97%)',
      'In the text as it is, it marks 1 of 30 tokens as replaced, though none was',
      'So few replaced tokens (1) are one draw',
    ];
    expected.forEach((sentence) => assert.ok(prose.includes(sentence), `${sentence}\n${prose}`));
    const markdown = writeComparisonReport(input, 'md', 'en');
    assert.match(markdown, /\| mat \| roof \| 88% \\\* \|/);
    assert.match(markdown, /\| sun \| sun \(the same\) \| 25% \|/);
  });

  it('are told to be found only where that beats a guess', () => {
    const better = {
      ...replacedSample,
      changed: {
        ...replacedSample.changed,
        probabilities: replacedSample.changed.tokens.map(({ special, text }) =>
          special ? null : text === 'roof' ? 0.9 : 0.1,
        ),
      },
    };
    expectSays(
      reportInput({ pretraining: (value) => ({ ...value, replaced: better }) }),
      ['rtdBetter'],
      ['rtdNoBetter'],
    );
    expectSays(reportInput({ pretraining: withReplaced }), ['rtdNoBetter'], ['rtdBetter']);
  });

  it('are left out where neither model is a detector, and named where it failed', () => {
    expectSays(reportInput(), [], ['rtdDrawn', 'rtdStar']);
    const gone: Missing = { missing: 'failed', detail: 'disk full' };
    const failed = reportInput({ pretraining: (value) => ({ ...value, replaced: gone }) });
    assert.match(proseOf(failed, 'en'), /Not measured for replaced token detection: it failed \(disk full\)/);
  });
});

describe('the agreement of two masked models in the report', () => {
  it('is told with counts and intervals that a hand calculation gives', () => {
    const input = reportInput({ cloze: () => agreeing(sameVocabulary) });
    const prose = proseOf(input, 'en');
    const expected = [
      // 5 right in both and 6 mistakes alike, of 22.
      'Of the 22 words asked of both, both put the same word first for 11 (50%; 95% Wilson interval 31% to 69%), and for 5 of these it is the word in the text',
      // (0.75 + 21 · 0.25) / 22 and (4 + 21 · 2) / 22.
      'Over 22 words, their distributions over the 8,000 tokens of the vocabulary are a total variation of 0.27 apart on average',
      'Taking the distribution of scope-gpt for that of scope-bert costs 2.09 bits a word',
    ];
    expected.forEach((sentence) => assert.ok(prose.includes(sentence), `${sentence}\n${prose}`));
    assert.match(writeComparisonReport(input, 'md', 'en'), /\| The \| The \| The \| 0\.75 \|/);
    expectSays(input, ['agreeHow', 'agreeFurthest'], ['agreeOtherSizes', 'agreeOtherPieces']);
  });

  it('says why distributions over other vocabularies are not compared', () => {
    const sizes = { left: 30_522, right: 50_265 };
    const other = { vocabulary: 'different', sizes, firstDifference: null } as const;
    const prose = proseOf(reportInput({ cloze: () => agreeing(other) }), 'en');
    assert.match(prose, /different vocabularies: 30,522 tokens in scope-bert, 50,265 in scope-gpt/);
    const renamed = {
      ...other,
      firstDifference: { id: 7, left: 'the', right: 'Ġthe' },
    };
    const told = reportInput({ cloze: () => agreeing(renamed) });
    expectSays(told, ['agreeSame', 'agreeOtherPieces'], ['agreeVariation', 'agreeKl', 'agreeFurthest']);
    assert.match(proseOf(told, 'en'), /token 7 is “the” in scope-bert and “Ġthe” in scope-gpt/);
    const broken = reportInput({ cloze: () => agreeing({ missing: 'failed', detail: 'disk full' }) });
    assert.match(proseOf(broken, 'en'), /Not measured for the distance of their distributions: it failed/);
  });

  it('has no heading for other models', () => {
    expectSays(reportInput(), [], ['agreeSame']);
    for (const language of languages) {
      const report = writeComparisonReport(reportInput(), 'md', language);
      assert.doesNotMatch(report, /^## (How far the two agree|两者有多一致)/m);
    }
  });
});
