import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Hub } from '../../src/hub/hub';
import { isSafePath } from '../../src/hub/modelId';
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

/** Servers that answer what no server should: of models to ask, and the hub that models come from. */

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

type Answer = (response: ServerResponse, url: string) => void;

/** Answers by a function that a test sets. */
class AnyServer {
  answer: Answer = (response) => response.end();
  readonly asked: { url: string; authorization: string | undefined }[] = [];
  private readonly server: Server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    this.asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    this.answer(response, request.url ?? '');
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Sends a piece again and again until nobody listens. */
function endlessly(response: ServerResponse, piece: string, milliseconds = 0): void {
  const send = (): void => {
    if (!response.destroyed) {
      response.write(piece, () => setTimeout(send, milliseconds));
    }
  };
  send();
}

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

describe('a hostile hub', function () {
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
  const hub = (): Hub =>
    new Hub({
      endpoint: server.url,
      fetch: (url, init) => fetch(url, init),
      token: () => Promise.resolve('hf_secret'),
      patience: { answer: 2000, silence: 2000, retries: [1] },
    });
  const json =
    (value: unknown): Answer =>
    (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(typeof value === 'string' ? value : JSON.stringify(value));
  const model = { id: 'a/b', revision: 'main' };
  const refused = async (
    answer: Answer,
    what: () => Promise<unknown> = () => hub().model(model),
  ): Promise<string> => {
    server.answer = answer;
    const error = await what().then(
      (found) => assert.fail(JSON.stringify(found).slice(0, 300)),
      (each: unknown) => each,
    );
    assert.ok(isScopeError(error), String(error));
    assert.match(error.code, /^hub/);
    assert.ok(!/\n\s*at |hf_secret/.test(error.message) && error.message.length < 1000, error.message);
    return `${error.code}: ${error.detail ?? ''}`;
  };

  it('is refused where its listing is none', async () => {
    for (const value of [
      '',
      '{',
      '<html>',
      'null',
      '7',
      '[]',
      '['.repeat(100_000),
      {},
      { id: 'a/b', siblings: [] },
      { sha: 7, siblings: [] },
    ]) {
      assert.match(await refused(json(value)), /^hubPretender/);
    }
    for (const sha of ['..', '.', '...', 'a/b', '', '../x', 'a b', '\0', 'x'.repeat(201)]) {
      assert.match(await refused(json({ id: 'a/b', sha, siblings: [] })), /^hubPretender/, sha);
    }
    for (const id of ['../b', 'a/../b', '/etc', 'a/b/c', 'con/x', 'a--b/c', '__proto__/../x']) {
      assert.match(await refused(json({ id, sha: 'main', siblings: [] })), /^hubPretender/, id);
    }
    assert.match(
      await refused((response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        endlessly(response, '[0,'.repeat(50_000));
      }),
      /without an end/,
    );
  });

  it('lists nothing that would lie outside of the model’s folder, on any system', async () => {
    const paths = [
      '../x',
      'a/../../x',
      '/etc/passwd',
      'C:\\x',
      'a\\..\\x',
      'onnx/',
      '',
      '.',
      '..',
      'a//b',
      'a/./b',
      'x\0y',
      'nul',
      'con.json',
      'a:stream',
      '.. /x',
      '../',
      'model.onnx.',
      'model.onnx ',
      '... /x',
      'x'.repeat(600),
      7,
      null,
      { a: 1 },
      ['x'],
    ];
    const files = paths.map((rfilename) => ({ rfilename, size: 1 }));
    server.answer = json({
      id: 'a/b',
      sha: 'main',
      siblings: [...files, { rfilename: 'onnx/model.onnx', size: 5 }, null, 7],
      cardData: { license: 'x'.repeat(5000) },
      pipeline_tag: 'y'.repeat(5000),
    });
    const found = await hub().model(model);
    assert.deepEqual(found.files, [{ path: 'onnx/model.onnx', size: 5 }]);
    assert.ok((found.license?.length ?? 0) <= 200 && (found.task?.length ?? 0) <= 200);
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(fc.constantFrom('..', '.', '', '. ', '.. ', 'a', '\\', 'nul'), fc.string()))
          .map((parts) => parts.join('/')),
        (path) => {
          if (isSafePath(path)) {
            const parts = path.split('/').map((part) => part.replace(/[. ]+$/, ''));
            assert.ok(
              parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\')),
            );
          }
        },
      ),
      { seed: 1 },
    );
  });

  it('tells sizes and hashes that are some, or none', async () => {
    for (const size of [-1, 1.5, 1e300, 'x', null, 2 ** 60]) {
      server.answer = json({
        id: 'a/b',
        sha: 'main',
        siblings: [{ rfilename: 'x', size, blobId: 7, lfs: { size, sha256: 'no' } }],
      });
      assert.deepEqual((await hub().model(model)).files, [{ path: 'x' }]);
    }
    for (const headers of [
      {},
      { 'x-linked-size': '-1' },
      { 'x-linked-size': 'NaN' },
      { 'x-linked-size': '1e400' },
    ]) {
      await refused(
        (response) => response.writeHead(200, headers as Record<string, string>).end(),
        () => hub().facts('a/b', 'main', 'x'),
      );
    }
  });

  it('sends around only so far, never with the token to another place', async () => {
    for (const location of [
      'http://[',
      'file:///etc/passwd',
      'ftp://x/',
      'data:,x',
      'http://',
      'javascript:1',
    ]) {
      assert.match(
        await refused((response) => response.writeHead(302, { location }).end()),
        /^hubFailed/,
        location,
      );
    }
    assert.match(
      await refused((response, url) => response.writeHead(302, { location: `${url}x` }).end()),
      /circles/,
    );
    elsewhere.answer = json({ id: 'a/b', sha: 'main', siblings: [] });
    server.answer = (response) => response.writeHead(302, { location: `${elsewhere.url}/x` }).end();
    await hub().model(model);
    assert.deepEqual(
      elsewhere.asked.map(({ authorization }) => authorization),
      [undefined],
    );
    assert.ok(server.asked.every(({ authorization }) => authorization === 'Bearer hf_secret'));
  });

  it('finds only models that can be asked for', async () => {
    const found = [
      null,
      7,
      {},
      { id: '../x' },
      { id: 'ok/model', downloads: 'x', gated: { a: 1 }, pipeline_tag: 7 },
      { id: 'x'.repeat(500) },
    ];
    server.answer = json(found);
    assert.deepEqual(await hub().search('x', 5), [{ id: 'ok/model', downloads: 0, isGated: true }]);
    server.answer = json({ length: 5 });
    assert.deepEqual(await hub().search('x', 5), []);
  });

  it('says what it likes in its errors, in one line', async () => {
    for (const status of [400, 401, 403, 404, 410, 418]) {
      const said = await refused((response) =>
        response
          .writeHead(status, { 'x-error-message': `<script>${'x'.repeat(5000)}`, 'x-error-code': 'toString' })
          .end('x'),
      );
      assert.ok(said.length < 400);
    }
  });
});
