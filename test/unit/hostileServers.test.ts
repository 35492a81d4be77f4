import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import type { ServedModel } from '../../src/protocol/prompts';
import { EditorProvider } from '../../src/providers/editorProvider';
import { readEndpoints } from '../../src/providers/endpoint';
import type { Question } from '../../src/providers/provider';
import { patient } from '../../src/providers/retrying';
import { errorSentence, serverSentence } from '../../src/providers/serverFailure';
import { listServerModels } from '../../src/providers/serverModels';
import { ServerPace, ServerProvider } from '../../src/providers/serverProvider';
import { AnyServer, type Answer, endlessly } from '../providers/anyServer';

/** Servers of models that answer what no server should. */

const key = 'sk-secret+/"key"';
const question: Question = {
  prompt: { text: 'one two', parts: [], template: 'study' },
  messages: [{ role: 'user', content: 'one two' }],
  sampling: {
    temperature: 0,
    topK: 0,
    topP: 1,
    minP: 0,
    repetitionPenalty: 1,
    maxNewTokens: 5,
    seed: 1,
    stop: [],
  },
};
const none = new CancellationTokenSource().token;
const events = { 'content-type': 'text/event-stream' };
const word = (content: unknown): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

describe('a hostile model server', function () {
  this.timeout(60_000);
  let server: AnyServer;
  let elsewhere: AnyServer;
  before(async () => {
    server = await new AnyServer().start();
    elsewhere = await new AnyServer().start();
  });
  after(async () => {
    await server.stop();
    await elsewhere.stop();
  });

  const providerOf = (
    kind: string,
    api: ServedModel['api'] = 'chat',
    timeoutSeconds = 30,
  ): ServerProvider => {
    const [endpoint] = readEndpoints([
      { id: 'here', url: `${server.url}/v1`, type: kind, timeoutSeconds },
    ]).endpoints;
    assert.ok(endpoint);
    const model: ServedModel = { id: 'm', provider: 'server', endpoint: 'here', model: 'm', api };
    const link = {
      fetch: (url: string, init: RequestInit) => fetch(url, init),
      key: () => Promise.resolve(key),
      allowed: () => Promise.resolve(true),
      patience: { ...patient, tries: 2, firstWait: 1, longestWait: 2 },
    };
    return new ServerProvider(model, endpoint, link, new ServerPace(endpoint));
  };

  /** What a person is told: a code with one short line, in which there is no key. */
  const failure = async (answer: Answer, seconds = 30): Promise<string> => {
    server.answer = answer;
    const heap = process.memoryUsage().heapUsed;
    const error = await providerOf('openai', 'chat', seconds)
      .ask(question, () => undefined, none)
      .then(
        (reply) => assert.fail(`answered ${JSON.stringify(reply).slice(0, 200)}`),
        (each: unknown) => each,
      );
    assert.ok(isScopeError(error), String(error));
    assert.match(error.code, /^server/);
    const told = `${error.message} ${error.detail ?? ''}`;
    assert.ok(told.length < 2000 && !/\n\s*at /.test(told), told.slice(0, 500));
    assert.doesNotMatch(told, /[\u0000-\u001f\u007f-\u009f\u202e]/);
    for (const form of [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), btoa(key)]) {
      assert.ok(!told.includes(form), told);
    }
    assert.ok(process.memoryUsage().heapUsed - heap < 400e6, 'memory');
    return `${error.code}: ${error.detail ?? ''}`;
  };
  const stream =
    (text: string): Answer =>
    (response) =>
      response.writeHead(200, events).end(text);
  const whole =
    (body: string, type = 'application/json', status = 200): Answer =>
    (response) =>
      response.writeHead(status, { 'content-type': type }).end(body);

  it('is left when it sends without end, whatever it sends', async () => {
    const begin =
      (piece: string, head = ''): Answer =>
      (response) => {
        response.writeHead(200, events);
        response.write(head);
        endlessly(response, piece);
      };
    const big = 'x'.repeat(100_000);
    assert.match(await failure(begin(big, 'data: ')), /line without an end/);
    assert.match(await failure(begin(`data: ${big}\n`)), /event without an end/);
    // Lines that have nothing in them, which no length counts.
    assert.match(await failure(begin('data:\n'.repeat(50_000))), /event without an end/);
    assert.match(await failure(begin(word(big))), /more text than was asked for/);
    assert.match(
      await failure(begin(`data: {"choices":[{"delta":{"reasoning_content":"${big}"}}]}\n\n`)),
      /thought without an end/,
    );
    assert.match(
      await failure(
        begin(
          `data: {"choices":[{"delta":{},"logprobs":{"content":[${'{"logprob":-1},'.repeat(3000)}{}]}}]}\n\n`,
        ),
      ),
      /more probabilities/,
    );
    assert.match(await failure(begin(`: ${big}\n\n`)), /more than 64 MB/);
    assert.match(
      await failure((response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        endlessly(response, ' '.repeat(100_000));
      }),
      /more than 64 MB|no JSON/,
    );
  });

  it('is left when it says nothing, also when it says so again and again', async () => {
    for (const piece of [
      ': ping\n\n',
      word(''),
      'data: {"choices":[]}\n\n',
      'data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n',
    ]) {
      const said = await failure((response) => {
        response.writeHead(200, events);
        endlessly(response, piece, 100);
      }, 1);
      assert.match(said, /^serverSilent/, piece);
    }
    assert.match(await failure(() => undefined, 1), /^serverSilent/);
    assert.match(
      await failure((response) => response.writeHead(200, events).write('data: '), 1),
      /^serverSilent/,
    );
  });

  it('is told apart from one that answers, by whatever it sends', async () => {
    const deep = '['.repeat(200_000);
    for (const body of [
      '',
      '{',
      'null',
      '7',
      '[]',
      '"x"',
      '{}',
      '{"choices":7}',
      '<html>Sign in</html>',
      deep,
      '\ufeff{}',
      '\0',
    ]) {
      assert.match(await failure(whole(body)), /^server(Answer|Unreachable)/, body.slice(0, 20));
    }
    for (const text of [
      'data: <html>\n\n',
      'data: [1]\n\n',
      'data: null\n\n',
      `data: ${deep}\n\n`,
      'event: x\ndata: {}\n\n',
      '\0\0\0',
      'retry: 1\n\n',
    ]) {
      assert.match(await failure(stream(text)), /^server(Answer|Unreachable)/, text.slice(0, 20));
    }
    const odd = [{ content: { a: 1 } }, { content: 7 }, [], 'x', null, { content: ['x'] }];
    for (const delta of odd) {
      server.answer = stream(
        `data: ${JSON.stringify({ choices: [{ delta, finish_reason: { a: 1 } }], usage: { prompt_tokens: -1, completion_tokens: 1e300 } })}\n\ndata: [DONE]\n\n`,
      );
      const reply = await providerOf('openai').ask(question, () => undefined, none);
      assert.deepEqual([reply.text, reply.numPromptTokens, reply.numNewTokens], ['', 0, 0]);
    }
    server.answer = stream(
      `data: {"choices":[{"text":"x","delta":{"content":"x"},"finish_reason":"${'y'.repeat(10_000)}","logprobs":{"content":[{"logprob":-1e999},{"logprob":"x"},null,{"logprob":-1}]}}]}\n\n`,
    );
    const reply = await providerOf('openai').ask(question, () => undefined, none);
    assert.ok(reply.finish.length <= 40 && Number.isFinite(reply.meanBits));
  });

  it('never gets its own words, or the key, past one short line', async () => {
    const hostile = `\u001b[2J\u001b]0;owned\u0007 \u202e ${key} ${encodeURIComponent(key)} ${btoa(key)}\r\n\u009b31m<script>`;
    for (const [status, code] of [
      [400, 'serverRefused'],
      [401, 'serverKey'],
      [500, 'serverBusy'],
    ] as const) {
      for (const body of [
        hostile,
        JSON.stringify({ error: { message: hostile } }),
        JSON.stringify({ error: hostile }),
        JSON.stringify({ detail: [{ msg: hostile }] }),
      ]) {
        assert.match(await failure(whole(body, 'application/json', status)), new RegExp(`^${code}`));
      }
    }
    assert.match(
      await failure(stream(`data: ${JSON.stringify({ error: { message: hostile, code: 429 } })}\n\n`)),
      /^serverBusy/,
    );
    await failure(whole('{"error":'.repeat(20_000) + '1' + '}'.repeat(20_000), 'application/json', 400));
    await failure(whole(`{"message": "${'x'.repeat(5_000_000)}"}`, 'application/json', 400));
    let deep: unknown = 'x';
    for (let level = 0; level < 50_000; level++) {
      deep = { error: deep };
    }
    assert.equal(typeof errorSentence(deep), 'string');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 4 }), (text, secret) => {
        const line = serverSentence(`${text}${secret}${text}`, secret);
        assert.ok(
          line.length <= 301 &&
            !line.includes(secret.trim() === secret && !/[\s\p{C}…]/u.test(secret) ? secret : '\0'),
        );
      }),
      { seed: 1 },
    );
  });

  it('is not followed to another place, and the key goes nowhere else', async () => {
    for (const location of [
      `${elsewhere.url}/v1`,
      '//evil.example/',
      'http://[',
      'file:///etc/passwd',
      'data:,x',
      '/v1/chat/completions',
    ]) {
      const said = await failure((response) => response.writeHead(302, { location }).end());
      assert.match(said, /^serverRefused: .*elsewhere/);
    }
    assert.deepEqual(elsewhere.asked, []);
    assert.ok(server.asked.every(({ authorization }) => authorization === `Bearer ${key}`));
  });

  it('lists models, or is said not to', async () => {
    const [endpoint] = readEndpoints([{ id: 'here', url: `${server.url}/v1` }]).endpoints;
    assert.ok(endpoint);
    const list = (body: string): Promise<string[]> => {
      server.answer = whole(body);
      return listServerModels(endpoint, {
        fetch: (url, init) => fetch(url, init),
        key: undefined,
        signal: new AbortController().signal,
      });
    };
    for (const body of ['{}', '[]', '{"data": {"length": 1e9}}', '<html>', '{"data": 7}']) {
      await assert.rejects(list(body), (error) => isScopeError(error, 'serverAnswer'), body);
    }
    const ids = [
      null,
      7,
      {},
      { id: '' },
      { id: 'x'.repeat(301) },
      { id: ['a'] },
      { id: 'ok' },
      { id: '__proto__' },
    ];
    assert.deepEqual(await list(JSON.stringify({ data: ids })), ['__proto__', 'ok']);
    assert.equal(
      (await list(JSON.stringify({ data: Array.from({ length: 20_000 }, (_, id) => ({ id: `m${id}` })) })))
        .length,
      5000,
    );
  });

  it('is no worse as a model of the editor', async () => {
    const talk = async function* (): AsyncGenerator<string> {
      for (;;) {
        await Promise.resolve();
        yield 'x'.repeat(10_000);
      }
    };
    const models = {
      send: talk,
      countTokens: () => Promise.reject(new Error('no')),
      allowed: () => Promise.resolve(true),
    };
    const provider = new EditorProvider({ id: 'e', provider: 'editor', model: 'v/e' }, models);
    await assert.rejects(
      provider.ask(question, () => undefined, none),
      (error) => isScopeError(error, 'editorModelRefused'),
    );
  });
});
