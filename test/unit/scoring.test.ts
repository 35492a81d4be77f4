import assert from 'node:assert/strict';
import { isScopeError } from '../../src/protocol/errors';
import type { LanguageModel } from '../../src/inference/languageModel';
import { score, scoreContinuation } from '../../src/inference/scoring';
import { classify, embed, nextSentence } from '../../src/inference/sequenceTasks';
import { assertClose, loadLanguageModel, readExpected } from '../fixtures/language/models';

const tolerance = 1e-4;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

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
    assert.equal(scored.surprisalBits[0], undefined);
    expected.logProbabilities.forEach((value, index) =>
      assertClose(scored.surprisalBits[index + 1], -value / Math.LN2, tolerance),
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
    assert.equal(scored.surprisalBits[0], undefined);
    assert.equal(scored.surprisalBits.at(-1), undefined);
    expected.logProbabilities.forEach((value, index) =>
      assertClose(scored.surprisalBits[index + 1], -value / Math.LN2, tolerance),
    );
  });

  it('stops a masked model between tokens', async () => {
    await assert.rejects(
      score(models[1] as LanguageModel, 'the cat sat', { isCancellationRequested: true }),
      (error) => isScopeError(error, 'cancelled'),
    );
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
