import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ignoredBy } from '../../src/protocol/abilities';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { cutAtStop } from '../../src/providers/cutAtStop';
import { type Endpoint, priceOf, readEndpoints, serverAbilities } from '../../src/providers/endpoint';
import { MinuteBudget, Slots } from '../../src/providers/pace';
import type { Question, Reply } from '../../src/providers/provider';
import { patient, retrying } from '../../src/providers/retrying';
import { serverEvents } from '../../src/providers/serverEvents';
import { ServerFailure, retryAfterOf, serverSentence } from '../../src/providers/serverFailure';
import { listServerModels } from '../../src/providers/serverModels';
import { ServerPace, ServerProvider } from '../../src/providers/serverProvider';
import type { ServedModel } from '../../src/protocol/prompts';
import { newStudy } from '../../src/prompts/presets';
import { ModelServer, type Trouble, wait } from '../providers/modelServer';

const never = new AbortController().signal;
const fast = { ...patient, firstWait: 5, longestWait: 20 };
const served: ServedModel = {
  id: 'tiny@here',
  provider: 'server',
  endpoint: 'here',
  model: 'tiny',
  api: 'chat',
};
const question: Question = {
  prompt: { text: 'one two three', parts: [], template: 'study' },
  messages: [
    { role: 'system', content: 'You are brief.' },
    { role: 'user', content: 'one two three' },
  ],
  sampling: {
    temperature: 0.5,
    topK: 7,
    topP: 0.9,
    minP: 0.05,
    repetitionPenalty: 1.2,
    maxNewTokens: 20,
    seed: 11,
    stop: ['\n', 'STOP'],
  },
};

function endpointAt(url: string, more: object = {}): Endpoint {
  const { endpoints, problems } = readEndpoints([{ id: 'here', url, ...more }]);
  assert.deepEqual(problems, []);
  return endpoints[0] as Endpoint;
}

describe('the events of a stream', () => {
  async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
    const sorted = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    let from = 0;
    for (const to of sorted) {
      await Promise.resolve();
      yield bytes.subarray(from, to);
      from = to;
    }
  }
  const events = async (text: string, places: readonly number[] = []): Promise<string[]> => {
    const found: string[] = [];
    for await (const event of serverEvents(cut(new TextEncoder().encode(text), places))) {
      found.push(event);
    }
    return found;
  };

  it('are read whatever ends their lines and wherever the pieces are cut, also inside a character', async () => {
    const stream = [
      ': comment\r\n',
      'event: message\r\n',
      'data: {"a":"苹果🍎"}\r\n\r\n',
      'data:no space\n\n',
      ':\n',
      'data: one\rdata: two\r\r',
      'id: 7\n\n',
      'data\n\n',
      'data: [DONE]',
    ].join('');
    const expected = ['{"a":"苹果🍎"}', 'no space', 'one\ntwo', '', '[DONE]'];
    assert.deepEqual(await events(stream), expected);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 30 }), async (places) => {
        assert.deepEqual(await events(stream, places), expected);
      }),
    );
  });

  it('have an end, or are refused', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        await Promise.resolve();
        yield new Uint8Array(1_000_000).fill(120);
      }
    }
    await assert.rejects(async () => {
      for await (const event of serverEvents(endless())) {
        assert.fail(event);
      }
    }, /without an end/);
  });
});

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

