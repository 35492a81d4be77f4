import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPatterns } from '../../src/attention/patternTable';
import type { AttentionRun } from '../../src/protocol/attention';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import type { TokenPrediction } from '../../src/protocol/language';
import type { ModelSource } from '../../src/protocol/model';
import { Combine, Patterns, PredictAtToken, SomeThumbnails, TestInduction } from '../../src/protocol/worker';
import type { InferenceClient } from '../../src/worker/client';
import { languageFolder, readExpected } from '../fixtures/language/models';
import { type ExpectedTensor, decodeFloats } from '../fixtures/graphCases';
import { startClient } from './startClient';

/** What pages ask of a run, against numbers worked out here from PyTorch's attentions. */

interface CardHead {
  readonly layer: number;
  readonly head: number;
}

const root = join(__dirname, '..', '..');
const model = { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') };
const goldens = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'scopeBert', 'golden.json'), 'utf8'),
) as {
  text: string;
  attentions: ExpectedTensor;
  maskedTop5: { id: number; probability: number }[] | null;
}[];
const { text, attentions } = goldens[0]!;
const [numLayers = 0, numHeads = 0, n = 0] = attentions.dims;
const golden = decodeFloats(attentions.data);
const weight = (layer: number, head: number, query: number, key: number): number =>
  golden[((layer * numHeads + head) * n + query) * n + key]!;
const cells = (valueOf: (query: number, key: number) => number): number[] =>
  Array.from({ length: n * n }, (_, index) => valueOf(Math.floor(index / n), index % n));
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function assertNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => {
    assert.ok(Math.abs(actual[index]! - value) < 1e-4, `${actual[index]} is not ${value} at ${index}`);
  });
}

