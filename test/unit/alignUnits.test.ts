import assert from 'node:assert/strict';
import { alignUnits } from '../../src/attention/alignUnits';

describe('aligned units', () => {
  const align = (first: string, second: string): number[] => alignUnits(first.split(' '), second.split(' '));
  it('of the same text are one to one', () => {
    assert.deepEqual(align('a b c', 'a b c'), [0, 1, 2]);
  });
  it('leave out what only one has', () => {
    assert.deepEqual(align('the doctor said she slept', 'the nurse said that he slept'), [0, -1, 2, -1, 5]);
    assert.deepEqual(align('[CLS] a b [SEP]', 'a b'), [-1, 0, 1, -1]);
  });
  it('never cross', () => {
    // Either a or b can be kept, not both.
    assert.equal(align('a b', 'b a').filter((index) => index >= 0).length, 1);
  });
});
