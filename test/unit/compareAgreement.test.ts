import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agreementTally } from '../../src/compare/agreement';
import { agreementOf, divergence, maskedAnswers } from '../../src/inference/maskedAgreement';
import { type Cloze, type ClozeSide, isMissing } from '../../src/protocol/compare';
import { isScopeError } from '../../src/protocol/errors';
import { assertClose, loadLanguageModel } from '../fixtures/language/models';

/** How far two masked models agree, against PyTorch on the same weights (`fixtures/compare/generate_pairs.py`). */

const folder = join(__dirname, '..', 'fixtures', 'compare');
const { agreement: expected } = JSON.parse(readFileSync(join(folder, 'pairs.json'), 'utf8')) as {
  readonly agreement: {
    text: string;
    vocabularySize: number;
    pairs: { word: [number, number]; totalVariation: number; klBits: number }[];
  };
};
const ranges = expected.pairs.map(({ word: [start, end] }) => ({ start, end }));

describe('the agreement of two masked models', function () {
  this.timeout(60_000);

  it('is PyTorch’s total variation and divergence at every word', async () => {
    const teacher = await loadLanguageModel('masked');
    const left = await maskedAnswers(teacher, expected.text, ranges);
    // The second may take the first's place in memory.
    await teacher.release();
    const student = await loadLanguageModel(join(folder, 'student'));
    const right = await maskedAnswers(student, expected.text, ranges);
    await student.release();
    const found = agreementOf(left, right);
    assert.equal(found.vocabulary, 'same');
    assert.ok(found.vocabulary === 'same');
    assert.equal(found.vocabularySize, expected.vocabularySize);
    expected.pairs.forEach(({ totalVariation, klBits }, index) => {
      const own = found.divergences[index];
      assertClose(own?.totalVariation, totalVariation, 1e-5);
      assertClose(own?.klBits, klBits, 1e-4);
    });
  });

  it('is none of a model with itself, and all of two that never say the same', () => {
    const same = divergence([1, 2, 3], [1, 2, 3]);
    assert.deepEqual(same, { totalVariation: 0, klBits: 0 });
    // A half each on one of two tokens against three quarters and a quarter: 1/4, and (log2 4/3 − log2 3/2 + …) / 2.
    const known = divergence([0, 0], [Math.log(3), 0]);
    assertClose(known.totalVariation, 0.25, 1e-12);
    assertClose(known.klBits, 0.5 * Math.log2(0.5 / 0.75) + 0.5 * Math.log2(0.5 / 0.25), 1e-12);
    assertClose(divergence([1000, 0], [0, 1000]).totalVariation, 1, 1e-12);
  });

  it('is not measured over different vocabularies', async () => {
    const model = await loadLanguageModel('masked');
    const own = await maskedAnswers(model, expected.text, ranges);
    const larger = agreementOf(own, { ...own, vocabularySize: 30522 });
    assert.deepEqual(larger, {
      vocabulary: 'different',
      sizes: { left: 22, right: 30522 },
      firstDifference: null,
    });
    const renamed = agreementOf(own, { ...own, pieceOf: (id) => (id === 8 ? 'dog' : own.pieceOf(id)) });
    assert.ok(renamed.vocabulary === 'different');
    assert.deepEqual(renamed.firstDifference, { id: 8, left: 'cat', right: 'dog' });
    // Another split of a word is another question.
    const split = { ...own, words: own.words.map((word) => word && { ...word, ids: [...word.ids, 1] }) };
    assert.deepEqual(agreementOf(own, split), {
      vocabulary: 'same',
      vocabularySize: 22,
      divergences: ranges.map(() => null),
    });
    await assert.rejects(
      maskedAnswers(model, expected.text, ranges, { isCancellationRequested: true }),
      (error) => isScopeError(error, 'cancelled'),
    );
    await model.release();
    const causal = await loadLanguageModel('causal');
    await assert.rejects(maskedAnswers(causal, expected.text, ranges), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
    await causal.release();
  });

  it('is counted by hand', () => {
    const texts = ['the', 'cat', 'sat', '.', 'down'];
    const side = (guesses: readonly string[]): ClozeSide => ({
      context: 'both',
      scores: guesses.map((guess, index) => ({ bits: 1, right: guess === texts[index], rank: 1, guess })),
      tokenBits: [],
      tokens: [],
      logLikelihood: 0,
      numScored: 0,
      perplexity: 1,
    });
    const cloze: Cloze = {
      words: texts.map((text) => ({ text, start: 0, end: 1, counts: text !== '.' })),
      left: side(['the', 'dog', 'sat', '.', 'up']),
      right: side(['the', 'dog', 'ran', '.', 'off']),
      agreement: {
        vocabulary: 'same',
        vocabularySize: 10,
        divergences: [
          { totalVariation: 0.2, klBits: 1 },
          { totalVariation: 0.4, klBits: 2 },
          { totalVariation: 0.9, klBits: 6 },
          null,
          null,
        ],
      },
    };
    const tally = agreementTally(cloze);
    assert.ok(tally && !isMissing(tally.distributions) && tally.distributions.vocabulary === 'same');
    assert.deepEqual([tally.paired, tally.same, tally.sameRight, tally.share], [4, 2, 1, 0.5]);
    assertClose(tally.interval.low, 0.15, 0.001);
    const { words, totalVariation, klBits, furthest } = tally.distributions;
    assert.equal(words, 3);
    assertClose(totalVariation.mean, 0.5, 1e-12);
    assert.equal(klBits.mean, 3);
    // Of three values the bootstrap's extremes are each value three times: 1 in 27, more than 2.5 %.
    assertClose(totalVariation.interval.low, 0.2, 1e-12);
    assertClose(totalVariation.interval.high, 0.9, 1e-12);
    assert.deepEqual(
      furthest.map(({ word }) => word),
      [2, 1, 0],
    );
    const { words: all, left, right } = cloze;
    assert.equal(agreementTally({ words: all, left, right }), null);
  });
});
