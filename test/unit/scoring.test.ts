import assert from 'node:assert/strict';
import { isScopeError } from '../../src/protocol/errors';
import type { LanguageModel } from '../../src/inference/languageModel';
import type { TextScore } from '../../src/protocol/language';
import { score, scoreContinuation } from '../../src/inference/scoring';
import { scoringWindows } from '../../src/inference/scoringWindows';
import { classify, embed, nextSentence } from '../../src/inference/sequenceTasks';
import { assertClose, loadLanguageModel, readExpected } from '../fixtures/language/models';

const tolerance = 1e-4;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

interface Place {
  readonly rank: number;
  readonly top3: readonly { readonly id: number; readonly probability: number }[];
}

interface Long {
  readonly text: string;
  readonly ids: readonly number[];
  readonly logProbabilities: readonly number[];
}

function assertLong({ tokens, scores, numWindows }: TextScore, long: Long, unscored: number): void {
  assert.ok(numWindows > 2);
  assert.deepEqual(
    tokens.map(({ id }) => id),
    long.ids,
  );
  long.logProbabilities.forEach((value, index) =>
    assertClose(scores[index + unscored]?.surprisalBits, -value / Math.LN2, tolerance),
  );
}

/** Against PyTorch on the same weights. */
describe('scoring a text', function () {
  this.timeout(30_000);
  const models: LanguageModel[] = [];
  const load = async (folder: string): Promise<LanguageModel> => {
    const model = await loadLanguageModel(folder);
    models.push(model);
    return model;
  };
  after(() => Promise.all(models.map((model) => model.release())));

  it('gives a causal model’s surprisal of every token but the first', async () => {
    const expected = readExpected<{ prompt: string; ids: number[]; logProbabilities: number[] }>('causal');
    const scored = await score(await load('causal'), expected.prompt);
    assert.deepEqual(
      scored.tokens.map((token) => token.id),
      expected.ids,
    );
    assert.equal(scored.scores[0], null);
    expected.logProbabilities.forEach((value, index) =>
      assertClose(scored.scores[index + 1]?.surprisalBits, -value / Math.LN2, tolerance),
    );
    assertClose(scored.logLikelihood, sum(expected.logProbabilities), tolerance * 10);
    assert.equal(scored.numScored, expected.logProbabilities.length);
    assertClose(Math.log(scored.perplexity), -sum(expected.logProbabilities) / scored.numScored, tolerance);
    assert.equal(scored.context, 'left');
  });

  it('gives the log-likelihood of a continuation', async () => {
    const expected = readExpected<{ prompt: string; logProbabilities: number[] }>('causal');
    const border = expected.prompt.indexOf(' river');
    const continued = await scoreContinuation(
      models[0] as LanguageModel,
      expected.prompt.slice(0, border),
      expected.prompt.slice(border),
    );
    // “ river” is one token, and the six behind it are the bytes of “ 😀”.
    const last = expected.logProbabilities.slice(-continued.numTokens);
    assert.equal(continued.numTokens, 6);
    assertClose(continued.logLikelihood, sum(last), tolerance * 10);
  });

  it('gives a masked model’s pseudo-likelihood', async () => {
    const expected = readExpected<{ text: string; ids: number[]; logProbabilities: number[] }>('masked');
    const scored = await score(await load('masked'), expected.text);
    assert.equal(scored.context, 'both');
    assert.deepEqual(
      scored.tokens.map((token) => token.id),
      expected.ids.slice(1, -1),
    );
    expected.logProbabilities.forEach((value, index) =>
      assertClose(scored.scores[index]?.surprisalBits, -value / Math.LN2, tolerance),
    );
  });

  it('stops a masked model between tokens', async () => {
    await assert.rejects(
      score(models[1] as LanguageModel, 'the cat sat', { cancellation: { isCancellationRequested: true } }),
      (error) => isScopeError(error, 'cancelled'),
    );
  });

  it('tells rank and rivals of every token', async () => {
    const { prompt, places } = readExpected<{ prompt: string; places: Place[] }>('causal');
    const { scores } = await score(models[0] as LanguageModel, prompt, { topK: 3 });
    places.forEach(({ rank, top3 }, index) => {
      const found = scores[index + 1];
      assert.equal(found?.rank, rank);
      assert.deepEqual(
        found.alternatives.map(({ id }) => id),
        top3.map(({ id }) => id),
      );
      found.alternatives.forEach(({ probability }, place) =>
        assertClose(probability, top3[place]!.probability, 1e-5),
      );
    });
  });

  it('reads a long text in windows, each token with half a window before it', async () => {
    const { long } = readExpected<{ long: Long }>('causal');
    const progress: number[] = [];
    const scored = await score(models[0] as LanguageModel, long.text, {
      onScored: (done, total) => {
        progress.push(done);
        assert.equal(total, long.ids.length);
      },
    });
    assertLong(scored, long, 1);
    assert.deepEqual([scored.windowTokens, scored.numWindows], [64, progress.length]);
    assert.equal(progress.at(-1), long.ids.length);
  });

  it('reads a long text in windows from both sides', async () => {
    const { long } = readExpected<{ long: Long }>('masked');
    const scored = await score(models[1] as LanguageModel, long.text);
    assertLong(scored, long, 0);
    assert.equal(scored.windowTokens, 32);
  });

  it('reads what stands before a text, and scores the text alone', async () => {
    const { prompt, ids, logProbabilities } = readExpected<{
      prompt: string;
      ids: number[];
      logProbabilities: number[];
    }>('causal');
    const border = prompt.indexOf(' walked');
    const [before, text] = [prompt.slice(0, border), prompt.slice(border)];
    const { tokens, scores, numContextTokens } = await score(models[0] as LanguageModel, text, { before });
    assert.deepEqual(
      tokens.map(({ id }) => id),
      ids.slice(numContextTokens),
    );
    assert.equal(tokens[0]?.start, 0);
    assert.equal(tokens.at(-1)?.end, text.length);
    logProbabilities
      .slice(numContextTokens - 1)
      .forEach((value, index) => assertClose(scores[index]?.surprisalBits, -value / Math.LN2, tolerance));
  });

  it('scores no more tokens than asked for, and says how many there are', async () => {
    const { prompt, ids } = readExpected<{ prompt: string; ids: number[] }>('causal');
    const { tokens, scores, totalTokens } = await score(models[0] as LanguageModel, prompt, { maxTokens: 4 });
    assert.deepEqual([tokens.length, scores.length, totalTokens], [4, 4, ids.length]);
  });

  it('refuses the wrong kind of model', async () => {
    await assert.rejects(scoreContinuation(models[1] as LanguageModel, 'a', 'b'), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
  });

  it('embeds a text', async () => {
    const expected = readExpected<{ text: string; mean: number[] }>('encoder');
    const vector = await embed(await load('encoder'), expected.text);
    assert.equal(vector.length, expected.mean.length);
    expected.mean.forEach((value, index) => assertClose(vector[index], value, 1e-5));
  });

  it('classifies a text', async () => {
    const expected = readExpected<{ text: string; probabilities: Record<string, number> }>('classifier');
    const classes = await classify(await load('classifier'), expected.text);
    assert.equal(classes.length, 3);
    classes.forEach(({ label, probability }, index) => {
      assertClose(probability, expected.probabilities[label] as number, 1e-5);
      assert.ok(index === 0 || probability <= classes[index - 1]!.probability);
    });
  });

  it('judges whether one sentence follows another', async () => {
    const expected = readExpected<{ text: string; second: string; isNext: number; pairIds: number[] }>(
      'nextSentence',
    );
    const model = await load('nextSentence');
    assert.deepEqual(model.tokenizer.encodePair(expected.text, expected.second).ids, expected.pairIds);
    assertClose(await nextSentence(model, expected.text, expected.second), expected.isNext, 1e-5);
  });
});

describe('windows over a long text', () => {
  it('score every token once, with the context that they promise', () => {
    for (const context of ['left', 'both'] as const) {
      for (const [numTokens, room, first] of [
        [1, 8, 0],
        [8, 8, 0],
        [9, 8, 0],
        [100, 8, 0],
        [101, 9, 30],
        [50, 2, 3],
      ] as const) {
        const windows = scoringWindows(numTokens, room, first, context);
        const scored = windows.flatMap(({ scoreFrom, scoreTo }) => range(scoreFrom, scoreTo));
        assert.deepEqual(scored, range(first, numTokens));
        for (const { from, to, scoreFrom, scoreTo } of windows) {
          assert.ok(from >= 0 && to <= numTokens && to - from <= room && scoreFrom >= from && scoreTo <= to);
          const least = Math.floor(room / (context === 'left' ? 2 : 4));
          assert.ok(from === 0 || scoreFrom - from >= least, `${scoreFrom - from} before`);
          assert.ok(
            context === 'left' || to === numTokens || to - scoreTo >= least,
            `${to - scoreTo} behind`,
          );
        }
      }
    }
  });

  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, index) => from + index);
});
