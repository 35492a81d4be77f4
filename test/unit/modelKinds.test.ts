import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupOf, shapeOf } from '../../src/host/modelKinds';

const root = join(__dirname, '..', '..');
const config = (...path: string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, ...path, 'config.json'), 'utf8')) as Record<string, unknown>;

describe('what a model is for', () => {
  it('follows from the configuration where the hub says nothing', () => {
    const groups = {
      'scope-bert': 'attention',
      'scope-bert-sentiment': 'sentiment',
      'scope-gpt': 'generation',
      'scope-clip': 'pictures',
      'scope-seq2seq': 'translation',
    };
    for (const [id, group] of Object.entries(groups)) {
      assert.equal(groupOf(undefined, config('models', id)), group, id);
    }
    const speech = config('test', 'fixtures', 'speech', 'whisper');
    assert.equal(groupOf(undefined, speech), 'other');
    const vit = config('test', 'fixtures', 'vision', 'vit');
    assert.equal(groupOf(undefined, vit), 'pictures');
  });

  it('follows from what the hub says where there is no configuration yet', () => {
    assert.equal(groupOf('fill-mask', {}), 'attention');
    assert.equal(groupOf('text-generation', {}), 'generation');
    assert.equal(groupOf('text-classification', {}), 'sentiment');
    assert.equal(groupOf('zero-shot-image-classification', {}), 'pictures');
    assert.equal(groupOf('translation', {}), 'translation');
    assert.equal(groupOf('automatic-speech-recognition', {}), 'other');
    assert.equal(groupOf(undefined, {}), 'attention');
  });
});

describe('the shape of a model', () => {
  it('is read in every spelling', () => {
    // As the models' cards state it.
    assert.deepEqual(shapeOf(config('models', 'scope-bert')), { numLayers: 4, numHeads: 6, maxTokens: 256 });
    assert.deepEqual(shapeOf(config('models', 'scope-gpt')), { numLayers: 4, numHeads: 6, maxTokens: 512 });
    assert.deepEqual(shapeOf(config('models', 'scope-seq2seq')), {
      numLayers: 3,
      numDecoderLayers: 2,
      numHeads: 4,
      maxTokens: 128,
    });
    assert.deepEqual(shapeOf(config('models', 'scope-clip')), {
      numLayers: 4,
      numHeads: 4,
      imageSize: 64,
      patchSize: 8,
    });
  });

  it('does not count the positions that RoBERTa never uses', () => {
    // roberta-base on the hub: 514 positions, texts of 512 tokens.
    const roberta = { model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 };
    assert.deepEqual(shapeOf(roberta), { maxTokens: 512 });
  });

  it('is unknown where nothing is said', () => {
    assert.deepEqual(shapeOf({}), {});
  });
});
