import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { cutAtStop } from '../../src/providers/cutAtStop';
import type { Question, Reply } from '../../src/providers/provider';
import { patient } from '../../src/providers/retrying';
import { serverSentence } from '../../src/providers/serverFailure';
import { listServerModels } from '../../src/providers/serverModels';
import { ServerPace, ServerProvider } from '../../src/providers/serverProvider';
import type { ServedModel } from '../../src/protocol/prompts';
import { ModelServer, type Trouble, wait } from '../providers/modelServer';
import { endpointAt, question, served } from '../providers/question';

const never = new AbortController().signal;
const fast = { ...patient, firstWait: 5, longestWait: 20 };

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
