import assert from 'node:assert/strict';
import { MemoryBudget, ModelCache } from '../../src/inference/modelCache';

class FakeModel {
  released = false;
  constructor(readonly bytes: number) {}
  release(): Promise<void> {
    this.released = true;
    return Promise.resolve();
  }
}

describe('the memory budget', () => {
  const setUp = (
    maxBytes: number,
  ): { obtain: (folder: string, bytes: number, kind?: 0 | 1) => Promise<FakeModel>; loads: string[] } => {
    const budget = new MemoryBudget(maxBytes);
    const caches = [new ModelCache<FakeModel>(budget), new ModelCache<FakeModel>(budget)] as const;
    const loads: string[] = [];
    const obtain = (folder: string, bytes: number, kind: 0 | 1 = 0): Promise<FakeModel> =>
      caches[kind].obtain(
        folder,
        () => Promise.resolve(bytes),
        () => {
          loads.push(folder);
          return Promise.resolve(new FakeModel(bytes));
        },
      );
    return { obtain, loads };
  };

  it('keeps what fits and loads it once', async () => {
    const { obtain, loads } = setUp(100);
    const first = await obtain('a', 60);
    await obtain('b', 40);
    assert.equal(await obtain('a', 60), first);
    assert.deepEqual(loads, ['a', 'b']);
  });

  it('releases what was used longest ago, whatever its kind', async () => {
    const { obtain, loads } = setUp(100);
    const looked = await obtain('a', 50, 0);
    const used = await obtain('a', 50, 1);
    assert.equal(await obtain('a', 50, 0), looked);
    await obtain('b', 30);
    assert.equal(used.released, true);
    assert.equal(looked.released, false);
    await obtain('a', 50, 1);
    assert.deepEqual(loads, ['a', 'a', 'b', 'a']);
  });

  it('makes room before it loads, so that two large models are never in memory together', async () => {
    const budget = new MemoryBudget(100);
    const cache = new ModelCache<FakeModel>(budget);
    const large = new FakeModel(90);
    await cache.obtain(
      'a',
      () => Promise.resolve(90),
      () => Promise.resolve(large),
    );
    let releasedInTime = false;
    await cache.obtain(
      'b',
      () => Promise.resolve(95),
      () => {
        releasedInTime = large.released;
        return Promise.resolve(new FakeModel(95));
      },
    );
    assert.equal(releasedInTime, true);
  });

  it('loads a model that is larger than the budget, alone', async () => {
    const { obtain } = setUp(100);
    const small = await obtain('a', 10);
    const huge = await obtain('b', 1000);
    assert.equal(small.released, true);
    assert.equal(huge.released, false);
  });

  it('lists what is loaded, releases a folder in every kind, and tells of it', async () => {
    const told: string[] = [];
    const budget = new MemoryBudget(100, () => told.push(budget.loaded.map(({ folder }) => folder).join()));
    const caches = [new ModelCache<FakeModel>(budget), new ModelCache<FakeModel>(budget)] as const;
    const obtain = (folder: string, bytes: number, kind: 0 | 1): Promise<FakeModel> =>
      caches[kind].obtain(
        folder,
        () => Promise.resolve(bytes),
        () => Promise.resolve(new FakeModel(bytes)),
      );
    const first = await obtain('a', 10, 0);
    const second = await obtain('a', 20, 1);
    const other = await obtain('b', 30, 0);
    await obtain('a', 10, 0);
    assert.deepEqual(
      budget.loaded.map(({ folder, bytes }) => `${folder} ${bytes}`),
      ['a 20', 'b 30', 'a 10'],
    );
    await budget.drop('a');
    assert.deepEqual([first.released, second.released, other.released], [true, true, false]);
    assert.deepEqual(told, ['a', 'a,a', 'a,a,b', 'b,a', 'b']);
    assert.notEqual(await obtain('a', 10, 0), first);
  });

  it('does not keep what failed to load', async () => {
    const cache = new ModelCache<FakeModel>(new MemoryBudget(100));
    const size = (): Promise<number> => Promise.resolve(10);
    await assert.rejects(cache.obtain('a', size, () => Promise.reject(new Error('broken'))));
    const model = await cache.obtain('a', size, () => Promise.resolve(new FakeModel(10)));
    assert.equal(model.released, false);
  });
});
