import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { SelectedText } from '../../src/host/selectedText';
import { AttentionSession } from '../../src/panels/attentionSession';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { isScopeError } from '../../src/protocol/errors';
import type { InferenceClient } from '../../src/worker/client';
import { startClient } from './startClient';

/** The attention page's logit lens on the real inference process: its positions are those of the page's tokens. */

const root = join(__dirname, '..', '..');
const sampling = { temperature: 1, topK: 0, topP: 1 };

function typed(text: string): SelectedText {
  return { text, wasCut: false, uri: '', offset: 0, name: 'text', startLine: 1, endLine: 1 };
}

describe('the layers of the run on show', function () {
  this.timeout(60_000);
  let client: InferenceClient;
  before(() => {
    client = startClient('native');
  });
  after(() => client.dispose());

  const analysed = async (
    name: string,
    text: SelectedText,
  ): Promise<{ session: AttentionSession; view: AttentionView }> => {
    const session = new AttentionSession('test', {
      client,
      currentModel: () => ({ id: name, folder: join(root, 'models', name) }),
      failed: ({ message, code }) => ({ kind: 'failed', message, detail: code, action: 'retry' }),
      log: () => undefined,
      changed: () => undefined,
    });
    await session.analyse(text);
    const { current } = session;
    assert.equal(current.kind, 'ready');
    return { session, view: (current as Extract<typeof current, { kind: 'ready' }>).view };
  };

  for (const [name, text] of [
    ['scope-gpt', 'The cat sat on the mat because it was tired.'],
    ['scope-gpt', 'The cat sat on the mat. '.repeat(400)],
    ['scope-bert', 'The cat sat on the mat because it was tired.'],
    ['scope-bert', 'The cat sat on the mat. '.repeat(400)],
  ] as const) {
    it(`${name}, ${text.length} characters: end with what the predictions show`, async () => {
      const { session, view } = await analysed(name, typed(text));
      assert.equal(view.totalTokens > view.tokens.length, text.length > 1000);
      for (const position of [0, 4, view.tokens.length - 1]) {
        const predicted = await session.predict(view.runId, position, sampling);
        const { layers, ...reading } = await session.layersAt(view.runId, position);
        assert.deepEqual(reading, { head: predicted.head, position });
        assert.equal(layers.length, view.model.numLayers + 1);
        const own = layers.at(-1)!;
        assert.equal(own.candidates.length, 3);
        assert.equal(own.actual?.id, predicted.actual?.id);
        assert.equal(own.actual?.piece, predicted.actual?.piece);
        // An int8 decoder rounds by all it reads: here the whole text, there what stands before.
        const readsTheSame = name === 'scope-bert' || position === view.tokens.length - 1;
        own.candidates.forEach(({ id, probability }, place) => {
          const same = predicted.candidates.find((each) => each.id === id)!;
          assert.ok(Math.abs(probability - same.probability) < (readsTheSame ? 1e-5 : 1e-2));
          assert.ok(!readsTheSame || same === predicted.candidates[place]);
        });
        assert.ok(!readsTheSame || own.actual?.rank === predicted.actual?.rank);
      }
    });
  }

  it('refuse a pair of sentences, a run that is gone and a position outside the text', async () => {
    const pair = { ...typed('The cat sat.\nIt was tired.'), pair: { firstEnd: 12, secondStart: 13 } };
    const both = await analysed('scope-bert', { ...pair, pair: { ...pair.pair, secondOffset: 13 } });
    await assert.rejects(
      both.session.layersAt(both.view.runId, 2),
      (error) => isScopeError(error, 'modelUnsupported') && /other tokens/.test(error.detail ?? ''),
    );
    const { session, view } = await analysed('scope-gpt', typed('The cat sat.'));
    await assert.rejects(session.layersAt(view.runId + 1, 0), (error) => isScopeError(error, 'runExpired'));
    await assert.rejects(session.layersAt(view.runId, 99), (error) => isScopeError(error, 'badRequest'));
  });
});
