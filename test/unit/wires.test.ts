import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { ScopeError, isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource, RequestType } from '../../src/protocol/jsonrpc';
import type { ErrorData } from '../../src/protocol/errors';
import { answer, ask, createRpc } from '../../src/protocol/rpc';
import { JobQueue } from '../../src/worker/jobQueue';
import { wirePair } from './wirePair';

const Echo = new RequestType<{ data: ArrayBuffer }, { data: ArrayBuffer }, ErrorData>('echo');
const Fail = new RequestType<{ how: string }, null, ErrorData>('fail');
const Slow = new RequestType<Record<string, never>, null, ErrorData>('slow');

describe('the wire', () => {
  const [left, right] = wirePair();
  const caller = createRpc(left);
  const server = createRpc(right);
  before(() => {
    answer(server, Echo, (params) => params);
    answer(server, Fail, ({ how }) => {
      throw how === 'coded' ? new ScopeError('modelMissing', 'a/b') : new Error('boom');
    });
    answer(
      server,
      Slow,
      (_, token) =>
        new Promise((_resolve, reject) =>
          token.onCancellationRequested(() => reject(new ScopeError('cancelled'))),
        ),
    );
    caller.listen();
    server.listen();
  });
  after(() => {
    caller.dispose();
    server.dispose();
  });

  it('carries buffers as buffers', async () => {
    const { data } = await ask(caller, Echo, { data: Float32Array.of(1, 2).buffer });
    assert.deepEqual(new Float32Array(data), Float32Array.of(1, 2));
  });
  it('rejects with the code that the other end threw', async () => {
    await assert.rejects(
      ask(caller, Fail, { how: 'coded' }),
      (error) => isScopeError(error, 'modelMissing') && error.detail === 'a/b',
    );
    await assert.rejects(
      ask(caller, Fail, { how: 'plain' }),
      (error) => isScopeError(error, 'internal') && error.detail === 'boom',
    );
  });
  it('rejects an unknown request', async () => {
    const Unknown = new RequestType<Record<string, never>, null, ErrorData>('unknown');
    await assert.rejects(ask(caller, Unknown, {}), (error) => isScopeError(error, 'internal'));
  });
  it('cancels', async () => {
    const source = new CancellationTokenSource();
    const pending = ask(caller, Slow, {}, source.token);
    setTimeout(() => source.cancel(), 5);
    await assert.rejects(pending, (error) => isScopeError(error, 'cancelled'));
  });
  it('ignores messages that are not its own', () => {
    left.send('noise');
    left.send({ type: 'other' });
  });
});

describe('the job queue', () => {
  it('runs one at a time and lets a newer job of an owner replace the waiting one', async () => {
    const queue = new JobQueue();
    const order: string[] = [];
    const job = (name: string) => async (): Promise<string> => {
      order.push(`${name} starts`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} ends`);
      return name;
    };
    const first = queue.run('a', job('a1'));
    const replaced = queue.run('a', job('a2'));
    const other = queue.run('b', job('b1'));
    const newest = queue.run('a', job('a3'));
    await assert.rejects(replaced, (error) => isScopeError(error, 'cancelled'));
    assert.deepEqual(await Promise.all([first, other, newest]), ['a1', 'b1', 'a3']);
    assert.deepEqual(order, ['a1 starts', 'a1 ends', 'b1 starts', 'b1 ends', 'a3 starts', 'a3 ends']);
  });
  it('goes on after a failure', async () => {
    const queue = new JobQueue();
    await assert.rejects(queue.run('a', () => Promise.reject(new Error('boom'))));
    assert.equal(await queue.run('a', () => Promise.resolve(1)), 1);
  });
});
