import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { meanOver } from '../../src/attention/headPatterns';
import { AttentionModel } from '../../src/inference/attentionModel';
import { fillMask } from '../../src/inference/fillMask';
import type { LanguageModel } from '../../src/inference/languageModel';
import { configureRuntime } from '../../src/inference/runtime';
import { classify, nextSentence } from '../../src/inference/sequenceTasks';
import { assertClose, loadLanguageModel } from '../fixtures/language/models';
import { readWritten, textsOf } from '../evaluate/writtenText';

const root = join(__dirname, '..', '..');
const folderOf = (id: string): string => join(root, 'models', id);
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/** The bundled encoders, run by our engine. */
describe('scope-bert', function () {
  this.timeout(60_000);
  let model: LanguageModel;
  before(async () => {
    model = await loadLanguageModel(folderOf('scope-bert'));
  });
  after(() => model.release());

  it('says how probable the next sentence is, as PyTorch does', async () => {
    const { cases } = read('test', 'fixtures', 'scopeBert', 'nextSentence.json') as {
      cases: { first: string; second: string; probability: number }[];
    };
    assert.ok(cases.length >= 4);
    for (const { first, second, probability } of cases) {
      assertClose(await nextSentence(model, first, second), probability, 1e-5);
    }
  });

  it('lets the cat sit on the mat, in both languages', async () => {
    for (const [sentence, word] of [
      ['The cat sat on the [MASK].', 'mat'],
      ['小猫坐在[MASK]子上。', '垫'],
    ] as const) {
      const [mask] = await fillMask(model, sentence, { topK: 5 });
      assert.ok(
        mask?.candidates.some(({ piece }) => piece === word),
        sentence,
      );
    }
  });

  it('has the heads that its card names: none looks more at the previous or the next token', async () => {
    const { models } = read('models', 'manifest.json') as {
      models: { id: string; figures: { heads: Record<string, { layer: number; head: number }> } }[];
    };
    const { heads } = models.find(({ id }) => id === 'scope-bert')!.figures;
    await configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    });
    const source = { id: 'scope-bert', folder: folderOf('scope-bert') };
    const attention = await AttentionModel.load(source, 'wasm', 1);
    const written = readWritten(root);
    const scores = { previous: new Map<string, number>(), next: new Map<string, number>() };
    for (const text of [...textsOf(written, 'en'), ...textsOf(written, 'zh')]) {
      const ids = attention.tokenizer.tokenize(text, 256).tokens.map(({ id }) => id);
      const n = ids.length;
      (await attention.attend(ids)).forEach(({ numHeads, data }, layer) => {
        for (let head = 0; head < numHeads; head++) {
          const key = `${layer}.${head}`;
          for (const [kind, step] of [
            ['previous', -1],
            ['next', 1],
          ] as const) {
            const score = meanOver(n - 2, (i) => data[(head * n + i + 1) * n + i + 1 + step]!);
            scores[kind].set(key, (scores[kind].get(key) ?? 0) + score);
          }
        }
      });
    }
    await attention.release();
    for (const kind of ['previous', 'next'] as const) {
      const [best] = [...scores[kind]].reduce((top, each) => (each[1] > top[1] ? each : top));
      assert.equal(best, `${heads[kind]!.layer}.${heads[kind]!.head}`, kind);
    }
  });
});

describe('scope-bert-sentiment', function () {
  this.timeout(60_000);

  it('names its classes and tells plain praise from plain blame', async () => {
    const model = await loadLanguageModel(folderOf('scope-bert-sentiment'));
    for (const [text, label] of [
      ['A wonderful film, moving and beautifully acted.', 'positive'],
      ['A boring mess, badly written and far too long.', 'negative'],
      ['酒店很干净，服务很好，下次还来。', 'positive'],
      ['房间又小又脏，服务很差，非常失望。', 'negative'],
    ] as const) {
      const classes = await classify(model, text);
      assert.deepEqual(classes.map((each) => each.label).sort(), ['negative', 'positive']);
      assert.equal(classes[0]?.label, label, text);
    }
    await model.release();
  });
});