describe('the pace of requests', () => {
  it('lets so many in at once, in order, and forgets who leaves', async () => {
    const slots = new Slots(2);
    const order: number[] = [];
    let inside = 0;
    let peak = 0;
    const leaver = new AbortController();
    const task = (name: number, signal = never): Promise<void> =>
      slots.run(signal, async () => {
        order.push(name);
        peak = Math.max(peak, ++inside);
        await wait(2);
        inside--;
      });
    const all = [task(1), task(2), task(3, leaver.signal), task(4), task(5)];
    leaver.abort();
    const ended = await Promise.allSettled(all);
    assert.deepEqual(order, [1, 2, 4, 5]);
    assert.equal(peak, 2);
    assert.equal(ended[2]?.status, 'rejected');
    await task(6);
    assert.equal(order.at(-1), 6);
  });

  it('spends no more than a minute’s worth a minute', async () => {
    let now = 0;
    const waits: number[] = [];
    const budget = new MinuteBudget(
      60,
      () => now,
      (milliseconds) => {
        waits.push(milliseconds);
        now += milliseconds;
        return Promise.resolve();
      },
    );
    for (let taken = 0; taken < 90; taken++) {
      await budget.take(1, never);
    }
    // Sixty at once, then one each second.
    assert.equal(waits.length, 30);
    assert.ok(Math.abs(now - 30_000) < 1e-6);
    budget.correct(1, 11);
    await budget.take(1, never);
    assert.ok(Math.abs((waits.at(-1) ?? 0) - 11_000) < 1e-6);
    // More than fits into a minute is let through after a minute, not never.
    now += 60_000;
    await budget.take(1000, never);
    await budget.take(1, never);
    assert.ok((waits.at(-1) ?? 0) <= 60_000);
  });

  it('waits twice as long each time, and as long as a server asks', async () => {
    const waited: number[] = [];
    const attempt = (failures: readonly Error[]): (() => Promise<string>) => {
      const left = [...failures];
      let last = performance.now();
      return () => {
        waited.push(performance.now() - last);
        last = performance.now();
        const failure = left.shift();
        return failure ? Promise.reject(failure) : Promise.resolve('done');
      };
    };
    const busy = new ServerFailure('serverBusy', '', true);
    const patience = { ...patient, firstWait: 20, longestWait: 40, random: () => 1 };
    assert.equal(await retrying(attempt([busy, busy, busy]), patience, never), 'done');
    [20, 40, 40].forEach((least, index) => {
      assert.ok((waited[index + 1] ?? 0) >= least - 2, `${waited[index + 1]} of ${least}`);
    });
    waited.length = 0;
    await retrying(attempt([new ServerFailure('serverBusy', '', true, 60)]), patience, never);
    assert.ok((waited[1] ?? 0) >= 58);
    await assert.rejects(
      retrying(attempt([new ServerFailure('serverBusy', '', true, 10_000_000)]), patience, never),
      ServerFailure,
    );
    await assert.rejects(retrying(attempt(Array(6).fill(busy) as Error[]), patience, never), ServerFailure);
    waited.length = 0;
    const final = new ServerFailure('serverRefused', '', false);
    await assert.rejects(retrying(attempt([final]), patience, never), ServerFailure);
    assert.equal(waited.length, 1);
    const now = Date.parse('2026-01-01T00:00:00Z');
    assert.equal(retryAfterOf('2', now), 2000);
    assert.equal(retryAfterOf('Thu, 01 Jan 2026 00:00:05 GMT', now), 5000);
    assert.equal(retryAfterOf('soon', now), undefined);
  });
});

