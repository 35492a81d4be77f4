import assert from 'node:assert/strict';
import { loadedOnce } from '../../src/host/loadedOnce';

describe('what is loaded once', () => {
  it('is loaded by the first who asks, for all who ask meanwhile', async () => {
    let loads = 0;
    const load = loadedOnce(() => Promise.resolve(++loads));
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([load(), load()]), [1, 1]);
    assert.equal(await load(), 1);
  });

  it('is tried again after a failure', async () => {
    let loads = 0;
    const load = loadedOnce(() =>
      ++loads === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(loads),
    );
    await assert.rejects(load(), /gone/);
    assert.equal(await load(), 2);
  });
});
