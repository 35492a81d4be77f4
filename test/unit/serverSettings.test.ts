import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { ignoredBy } from '../../src/protocol/abilities';
import { priceOf, readEndpoints, serverAbilities } from '../../src/providers/endpoint';
import { newStudy } from '../../src/prompts/presets';
import { endpointAt, question, served } from '../providers/question';

describe('the settings of model servers', () => {
  it('leave out what is wrong, and say why', () => {
    const { endpoints, problems } = readEndpoints([
      {
        id: 'a',
        url: 'http://127.0.0.1:11434/v1/',
        type: 'ollama',
        prices: { '*': { input: 1, output: 2 } },
      },
      { id: 'a', url: 'https://example.org/v1' },
      { id: 'bad id', url: 'https://example.org/v1' },
      { id: 'b', url: 'ftp://example.org' },
      { id: 'c', url: 'https://user:secret@example.org/v1' },
      null,
      {
        id: 'd',
        url: 'https://example.org/v1',
        concurrency: 1e9,
        timeoutSeconds: 'x',
        without: ['seed', 'x'],
      },
    ]);
    assert.deepEqual(
      endpoints.map(({ id, url, kind, concurrency }) => [id, url, kind, concurrency]),
      [
        ['a', 'http://127.0.0.1:11434/v1', 'ollama', 4],
        ['d', 'https://example.org/v1', 'other', 4],
      ],
    );
    assert.equal(problems.length, 5);
    assert.ok(!problems.join().includes('secret'));
    assert.deepEqual(endpoints[1]?.without, ['seed']);
    assert.deepEqual(readEndpoints('x'), { endpoints: [], problems: [] });
  });

  it('price tokens by the million, by model and for all others', () => {
    const endpoint = endpointAt('https://example.org/v1', {
      prices: {
        small: { input: 0.15, output: 0.6 },
        '*': { input: 1, output: 2 },
        bad: { input: -1, output: 0 },
      },
    });
    // 1,000 tokens at 0.15 and 500 at 0.60 for a million: 0.00015 + 0.0003.
    assert.ok(Math.abs((priceOf(endpoint, 'small', 1000, 500) ?? 0) - 0.00045) < 1e-12);
    assert.ok(Math.abs((priceOf(endpoint, 'bad', 1_000_000, 0) ?? 0) - 1) < 1e-12);
    assert.equal(priceOf(endpointAt('https://example.org/v1'), 'small', 1, 1), undefined);
  });

  it('say what each kind of server ignores of a study', () => {
    const begun = newStudy('s', 't', 'The bread was good.', served);
    const { task } = begun;
    const study = { ...begun, sampling: question.sampling, task: { ...task, role: 'You are a baker.' } };
    const ignored = (type: string, api: 'chat' | 'completions' = 'chat', more = {}): string[] =>
      ignoredBy(study, serverAbilities(endpointAt('http://localhost:1/v1', { type, ...more }), api));
    assert.deepEqual(ignored('vllm'), []);
    assert.deepEqual(ignored('ollama'), ['topK', 'minP', 'repetitionPenalty']);
    assert.deepEqual(ignored('openai'), ['topK', 'minP', 'repetitionPenalty']);
    assert.deepEqual(ignored('other'), ['topK', 'minP', 'repetitionPenalty', 'seed', 'logProbabilities']);
    assert.deepEqual(ignored('vllm', 'chat', { without: ['systemRole'] }), ['systemRole']);
    const choosing = {
      ...study,
      task: { ...study.task, labels: ['a'], scorer: { kind: 'choice' as const } },
    };
    const can = serverAbilities(endpointAt('http://localhost:1/v1', { type: 'vllm' }), 'chat');
    assert.deepEqual(ignoredBy(choosing, can), ['labelScores']);
    // What changes nothing is no wish.
    const greedy = { ...study, sampling: { ...study.sampling, temperature: 0, repetitionPenalty: 1 } };
    assert.deepEqual(ignoredBy(greedy, can), []);
  });
});
