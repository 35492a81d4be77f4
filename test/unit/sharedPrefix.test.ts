import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { makeDecoder } from '../../src/inference/decoder';
import { generate } from '../../src/inference/generation';
import { LanguageModel } from '../../src/inference/languageModel';
import { graphNames } from '../../src/protocol/graphNames';
import { configureRuntime } from '../../src/inference/runtime';
import { fewestShared } from '../../src/inference/sharedPrefix';
import type { Generation } from '../../src/protocol/language';

const root = join(__dirname, '..', '..');
const examples = Array.from(
  { length: 5 },
  (_, index) => `Input: The soup number ${index} was good.\nOutput: positive\n`,
).join('');
const inputs = ['The bread was not good at all.', 'I like it.', 'The soup was cold, and nobody came.'];
const promptOf = (input: string, shown = examples): string => `${shown}Input: ${input}\nOutput:`;

/** On the bundled decoder, whose weights and activations are of 8 bits. */
describe('prompts that begin alike', function () {
  this.timeout(60_000);
  let model: LanguageModel;
  const load = (): Promise<LanguageModel> =>
    LanguageModel.load(join(root, 'models', 'scope-gpt'), graphNames('int8'));
  const answer = (asked: LanguageModel, prompt: string, sharedPrefix?: number): Promise<Generation> =>
    generate(asked, prompt, {
      maxNewTokens: 12,
      temperature: 0.8,
      seed: 3,
      alternatives: 5,
      ...(sharedPrefix === undefined ? {} : { sharedPrefix }),
    });
  const figures = ({ text, tokens }: Generation): unknown => ({ text, tokens });

  before(async () => {
    await configureRuntime({
      kind: 'native',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    });
    model = await load();
  });
  after(() => model.release());

  it('are answered with exactly the same numbers, whatever was read before', async () => {
    const fresh: unknown[] = [];
    for (const input of inputs) {
      // A model of its own has kept nothing yet.
      const alone = await load();
      const first = await answer(alone, promptOf(input), examples.length);
      assert.equal(first.numReusedTokens, 0);
      fresh.push(figures(first));
      await alone.release();
    }
    for (const order of [
      [0, 1, 2],
      [2, 0, 1, 1],
    ]) {
      for (const [place, index] of order.entries()) {
        const input = inputs[index] ?? '';
        const found = await answer(model, promptOf(input), examples.length);
        assert.deepEqual(figures(found), fresh[index], `${input}, ${place}`);
        if (place > 0) {
          assert.ok((found.numReusedTokens ?? 0) > fewestShared, `${found.numReusedTokens} tokens reused`);
        }
      }
    }
  });

  it('are read by parts: the beginning by itself, then the rest', async () => {
    const prompt = promptOf(inputs[0] ?? '');
    const ids = model.tokenizer.tokenize(prompt, 512).tokens.map(({ id }) => id);
    const count = model.tokenizer.tokenize(examples, 512).tokens.length;
    const decoder = makeDecoder(model, true);
    await decoder.read(ids.slice(0, count));
    const logits = await decoder.read(ids.slice(count));
    const shared = await generate(model, prompt, {
      maxNewTokens: 1,
      temperature: 0,
      sharedPrefix: examples.length,
    });
    const best = logits.indexOf(Math.max(...logits));
    assert.equal(shared.tokens[0]?.id, best);
    const sum = logits.reduce((all, each) => all + Math.exp(each - logits[best]!), 0);
    assert.ok(Math.abs((shared.tokens[0]?.logProbability ?? 0) + Math.log(sum)) < 1e-6);
    // Read at once, the same weights give other numbers: activations are scaled by what is read together.
    const whole = await makeDecoder(model, true).read(ids);
    const apart = whole.reduce((most, each, id) => Math.max(most, Math.abs(each - logits[id]!)), 0);
    assert.ok(apart > 1e-6 && apart < 1, `${apart} apart`);
  });

  it('keep eight beginnings, the latest used, and leave short ones alone', async () => {
    const other = (index: number): string => examples.replaceAll('soup', `soup of kind ${index}`);
    for (let index = 0; index < 8; index++) {
      await answer(model, promptOf('I like it.', other(index)), other(index).length);
    }
    const reused = async (index: number): Promise<number | undefined> =>
      (await answer(model, promptOf('So so.', other(index)), other(index).length)).numReusedTokens;
    assert.ok(((await reused(0)) ?? 0) > 0);
    await answer(model, promptOf('I like it.', other(8)), other(8).length);
    assert.ok(((await reused(0)) ?? 0) > 0);
    assert.equal(await reused(1), 0);
    const short = 'Input: good\nOutput: positive\n';
    assert.equal((await answer(model, promptOf('x', short), short.length)).numReusedTokens, undefined);
    assert.equal((await answer(model, promptOf('x'))).numReusedTokens, undefined);
  });
});
