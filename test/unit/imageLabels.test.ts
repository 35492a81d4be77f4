import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  faultyTemplates,
  fillTemplate,
  parseLabels,
  parseTemplates,
  promptsOf,
} from '../../src/attention/labelList';
import { labelVectors, scoreLabels } from '../../src/attention/zeroShot';
import { exampleLabels, exampleTemplates, firstTemplate } from '../../src/host/imageExamples';
import { globMatches } from '../../src/host/globMatch';
import { ClipModel } from '../../src/inference/clipModel';
import { graphNames } from '../../src/protocol/graphNames';
import { useWasm } from '../fixtures/vision/models';
import { root } from './sourceTree';

describe('labels and templates', () => {
  it('are read from lines and commas, Chinese ones too, each once', () => {
    assert.deepEqual(parseLabels('cat, dog，鸟、鱼\r\n cat \n\n,'), ['cat', 'dog', '鸟', '鱼']);
    assert.deepEqual(parseLabels('  \n,，'), []);
    assert.deepEqual(parseTemplates('a photo of {}, taken by me.\n\n{}\n{}'), [
      'a photo of {}, taken by me.',
      '{}',
    ]);
    assert.equal(parseLabels(Array.from({ length: 500 }, (_, index) => index).join()).length, 100);
  });

  it('are put together, whatever the label holds', () => {
    assert.equal(fillTemplate('a {} and a {}.', '$& {}'), 'a $& {} and a $& {}.');
    assert.deepEqual(promptsOf(['x', 'y'], ['a {}', '{}']), ['a x', 'x', 'a y', 'y']);
    assert.deepEqual(faultyTemplates(['{}', 'a photo', '{ }']), ['a photo', '{ }']);
  });

  it('make one vector: the mean of the templates’ vectors, brought back to length 1', () => {
    // By hand: the mean of (1, 0) and (0, 1) is (½, ½) of length √½; of (1, 0) and (0.6, 0.8) it is (0.8, 0.4).
    const prompts = [
      [1, 0],
      [0, 1],
      [1, 0],
      [0.6, 0.8],
    ].map((vector) => Float32Array.from(vector));
    const [first, second] = labelVectors(prompts, 2);
    const near = (actual: Float32Array | undefined, wanted: readonly number[]): void => {
      wanted.forEach((value, index) => {
        assert.ok(Math.abs((actual?.[index] ?? NaN) - value) < 1e-6, `${actual} is not ${wanted}`);
      });
    };
    near(first, [Math.SQRT1_2, Math.SQRT1_2]);
    near(second, [2 / Math.sqrt(5), 1 / Math.sqrt(5)]);
    near(labelVectors([Float32Array.of(0.6, 0.8)], 1)[0], [0.6, 0.8]);
  });

  it('are scored by the softmax of the scaled cosines, likeliest first', () => {
    const scores = scoreLabels(
      Float32Array.of(1, 0),
      ['none', 'all', 'half'],
      [Float32Array.of(0, 1), Float32Array.of(1, 0), Float32Array.of(0.5, Math.sqrt(0.75))],
      2,
    );
    assert.deepEqual(
      scores.map(({ label }) => label),
      ['all', 'half', 'none'],
    );
    // e² : e : 1
    const sum = Math.E ** 2 + Math.E + 1;
    for (const [index, weight] of [Math.E ** 2, Math.E, 1].entries()) {
      assert.ok(Math.abs(scores[index]!.probability - weight / sum) < 1e-9);
    }
    assert.deepEqual([scores[1]?.cosine, scores[1]?.logit], [0.5, 1]);
    // A scale at which e to the logit is no number any more.
    assert.equal(scoreLabels(Float32Array.of(1, 0), ['x'], [Float32Array.of(1, 0)], 5000)[0]?.probability, 1);
  });
});

