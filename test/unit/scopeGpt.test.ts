import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generate } from '../../src/inference/generation';
import { LanguageModel } from '../../src/inference/languageModel';
import { graphNames } from '../../src/protocol/graphNames';
import { configureRuntime } from '../../src/inference/runtime';

interface Golden {
  readonly computed: readonly { text: string; ids: number[]; lastLogits: string; attentions: string }[];
  readonly problems: readonly { language: string; answer: string; direct: string; steps: string }[];
  readonly shots: readonly { task: string; answer: string; zeroShot: string; fiveShot: string }[];
}

const root = join(__dirname, '..', '..');
const folder = join(root, 'models', 'scope-gpt');
const golden = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'scopeGpt', 'golden.json'), 'utf8'),
) as Golden;

/** The bundled decoder as shipped, in int8, against PyTorch's numbers before quantisation and against its card. */
describe('scope-gpt', function () {
  this.timeout(120_000);
  let model: LanguageModel;

  before(async () => {
    await configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    });
    model = await LanguageModel.load(folder, graphNames('int8'));
  });
  after(() => model.release());

  it('has the tokens and nearly the logits of PyTorch', async () => {
    for (const { text, ids, lastLogits } of golden.computed) {
      const found = model.tokenizer.tokenize(text, 512).tokens.map(({ id }) => id);
      assert.deepEqual(found, ids, text);
      const rows = await model.logits(ids);
      const last = rows.data.subarray(-rows.width);
      assert.ok(cosine(last, floats(lastLogits)) > 0.995, text);
    }
  });

  it('reasons: steps before the answer beat the bare answer by 20 points in both languages', async () => {
    for (const language of ['en', 'zh']) {
      const items = golden.problems.filter((item) => item.language === language);
      const right = { direct: 0, steps: 0 };
      for (const item of items) {
        right.direct += Number((await lastNumber(item.direct)) === item.answer);
        right.steps += Number((await lastNumber(item.steps)) === item.answer);
      }
      const gain = (right.steps - right.direct) / items.length;
      assert.ok(gain >= 0.2, `${language}: ${right.direct} and ${right.steps} of ${items.length}`);
    }
  });

  it('learns from examples: five beat none by 20 points on held-out words', async () => {
    let zero = 0;
    let five = 0;
    for (const item of golden.shots) {
      zero += Number((await firstLine(item.zeroShot, 12)) === item.answer);
      five += Number((await firstLine(item.fiveShot, 12)) === item.answer);
    }
    const gain = (five - zero) / golden.shots.length;
    assert.ok(gain >= 0.2, `${zero} and ${five} of ${golden.shots.length}`);
  });

  async function firstLine(prompt: string, maxNewTokens: number): Promise<string> {
    const { text } = await generate(model, prompt, { temperature: 0, maxNewTokens, stop: ['\n'] });
    return text.split('\n')[0]?.trim() ?? '';
  }

  /** The number that the reply ends with, which is its answer in both forms. */
  async function lastNumber(prompt: string): Promise<string | undefined> {
    return /(\d+)[.。]?$/.exec(await firstLine(prompt, 90))?.[1];
  }
});

function floats(base64: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer, 0, bytes.length / 4);
}

function cosine(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