describe('views of a run', function () {
  this.timeout(60_000);
  let client: InferenceClient;
  let run: AttentionRun;
  before(async () => {
    client = startClient('native');
    run = await attend(model, text);
  });
  after(() => client.dispose());
  const attend = (source: ModelSource, what: string): Promise<AttentionRun> =>
    client.attend(
      { model: source, text: what, owner: `test ${source.id} ${what}`, textWasCut: false },
      new CancellationTokenSource().token,
    );

  it('combine heads', async () => {
    const heads = [
      { layer: 0, head: 1 },
      { layer: 2, head: 3 },
      { layer: 3, head: 0 },
    ];
    for (const how of ['mean', 'max'] as const) {
      const { weights } = await client.request(Combine, { runId: run.runId, how, heads });
      assertNear(
        new Float32Array(weights),
        cells((query, key) => {
          const values = heads.map(({ layer, head }) => weight(layer, head, query, key));
          return how === 'max' ? Math.max(...values) : mean(values);
        }),
      );
    }
  });

  it('roll attention out through the layers', async () => {
    let expected = cells((query, key) => (query === key ? 1 : 0));
    for (const layer of range(numLayers)) {
      const mixed = cells(
        (query, key) =>
          (mean(range(numHeads).map((head) => weight(layer, head, query, key))) + (query === key ? 1 : 0)) /
          2,
      );
      const before = expected;
      expected = cells((query, key) =>
        range(n).reduce((sum, inner) => sum + mixed[query * n + inner]! * before[inner * n + key]!, 0),
      );
    }
    const { weights } = await client.request(Combine, {
      runId: run.runId,
      how: 'rollout',
      heads: [{ layer: numLayers - 1, head: 0 }],
    });
    assertNear(new Float32Array(weights), expected);
  });

  it('measure every head', async () => {
    const { data } = await client.request(Patterns, { runId: run.runId });
    const heads = unpackPatterns(data);
    assert.equal(heads.length, numLayers * numHeads);
    heads.forEach((patterns, index) => {
      const layer = Math.floor(index / numHeads);
      const head = index % numHeads;
      const diagonal = (distance: number): number =>
        mean(
          range(n)
            .filter((query) => query + distance >= 0 && query + distance < n)
            .map((query) => weight(layer, head, query, query + distance)),
        );
      const special = mean(range(n).map((q) => weight(layer, head, q, 0) + weight(layer, head, q, n - 1)));
      const entropy = mean(
        range(n).map((query) =>
          range(n).reduce((sum, key) => {
            const w = weight(layer, head, query, key);
            return w > 0 ? sum - (w * Math.log(w)) / Math.log(n) : sum;
          }, 0),
        ),
      );
      assertNear(
        [patterns.previous, patterns.next, patterns.self, patterns.special, patterns.entropy],
        [diagonal(-1), diagonal(1), diagonal(0), special, entropy],
      );
    });
  });

  it('draw thumbnails of the tokens that stay', async () => {
    const kept = range(n).slice(1, -1);
    const { size, data } = await client.request(SomeThumbnails, {
      runId: run.runId,
      kept,
      renormalise: true,
    });
    assert.equal(size, kept.length);
    const rowSum = kept.reduce((sum, key) => sum + weight(1, 2, 2, key), 0);
    const origin = (1 * numHeads + 2) * size * size;
    kept.forEach((key, column) => {
      const shown = new Uint8Array(data)[origin + 1 * size + column]!;
      assert.ok(Math.abs(shown - (255 * weight(1, 2, 2, key)) / rowSum) <= 1);
    });
  });

  it('test for induction with the same tokens for the same seed', async () => {
    const ask = (seed: number): Promise<number[]> =>
      client
        .request(TestInduction, { model, owner: 'test', copyLength: 20, seed })
        .then(({ data }) => unpackPatterns(data).map((each) => each.induction));
    const first = await ask(1);
    assert.equal(first.length, numLayers * numHeads);
    assert.ok(first.every((score) => score >= 0 && score <= 1));
    assert.deepEqual(await ask(1), first);
    assert.notDeepEqual(await ask(2), first);
  });

  it('find the induction head and the previous-token head that the card of scope-gpt names', async () => {
    const manifest = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8')) as {
      models: { id: string; figures: { heads: Record<'induction' | 'previousToken', CardHead> } }[];
    };
    const heads = manifest.models.find(({ id }) => id === 'scope-gpt')!.figures.heads;
    const gpt = { id: 'scope-gpt', folder: join(root, 'models', 'scope-gpt') };
    const { data } = await client.request(TestInduction, {
      model: gpt,
      owner: 'test',
      copyLength: 50,
      seed: 3,
    });
    const found = unpackPatterns(data);
    const best = (pattern: 'induction' | 'previous'): number =>
      found.reduce((top, head, index) => (head[pattern] > found[top]![pattern] ? index : top), 0);
    const index = ({ layer, head }: CardHead): number => layer * 6 + head;
    assert.equal(best('induction'), index(heads.induction));
    assert.ok(found[index(heads.induction)]!.induction > 0.6);
    assert.equal(best('previous'), index(heads.previousToken));
  });

  it('say what a masked model expects in place of a token', async () => {
    const masked = goldens.filter((each) => each.maskedTop5 !== null);
    assert.ok(masked.length >= 2);
    for (const golden of masked) {
      const { runId, tokens } = await attend(model, golden.text);
      const position = tokens.findIndex((token) => token.piece === '[MASK]');
      const { head, candidates } = await client.request(PredictAtToken, {
        model,
        owner: 'test',
        runId,
        position,
        sampling: {},
      });
      assert.equal(head, 'masked');
      golden.maskedTop5?.forEach(({ id, probability }, index) => {
        assert.equal(candidates[index]?.id, id);
        assertNear(
          [candidates[index]?.probability ?? NaN, candidates[index]?.drawn ?? NaN],
          [probability, probability],
        );
      });
    }
  });

  it('say what a causal model expects after a token', async () => {
    const expected = readExpected<{
      prompt: string;
      ids: number[];
      logProbabilities: number[];
      top5: { id: number; probability: number }[];
    }>('causal');
    const causal = { id: 'causal', folder: join(languageFolder, 'causal') };
    const { runId, tokens } = await attend(causal, expected.prompt);
    const predict = (position: number, sampling = {}): Promise<TokenPrediction> =>
      client.request(PredictAtToken, { model: causal, owner: 'test', runId, position, sampling });
    for (const position of [0, 3, tokens.length - 2]) {
      const { actual } = await predict(position);
      assert.equal(actual?.id, expected.ids[position + 1]);
      assertNear([actual?.probability ?? NaN], [Math.exp(expected.logProbabilities[position]!)]);
    }
    const last = await predict(tokens.length - 1, { temperature: 1, topK: 2 });
    assert.equal(last.actual, null);
    const [first, second] = expected.top5;
    const both = first!.probability + second!.probability;
    assertNear(
      last.candidates.slice(0, 3).map((each) => each.drawn),
      [first!.probability / both, second!.probability / both, 0],
    );
    assertNear(
      last.candidates.slice(0, 5).map((each) => each.probability),
      expected.top5.map((each) => each.probability),
    );
    await assert.rejects(predict(tokens.length), (error) => isScopeError(error, 'badRequest'));
  });

  it('refuse what does not exist', async () => {
    const { runId } = run;
    const refused = (request: Promise<unknown>): Promise<void> =>
      assert.rejects(request, (error) => isScopeError(error, 'badRequest'));
    await refused(client.request(Combine, { runId, how: 'mean', heads: [] }));
    await refused(client.request(Combine, { runId, how: 'max', heads: [{ layer: 0, head: -1 }] }));
    await refused(client.request(SomeThumbnails, { runId, kept: [], renormalise: false }));
    await refused(client.request(SomeThumbnails, { runId, kept: [2, 1], renormalise: false }));
    await refused(client.request(SomeThumbnails, { runId, kept: [n], renormalise: false }));
    await assert.rejects(client.request(Patterns, { runId: 999 }), (error) =>
      isScopeError(error, 'runExpired'),
    );
  });
});