describe('the labels and templates to begin with', function () {
  this.timeout(60_000);
  const samples = join(root, 'media', 'sample', 'images');
  const picturesByLabel = JSON.parse(
    readFileSync(join(root, 'test', 'fixtures', 'scopeClip', 'golden.json'), 'utf8'),
  ) as { readonly pictures: readonly string[]; readonly labels: readonly string[] };

  it('are true of the sample pictures, in both languages, by one template and by all', async () => {
    await useWasm();
    const model = await ClipModel.load(join(root, 'models', 'scope-clip'), graphNames('int8'));
    for (const [side, language] of (['en', 'zh'] as const).entries()) {
      const labels = exampleLabels('scope-clip', language) ?? [];
      // The order of the fixture, which the training's own code wrote.
      assert.deepEqual(labels, picturesByLabel.labels.slice(8 * side, 8 * side + 8));
      for (const templates of [
        [firstTemplate('scope-clip', language)],
        exampleTemplates('scope-clip', language),
      ]) {
        assert.deepEqual(faultyTemplates(templates), []);
        const prompts = promptsOf(labels, templates);
        assert.deepEqual(
          prompts.flatMap((prompt) => model.reading(prompt).unknown),
          [],
        );
        const vectors = labelVectors(await model.embedTexts(prompts), templates.length);
        const { scale } = await model.describe(prompts.slice(0, 4));
        assert.equal(scale.source, 'graph');
        for (const [index, name] of picturesByLabel.pictures.entries()) {
          const bytes = readFileSync(join(samples, name));
          const picture = await model.embedImage({ name, bytes });
          const scores = scoreLabels(picture, labels, vectors, scale.value);
          assert.equal(scores[0]?.label, labels[index], `${name}, ${templates.length} templates`);
        }
      }
    }
    await model.release();
  });

  it('are the same numbers as one zero-shot request gives', async () => {
    const model = await ClipModel.load(join(root, 'models', 'scope-clip'), graphNames('fp32'));
    const name = 'red-tree-on-the-right.png';
    const image = { name, bytes: readFileSync(join(samples, name)) };
    const labels = ['red tree', 'blue tree', 'red house'];
    const whole = await model.zeroShot(image, labels);
    const vectors = labelVectors(await model.embedTexts(promptsOf(labels, ['This is a photo of {}.'])), 1);
    const { scale } = await model.describe(['a red tree']);
    const scores = scoreLabels(await model.embedImage(image), labels, vectors, scale.value);
    whole.labels.forEach(({ label, probability }, index) => {
      assert.equal(scores[index]?.label, label);
      assert.ok(Math.abs(scores[index]!.probability - probability) < 1e-4);
    });
    assert.deepEqual(model.reading('a giraffe 红 zebra'), {
      unknown: ['giraffe', 'zebra'],
      isCut: false,
    });
    assert.equal(model.reading('red '.repeat(100)).isCut, true);
    await model.release();
  });

  it('are published ones for other models, which were trained on English', () => {
    assert.equal(exampleLabels('openai/clip-vit-base-patch32', 'zh'), undefined);
    assert.equal(firstTemplate('openai/clip-vit-base-patch32', 'zh'), 'This is a photo of {}.');
    assert.equal(exampleTemplates('openai/clip-vit-base-patch32', 'zh').length, 7);
  });
});

describe('patterns of hidden files', () => {
  for (const [pattern, hit, miss] of [
    ['**/.git', ['.git', 'a/b/.git'], ['.github', 'a/.git/x']],
    ['**/*.png', ['a.png', 'x/y/b.png'], ['a.png/c', 'a.jpg']],
    ['out', ['out'], ['a/out', 'output']],
    ['build/**', ['build', 'build/x', 'build/x/y.png'], ['rebuild/x', 'a/build/x']],
    ['**/{dist,cache-?}', ['dist', 'a/cache-1'], ['a/cache-10', 'cache-']],
    ['*.{jp,pn}g', ['a.jpg', 'b.png'], ['x/a.jpg', 'a.gif']],
    ['**/[a-c]*.svg', ['bee.svg', 'x/c.svg'], ['d.svg']],
    ['**/[!a]?.svg', ['bb.svg'], ['ab.svg']],
    ['a.b(c)+', ['a.b(c)+'], ['aXb(c)+', 'a.bcc']],
    ['{**/one,**/two/**}', ['x/one', 'two/y'], ['three']],
    ['图片/*', ['图片/猫.png'], ['图/猫.png']],
  ] as const) {
    it(pattern, () => {
      hit.forEach((path) => assert.ok(globMatches(pattern, path), `${path} fits`));
      miss.forEach((path) => assert.ok(!globMatches(pattern, path), `${path} does not fit`));
    });
  }

  it('that are none fit nothing', () => {
    assert.ok(!globMatches('[z-a]', 'z'));
    assert.ok(!globMatches('{a', 'a'));
  });
});
