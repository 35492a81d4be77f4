import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HiddenModel } from '../../src/inference/hiddenModel';
import { maskedExample } from '../../src/inference/maskedExample';
import { scoreWords } from '../../src/inference/wordScores';
import { isScopeError } from '../../src/protocol/errors';
import { assertClose, languageFolder, loadLanguageModel } from '../fixtures/language/models';

/** What a comparison measures, against PyTorch on the same weights (`fixtures/compare/generate.py`). */

interface WordsExpected {
  readonly text: string;
  readonly words: readonly (readonly [number, number])[];
  readonly ids: readonly number[];
  readonly scores: readonly ({ bits: number; right: boolean; rank: number } | null)[];
  readonly alone: readonly number[];
}
interface Expected {
  readonly masked: WordsExpected;
  readonly causal: WordsExpected;
  readonly example: {
    text: string;
    shown: Record<string, number>;
    losses: Record<string, number>;
    loss: number;
  };
  readonly cosines: { texts: string[]; cosines: number[][][] };
}
const expected = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'compare', 'expected.json'), 'utf8'),
) as Expected;

describe('what a comparison measures', function () {
  this.timeout(60_000);

  for (const kind of ['masked', 'causal'] as const) {
    it(`is what PyTorch finds for every word and token of a ${kind} model`, async () => {
      const { text, words, ids, scores, alone } = expected[kind];
      const model = await loadLanguageModel(kind);
      const found = await scoreWords(
        model,
        text,
        words.map(([start, end]) => ({ start, end })),
      );
      assert.deepEqual(
        found.tokens.map(({ id }) => id),
        ids,
      );
      scores.forEach((score, index) => {
        const own = found.scores[index]!;
        if (!score) {
          assert.deepEqual(own, { bits: null, right: null, rank: null, guess: '' });
          return;
        }
        assertClose(own.bits ?? NaN, score.bits, 1e-4);
        assert.equal(own.right, score.right, text.slice(...words[index]!));
        assert.equal(own.rank, score.rank);
      });
      const nats = found.tokenBits.flatMap((bits) => (bits === null ? [] : [-bits * Math.LN2]));
      assert.equal(nats.length, alone.length);
      nats.forEach((each, index) => {
        assertClose(each, alone[index]!, 1e-4);
      });
      const sum = alone.reduce((total, each) => total + each, 0);
      assertClose(found.logLikelihood, sum, 1e-3);
      assertClose(found.perplexity, Math.exp(-sum / alone.length), 1e-2);
      assert.equal(found.context, kind === 'masked' ? 'both' : 'left');
      await model.release();
    });
  }

  it('writes Chinese guesses without blanks between their characters', async () => {
    const model = await loadLanguageModel(join(__dirname, '..', '..', 'models', 'scope-bert'));
    const text = '护士告诉来访的人';
    const words = [0, 2, 4, 6].map((start) => ({ start, end: start + 2 }));
    const { scores } = await scoreWords(model, text, words);
    assert.equal(scores.length, 4);
    scores.forEach(({ guess }) => assert.doesNotMatch(guess, /\p{Script=Han} +\p{Script=Han}/u));
    // Without a blank between them two characters are two characters.
    assert.ok(
      scores.some(({ guess }) => /^\p{Script=Han}{2}$/u.test(guess)),
      JSON.stringify(scores),
    );
    await model.release();
  });

  it('is the cross-entropy of PyTorch where tokens were masked', async () => {
    const model = await loadLanguageModel('masked');
    const { text, shown, losses, loss } = expected.example;
    const found = await maskedExample(model, text, 26);
    assert.deepEqual(
      Object.fromEntries(
        found.chosen.map(({ position, shownPiece }) => [position, model.tokenizer.idOf(shownPiece)]),
      ),
      shown,
    );
    found.chosen.forEach(({ position, loss: own }) => {
      assertClose(own, losses[position]!, 1e-4);
    });
    assertClose(found.loss, loss, 1e-4);
    await model.release();
  });

  it('chooses 15% of the tokens, and treats them 80 : 10 : 10', async () => {
    const model = await loadLanguageModel('masked');
    const text = 'the old man walked down to the river and the cat sat on the mat and ran';
    const counts = { masked: 0, replaced: 0, kept: 0 };
    const places = new Set<number>();
    for (let seed = 0; seed < 300; seed++) {
      const { chosen, tokens } = await maskedExample(model, text, seed);
      assert.equal(chosen.length, Math.round(0.15 * (tokens.length - 2)));
      chosen.forEach(({ treatment, position, shownPiece }) => {
        counts[treatment]++;
        places.add(position);
        assert.ok(!tokens[position]!.special);
        assert.equal(treatment === 'masked', shownPiece === '[MASK]');
        if (treatment === 'kept') {
          assert.equal(shownPiece, tokens[position]!.piece);
        }
      });
    }
    const total = counts.masked + counts.replaced + counts.kept;
    // Four standard errors of a binomial share.
    assertClose(counts.masked / total, 0.8, 4 * Math.sqrt((0.8 * 0.2) / total));
    assertClose(counts.replaced / total, 0.1, 4 * Math.sqrt((0.1 * 0.9) / total));
    assert.equal(places.size, 17);
    assert.deepEqual(await maskedExample(model, text, 5), await maskedExample(model, text, 5));
    await model.release();
  });

  it('is the cosine of PyTorch’s mean states at every layer', async () => {
    const model = await HiddenModel.load(join(languageFolder, 'encoder'));
    const { texts, cosines } = expected.cosines;
    const found = await model.cosines(texts);
    assert.equal(model.numLayers, cosines.length);
    cosines.flat(2).forEach((each, index) => {
      assertClose(found[index]!, each, 1e-5);
    });
    await model.release();
  });

  it('refuses what it cannot measure', async () => {
    const model = await loadLanguageModel('causal');
    await assert.rejects(scoreWords(model, 'the river '.repeat(60), []), (error) =>
      isScopeError(error, 'badRequest'),
    );
    await assert.rejects(maskedExample(model, 'the river', 1), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
    await model.release();
    const masked = await loadLanguageModel('masked');
    await assert.rejects(maskedExample(masked, '', 1), (error) => isScopeError(error, 'emptyText'));
    const empty = await scoreWords(masked, '', []);
    assert.equal(empty.numScored, 0);
    const stopped = scoreWords(masked, 'the old man', [{ start: 0, end: 3 }], {
      isCancellationRequested: true,
    });
    await assert.rejects(stopped, (error) => isScopeError(error, 'cancelled'));
    await masked.release();
  });
});
