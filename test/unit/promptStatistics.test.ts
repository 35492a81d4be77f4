import assert from 'node:assert/strict';
import fc from 'fast-check';
import { comparePaired, exactMcNemar, holm, median, wilson } from '../../src/prompts/statistics';

const close = (found: number, expected: number, tolerance = 1e-9): void => {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} instead of ${expected}`);
};

describe('statistics of prompt studies', () => {
  it('gives the Wilson intervals of SciPy', () => {
    // scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
    const expected: readonly (readonly [number, number, number, number])[] = [
      [8, 10, 0.4901624715366418, 0.9433178485456248],
      [0, 40, 0, 0.08762160119728662],
      [40, 40, 0.9123783988027133, 1],
      [13, 27, 0.30743226976218463, 0.6601438424504771],
      [1, 3, 0.06149194472039626, 0.7923403991979523],
    ];
    for (const [passed, total, low, high] of expected) {
      const found = wilson(passed, total);
      close(found.low, low);
      close(found.high, high);
    }
    assert.deepEqual(wilson(0, 0), { low: 0, high: 1 });
  });

  it('gives the exact McNemar p-values of SciPy', () => {
    // scipy.stats.binomtest(min(b, c), b + c, 0.5).pvalue
    close(exactMcNemar(10, 2), 0.03857421875);
    close(exactMcNemar(5, 5), 1);
    close(exactMcNemar(0, 7), 0.015625);
    close(exactMcNemar(1, 0), 1);
    close(exactMcNemar(25, 9), 0.00904118549078703);
    close(exactMcNemar(0, 0), 1);
  });

  it('corrects for several comparisons as Holm (1979) does by hand', () => {
    // Sorted .01 .02 .04: times 3, 2, 1 gives .03 .04 .04.
    assert.deepEqual(
      holm([0.04, 0.01, 0.02]).map((value) => Number(value.toFixed(10))),
      [0.04, 0.03, 0.04],
    );
    assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
    assert.deepEqual(holm([]), []);
  });

  it('finds a difference that is there, and none in equal ways', () => {
    const few = Array.from({ length: 40 }, (_, index) => index % 4 === 0);
    const many = Array.from({ length: 40 }, (_, index) => index % 4 !== 3);
    const found = comparePaired(many, few);
    close(found.difference, 0.5);
    assert.ok(found.interval.low > 0.3 && found.interval.high < 0.7);
    assert.ok(found.p < 1e-5 && found.itemsNeeded === null);
    const same = comparePaired(few, few);
    assert.deepEqual([same.difference, same.p, same.interval.low, same.interval.high], [0, 1, 0, 0]);
  });

  it('says how many items a small difference would need', () => {
    // One of ten items differs: d = .1, variance .09, n = (1.96² · .09) / .01 = 34.6.
    const a = Array.from({ length: 10 }, (_, index) => index === 0);
    const found = comparePaired(
      a,
      a.map(() => false),
    );
    assert.equal(found.itemsNeeded, 35);
  });

  it('keeps an interval around its share, whatever the counts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (total, share) => {
          const passed = Math.round(total * share);
          const { low, high } = wilson(passed, total);
          assert.ok(low >= 0 && high <= 1 && low <= passed / total + 1e-12 && high >= passed / total - 1e-12);
        },
      ),
    );
  });

  it('takes the middle of an even number of values', () => {
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([]), 0);
  });
});
