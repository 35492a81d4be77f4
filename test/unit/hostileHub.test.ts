import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Hub } from '../../src/hub/hub';
import { isSafePath } from '../../src/hub/modelId';
import { isScopeError } from '../../src/protocol/errors';
import { AnyServer, type Answer, endlessly } from '../providers/anyServer';

/** A hub, or who plays one, that answers what no hub should. */

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
