import assert from 'node:assert/strict';
import { join } from 'node:path';
import { examplePrompts } from '../../src/attention/effectExamples';
import { type BlockShape, editFeeds } from '../../src/inference/editFeeds';
import { blockInput } from '../../src/onnx/editNames';
import {
  DirectOfHeads,
  type EffectEdits,
  FindTokens,
  Occlude,
  PredictBase,
  PredictEdited,
  RankHeads,
  ScoreExample,
} from '../../src/protocol/effects';
import { AttentionSession } from '../../src/panels/attentionSession';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { PredictAtToken } from '../../src/protocol/worker';
import type { InferenceClient } from '../../src/worker/client';
import { startClient } from './startClient';

/** Effects through the inference process, on the bundled models. */

const models = join(__dirname, '..', '..', 'models');
const owner = 'effects';
const plain: EffectEdits = { change: 'zero', heads: [], keys: [], onlyAtPosition: false };

describe('effects in the inference process', function () {
  this.timeout(60_000);
  let client: InferenceClient;
  before(() => {
    client = startClient('native');
  });
  after(() => client.dispose());

  const attend = async (id: string, text: string): Promise<{ place: Place; words: readonly number[] }> => {
    const model = { id, folder: join(models, id) };
    const { token } = new CancellationTokenSource();
    const run = await client.attend({ model, owner, text, textWasCut: false }, token);
    return {
      place: { model, owner, runId: run.runId, position: run.tokens.length - 1 },
      words: run.words,
    };
  };

  it('scope-bert: what is ranked is what each switch does, in batches as one by one', async () => {
    const { place: last, words } = await attend('scope-bert', 'The cat sat on the mat because it was warm.');
    const place = { ...last, position: 7 };
    const base = await client.request(PredictBase, { ...place, topK: 5 });
    const sampling = {};
    const plainly = await client.request(PredictAtToken, { ...place, sampling });
    assert.deepEqual(
      base.candidates.map(({ id }) => id),
      plainly.candidates.slice(0, 5).map(({ id }) => id),
    );
    assert.ok(Math.abs(base.candidates[0]!.probability - plainly.candidates[0]!.probability) < 1e-5);
    assert.equal(base.actual?.piece, 'because');
    assert.equal(base.direct, 'postNorm');
    const target = { targetId: base.actual.id };
    const progress: number[] = [];
    const ranked = await client.followed(
      RankHeads,
      { ...place, ...target, change: 'zero', onlyAtPosition: false },
      (done) => progress.push(done),
    );
    assert.equal(progress.at(-1), 28);
    const heads = new Float32Array(ranked.heads);
    for (const head of [
      { layer: 2, head: 0 },
      { layer: 3, head: 5 },
    ]) {
      const edits = { ...plain, heads: [head] };
      const { measure } = await client.request(PredictEdited, { ...place, ...target, edits, topK: 3 });
      assert.ok(Math.abs(ranked.measure - measure - heads[head.layer * 6 + head.head]!) < 1e-4);
    }
    const occluded = await client.request(Occlude, { ...place, ...target, groups: words });
    const tokens = new Float32Array(occluded.tokens);
    assert.equal(occluded.how, 'mask');
    assert.ok(
      [0, 7, 12].every((token) => Number.isNaN(tokens[token])),
      'special tokens and the place stay',
    );
    assert.ok([1, 6, 8].every((token) => Number.isFinite(tokens[token])));
    await assert.rejects(
      client.request(RankHeads, {
        ...{ ...place, ...target, change: 'otherOutput' as const, onlyAtPosition: false },
        otherText: 'Too short.',
      }),
      (error) => isScopeError(error, 'lengthsDiffer'),
    );
    await assert.rejects(
      client.request(DirectOfHeads, { ...place, ...target }),
      (error) => isScopeError(error, 'modelUnsupported') && error.detail === 'postNorm',
    );
    await assert.rejects(client.request(PredictBase, { ...place, position: 99, topK: 5 }), (error) =>
      isScopeError(error, 'badRequest'),
    );
  });

  it('scope-gpt: induction heads bring repeated words, and indirect objects are beyond it', async () => {
    const [prompt] = examplePrompts('words');
    const { place } = await attend('scope-gpt', prompt!.text);
    const { model } = place;
    const score = await client.request(ScoreExample, { model, owner, prompts: examplePrompts('words') });
    assert.ok(score.numPrompts === 32 && score.numAbove >= 26, JSON.stringify(score));
    const indirect = await client.request(ScoreExample, { model, owner, prompts: examplePrompts('ioi') });
    assert.ok(indirect.numPrompts === 32 && indirect.numAbove <= 22, JSON.stringify(indirect));
    const brought = new Float32Array(score.direct!.heads);
    const best = [...brought.keys()].sort((a, b) => brought[b]! - brought[a]!).slice(0, 3);
    // The heads that “Test for induction” finds in this model.
    assert.deepEqual(
      best.sort((a, b) => a - b),
      [12, 14, 19],
    );

    const [target, contrast, none] = await client.request(FindTokens, {
      ...{ model, owner },
      texts: [prompt!.target, prompt!.contrast, ' not one token'],
    });
    assert.equal(none, null);
    const asked = { ...place, targetId: target!.id, contrastId: contrast!.id };
    const base = await client.request(PredictBase, { ...place, topK: 3 });
    assert.ok(base.head === 'causal' && base.actual === null && base.rounds && base.direct === 'yes');
    const direct = await client.request(DirectOfHeads, asked);
    const sum = new Float32Array(direct.heads).reduce((total, value) => total + value, direct.rest);
    assert.ok(Math.abs(sum - direct.measure) < 1e-4);
    const edits = { ...plain, keys: [0, 1] };
    const hidden = await client.request(PredictEdited, { ...asked, edits, topK: 3 });
    assert.ok(Math.abs(hidden.measure - direct.measure) > 0.05, 'hidden tokens are missed');
    const { token, cancel } = cancelled();
    const ranking = client.followed(
      RankHeads,
      { ...asked, change: 'mean' as const, onlyAtPosition: true },
      cancel,
      token,
    );
    await assert.rejects(ranking, (error) => isScopeError(error, 'cancelled'));
  });

  it('are measured where the process has no number, as in the browser', async () => {
    const nameless = Object.create(client, { processId: { value: undefined } }) as InferenceClient;
    const session = new AttentionSession('nameless', {
      client: nameless,
      currentModel: () => ({ id: 'scope-gpt', folder: join(models, 'scope-gpt') }),
      failed: ({ message, code }) => ({ kind: 'failed', message, detail: code, action: 'retry' }),
      log: () => undefined,
      changed: () => undefined,
    });
    const text = {
      text: 'The cat sat',
      wasCut: false,
      uri: '',
      offset: 0,
      name: '',
      startLine: 1,
      endLine: 1,
    };
    await session.analyse(text);
    const { view } = session;
    assert.ok(view);
    const place = { runId: view.runId, position: view.tokens.length - 1 };
    const { token } = new CancellationTokenSource();
    const base = await session.effect(PredictBase, { ...place, topK: 5 }, () => undefined, token);
    assert.equal(base.candidates.length, 5);
  });

  it('lays edits out as a fused operator gives its heads: tokens, then heads side by side', () => {
    const shape: BlockShape = { numHeads: 2, numQueries: 2, numKeys: 2, size: 2, layout: 'BSH' };
    const feeds = editFeeds([shape], [{ heads: [{ layer: 0, head: 1, with: Float32Array.of(1, 2, 3, 4) }] }]);
    const [gate, added] = (['gate', 'added'] as const).map((input) => feeds.get(blockInput(0, input))!);
    assert.deepEqual(
      [gate!.dims, [...gate!.data]],
      [
        [1, 1, 4],
        [1, 1, 0, 0],
      ],
    );
    assert.deepEqual(
      [added!.dims, [...added!.data]],
      [
        [1, 2, 4],
        [0, 0, 1, 2, 0, 0, 3, 4],
      ],
    );
  });
});

interface Place {
  readonly model: { readonly id: string; readonly folder: string };
  readonly owner: string;
  readonly runId: number;
  readonly position: number;
}

/** Cancels as soon as the first head is done. */
function cancelled(): { token: CancellationTokenSource['token']; cancel: () => void } {
  const source = new CancellationTokenSource();
  return {
    token: source.token,
    cancel: () => {
      source.cancel();
    },
  };
}
