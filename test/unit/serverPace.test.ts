import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { MinuteBudget, Slots } from '../../src/providers/pace';
import { patient, retrying } from '../../src/providers/retrying';
import { ServerFailure, retryAfterOf } from '../../src/providers/serverFailure';
import { wait } from '../providers/modelServer';

const never = new AbortController().signal;

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
