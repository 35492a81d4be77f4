import assert from 'node:assert/strict';
import { Harness } from './harness';

/** One browser for all files of a process: to start one takes longer than most tests. */
const harness = new Harness();
after(() => harness.stop());

/** For the tests of a `describe`: each has its pages closed behind it, and fails for what they logged as errors. */
export function usePages(): Harness {
  afterEach(async () => {
    await harness.closePages();
    assert.deepEqual(harness.problems.splice(0), [], 'the page logged errors');
  });
  return harness;
}