describe('a server that speaks OpenAI’s protocol', function () {
  this.timeout(20_000);
  let server: ModelServer;
  let trouble: Trouble | undefined;
  let troubles: number;

  beforeEach(async () => {
    trouble = undefined;
    troubles = 1;
    server = await ModelServer.start(
      (given) => `answer to ${given}`,
      () => (trouble && troubles-- > 0 ? trouble : undefined),
    );
  });
  afterEach(async () => {
    await server.stop();
  });

  const ask = (
    more: object = {},
    model: ServedModel = served,
    { key, onText }: { key?: string; onText?: (text: string) => void } = {},
    asked: Question = question,
  ): Promise<Reply> => {
    const endpoint = endpointAt(server.url, more);
    const link = {
      fetch,
      key: () => Promise.resolve(key),
      allowed: () => Promise.resolve(true),
      patience: fast,
    };
    const provider = new ServerProvider(model, endpoint, link, new ServerPace(endpoint));
    const source = new CancellationTokenSource();
    return provider.ask(asked, onText ?? (() => undefined), source.token);
  };
  const failing = async (code: string, detail: RegExp, more: object = {}): Promise<void> => {
    await assert.rejects(
      ask(more, served, { key: 'sk-secret' }),
      (error: unknown) =>
        isScopeError(error) &&
        error.code === code &&
        detail.test(error.detail ?? '') &&
        !String(error.detail).includes('sk-secret'),
    );
  };

  it('is asked with the study’s settings, streams, and tells tokens, surprisal and price', async () => {
    const texts: string[] = [];
    const more = { type: 'vllm', prices: { tiny: { input: 10, output: 20 } } };
    const reply = await ask(more, served, { key: 'sk-secret', onText: (text) => texts.push(text) });
    assert.equal(reply.text, 'answer to one two three');
    assert.deepEqual(texts, [
      'answer',
      'answer to',
      'answer to one',
      'answer to one two',
      'answer to one two three',
    ]);
    assert.equal(reply.finish, 'stop');
    assert.equal(reply.numPromptTokens, 3);
    assert.equal(reply.numNewTokens, 5);
    // Each word is worth one bit.
    assert.ok(Math.abs((reply.meanBits ?? 0) - 1) < 1e-12);
    assert.ok(Math.abs((reply.price ?? 0) - (3 * 10 + 5 * 20) / 1e6) < 1e-12);
    assert.deepEqual(server.asked[0], {
      path: '/v1/chat/completions',
      authorization: 'Bearer sk-secret',
      body: {
        model: 'tiny',
        messages: question.messages,
        temperature: 0.5,
        top_p: 0.9,
        max_tokens: 20,
        seed: 11,
        stop: ['\n', 'STOP'],
        top_k: 7,
        min_p: 0.05,
        repetition_penalty: 1.2,
        stream: true,
        stream_options: { include_usage: true },
        logprobs: true,
      },
    });
  });

  it('is sent only what its kind understands, and continues texts for base models', async () => {
    await ask({ type: 'openai', without: ['seed'] });
    const { body } = server.asked[0] as (typeof server.asked)[number];
    assert.equal(body['max_completion_tokens'], 20);
    for (const name of ['max_tokens', 'seed', 'top_k', 'min_p', 'repetition_penalty', 'repeat_penalty']) {
      assert.equal(body[name], undefined, name);
    }
    const reply = await ask({ type: 'llamacpp' }, { ...served, api: 'completions' });
    assert.equal(reply.text, 'answer to one two three');
    const second = server.asked[1] as (typeof server.asked)[number];
    assert.equal(second.path, '/v1/completions');
    assert.equal(second.body['prompt'], 'one two three');
    assert.equal(second.body['repeat_penalty'], 1.2);
    assert.equal(second.authorization, undefined);
  });

  it('scores labels where a server echoes a text', async () => {
    const endpoint = endpointAt(server.url, { type: 'vllm' });
    const link = { fetch, key: () => Promise.resolve(undefined), allowed: () => Promise.resolve(true) };
    const model = { ...served, api: 'completions' as const };
    const provider = new ServerProvider(model, endpoint, link, new ServerPace(endpoint));
    const prompt = { ...question.prompt, text: 'Is 🍎 fruit?' };
    const { token } = new CancellationTokenSource();
    const scores = await provider.scoreTexts({ ...question, prompt }, [' yes', ' no way'], token);
    // The stub's words are as likely as one over their length, the space counted.
    assert.ok(Math.abs((scores[0]?.logLikelihood ?? 0) + Math.log(4)) < 1e-12);
    assert.ok(Math.abs((scores[1]?.logLikelihood ?? 0) + Math.log(3) + Math.log(4)) < 1e-12);
    assert.deepEqual(
      scores.map(({ numTokens }) => numTokens),
      [1, 2],
    );
  });

  it('is asked again after what passes: busy, failing, broken off', async () => {
    const passing: readonly Trouble[] = [
      { status: 429, retryAfter: '0' },
      { status: 500 },
      { status: 503, type: 'text/html', body: '<html>busy</html>' },
      { status: 408 },
      { resetAfter: 2 },
      { endsEarly: true },
      { streamError: { message: 'overloaded', type: 'overloaded_error' } },
      { streamError: { message: 'later', code: 503 } },
    ];
    for (const each of passing) {
      trouble = each;
      troubles = 2;
      const before = server.asked.length;
      assert.equal((await ask()).text, 'answer to one two three', JSON.stringify(each));
      assert.equal(server.asked.length - before, 3, JSON.stringify(each));
    }
  });

  it('is not asked again after a refusal, and what it answers wrongly is said clearly', async () => {
    const repeated = JSON.stringify({ error: { message: 'Incorrect key sk-secret', code: 'invalid' } });
    const wrong: readonly [Trouble, string, RegExp][] = [
      [{ status: 401, body: repeated }, 'serverKey', /401: Incorrect key …$/],
      [{ status: 404, body: '{"error":"model \\"tiny\\" not found"}' }, 'serverRefused', /404: model "tiny"/],
      [{ status: 422, body: '{"detail":[{"msg":"bad"}]}' }, 'serverRefused', /422: .*bad/],
      [{ status: 400, body: 'x'.repeat(5000) }, 'serverRefused', /400: x{300}…$/],
      [{ status: 302 }, 'serverRefused', /elsewhere/],
      [{ raw: '<!doctype html><title>x</title>', type: 'text/html' }, 'serverAnswer', /a web page/],
      [{ raw: 'hello', type: 'application/json' }, 'serverAnswer', /no JSON/],
      [{ raw: '[1]', type: 'application/json' }, 'serverAnswer', /another form/],
      [{ raw: '{"a":1}', type: 'application/json' }, 'serverAnswer', /another form/],
      [{ raw: 'data: {oops\n\n', type: 'text/event-stream' }, 'serverAnswer', /no JSON in the stream/],
      [{ endless: true }, 'serverAnswer', /more text than was asked for/],
      [{ streamError: { message: 'bad request', type: 'invalid' } }, 'serverRefused', /bad request/],
    ];
    for (const [each, code, detail] of wrong) {
      trouble = each;
      troubles = 1;
      const before = server.asked.length;
      await failing(code, detail);
      assert.equal(server.asked.length - before, 1, JSON.stringify(each));
    }
    trouble = { silent: true };
    troubles = 9;
    await failing('serverSilent', /nothing for 1 s/, { timeoutSeconds: 1 });
  });

  it('is read also where it does not stream, and cut at stop strings that it does not know', async () => {
    const whole = {
      choices: [{ message: { role: 'assistant', content: 'yes\nand more' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 4, completion_tokens: 3 },
    };
    trouble = { raw: JSON.stringify(whole), type: 'application/json' };
    const reply = await ask();
    assert.equal(reply.text, 'yes');
    assert.equal(reply.numNewTokens, 3);
    assert.equal(reply.meanBits, null);
    const sampling = { ...question.sampling, stop: ['two'] };
    const cut = await ask({ without: ['stop'] }, served, {}, { ...question, sampling });
    assert.equal(cut.text, 'answer to one ');
    assert.equal(cut.finish, 'stop');
    assert.equal(server.asked[1]?.body['stop'], undefined);
    assert.deepEqual(cutAtStop('abcabc', ['ca', 'b', '']), { text: 'a', wasCut: true });
  });

  it('is left at once when a person stops', async () => {
    trouble = { silent: true };
    troubles = 9;
    const endpoint = endpointAt(server.url);
    const link = { fetch, key: () => Promise.resolve(undefined), allowed: () => Promise.resolve(true) };
    const provider = new ServerProvider(served, endpoint, link, new ServerPace(endpoint));
    const source = new CancellationTokenSource();
    const asked = provider.ask(question, () => undefined, source.token);
    while (server.asked.length === 0) {
      await wait(2);
    }
    const started = performance.now();
    source.cancel();
    await assert.rejects(asked, (error: unknown) => isScopeError(error, 'cancelled'));
    assert.ok(performance.now() - started < 1000);
    // The place is free again: the next question goes through.
    trouble = undefined;
    const { token } = new CancellationTokenSource();
    assert.equal((await provider.ask(question, () => undefined, token)).text, 'answer to one two three');
  });

  it('never sees a key over an open line', async () => {
    const endpoint = endpointAt('http://example.org/v1');
    const link = {
      fetch: () => assert.fail('sent'),
      key: () => Promise.resolve('sk-secret'),
      allowed: () => Promise.resolve(true),
    };
    const provider = new ServerProvider(served, endpoint, link, new ServerPace(endpoint));
    const { token } = new CancellationTokenSource();
    await assert.rejects(
      provider.ask(question, () => undefined, token),
      (error: unknown) => isScopeError(error, 'serverUnsafe'),
    );
    assert.equal(serverSentence('a  b\nsk-1', 'sk-1'), 'a b …');
  });

  it('lists its models', async () => {
    const endpoint = endpointAt(server.url);
    assert.deepEqual(await listServerModels(endpoint, { fetch, key: undefined, signal: never }), [
      'other',
      'tiny',
    ]);
    trouble = { raw: '{"models":[]}', type: 'application/json' };
    await assert.rejects(
      listServerModels(endpoint, { fetch, key: undefined, signal: never }),
      (error: unknown) => isScopeError(error, 'serverAnswer'),
    );
  });
});
