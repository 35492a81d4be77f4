import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillMask } from '../../src/inference/fillMask';
import type { LanguageModel } from '../../src/inference/languageModel';
import { isScopeError } from '../../src/protocol/errors';
import { assertClose, languageFolder, loadLanguageModel, readExpected } from '../fixtures/language/models';

interface GoldenCase {
  readonly text: string;
  readonly maskedTop5: readonly { token: string; id: number; probability: number }[] | null;
}

const root = join(languageFolder, '..', '..', '..');

describe('filling masks', function () {
  this.timeout(30_000);
  const models: LanguageModel[] = [];
  const load = async (folder: string): Promise<LanguageModel> => {
    const model = await loadLanguageModel(folder);
    models.push(model);
    return model;
  };
  after(() => Promise.all(models.map((model) => model.release())));

  it('equals PyTorch on the bundled model', async () => {
    const cases = JSON.parse(
      readFileSync(join(root, 'test', 'fixtures', 'scopeBert', 'golden.json'), 'utf8'),
    ) as GoldenCase[];
    const model = await load(join(root, 'models', 'scope-bert'));
    let compared = 0;
    for (const { text, maskedTop5 } of cases) {
      const filled = await fillMask(model, text, { topK: 5 });
      assert.equal(filled.length, maskedTop5 ? 1 : 0, text);
      for (const { start, end, candidates } of filled) {
        assert.equal(text.slice(start, end), '[MASK]');
        assert.deepEqual(
          candidates.map(({ id, piece }) => [id, piece]),
          maskedTop5?.map(({ id, token }) => [id, token]),
        );
        candidates.forEach(({ probability, text: word }, index) => {
          assertClose(probability, maskedTop5?.[index]?.probability as number, 1e-5);
          assert.equal(word, maskedTop5?.[index]?.token);
        });
        compared++;
      }
    }
    assert.ok(compared >= 2);
  });

  it('fills several masks at once', async () => {
    const expected = readExpected<{
      maskedText: string;
      masks: { position: number; top3: { id: number; probability: number }[] }[];
    }>('masked');
    const filled = await fillMask(await load('masked'), expected.maskedText, { topK: 3 });
    assert.deepEqual(
      filled.map(({ position, candidates }) => [position, ...candidates.map(({ id }) => id)]),
      expected.masks.map(({ position, top3 }) => [position, ...top3.map(({ id }) => id)]),
    );
    filled.forEach(({ candidates }, mask) =>
      candidates.forEach(({ probability }, index) =>
        assertClose(probability, expected.masks[mask]!.top3[index]!.probability, 1e-5),
      ),
    );
  });

  it('gives probabilities over the full vocabulary', async () => {
    const [mask] = await fillMask(models[1] as LanguageModel, '[MASK]', { topK: 1000 });
    assert.equal(mask?.candidates.length, 22);
    assertClose(
      mask.candidates.reduce((sum, { probability }) => sum + probability, 0),
      1,
      1e-9,
    );
  });

  it('refuses a causal model', async () => {
    await assert.rejects(fillMask(await load('causal'), 'a [MASK]'), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
  });
});
