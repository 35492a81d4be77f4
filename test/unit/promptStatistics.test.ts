import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { bootstrapShare, ranksOf, standings } from '../../src/prompts/bootstrap';
import { agreementOf, passAll, passAt, stabilityOf } from '../../src/prompts/stability';
import {
  comparePaired,
  compareTrials,
  exactMcNemar,
  holm,
  itemsNeeded,
  median,
  wilson,
} from '../../src/prompts/statistics';
import type { Trials } from '../../src/prompts/trials';

const close = (found: number, expected: number, tolerance = 1e-9): void => {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} instead of ${expected}`);
};

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** By SciPy and statsmodels; see `test/fixtures/statistics/generate.py`. */
const expected = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'statistics', 'expected.json'), 'utf8'),
) as {
  readonly wilson: readonly (readonly [number, number, number, number])[];
  readonly mcnemar: readonly (readonly [number, number, number])[];
  readonly holm: readonly (readonly [number[], number[]])[];
  readonly paired: readonly ({ a: boolean[]; b: boolean[]; difference: number; p: number } & Bounds)[];
  readonly twoLevels: readonly ({
    a: number[];
    b: number[];
    repeats: number;
    difference: number;
    p: number;
  } & Bounds)[];
  readonly standings: readonly {
    ways: boolean[][];
    ranks: number[];
    best: number[];
    low: number[];
    high: number[];
  }[];
  readonly repeats: readonly (readonly [number, number, number, number, number])[];
  readonly kappa: readonly (readonly [number[][], number, number, number])[];
  readonly power: readonly (readonly [number[], number, number])[];
};

const once = (pass: boolean): Trials => ({ passed: Number(pass), count: 1 });

describe('statistics of prompt studies', () => {
  it('gives the Wilson intervals of statsmodels', () => {
    for (const [passed, total, low, high] of expected.wilson) {
      const found = wilson(passed, total);
      close(found.low, low);
      close(found.high, high);
    }
    assert.deepEqual(wilson(0, 0), { low: 0, high: 1 });
  });

  it('gives the exact McNemar p-values of statsmodels', () => {
    for (const [better, worse, p] of expected.mcnemar) {
      close(exactMcNemar(better, worse), p);
    }
    close(exactMcNemar(0, 0), 1);
  });

  it('corrects for several comparisons as statsmodels does', () => {
    for (const [values, corrected] of expected.holm) {
      holm(values).forEach((value, index) => {
        close(value, corrected[index] as number);
      });
    }
    assert.deepEqual(holm([]), []);
  });

  it('gives the paired bootstrap intervals of SciPy', () => {
    for (const { a, b, difference, low, high, p } of expected.paired) {
      const found = comparePaired(a, b);
      close(found.difference, difference);
      // Differences of a few dozen items come in steps, and 4,000 draws find a limit within one step.
      const step = 1 / a.length + 1e-9;
      close(found.interval.low, low, step);
      close(found.interval.high, high, step);
      close(found.p, p);
    }
  });

  it('draws items and then their answers where there are several, and flips signs, as SciPy and NumPy do', () => {
    for (const { a, b, repeats, difference, low, high, p } of expected.twoLevels) {
      const trials = (counts: number[]): Trials[] => counts.map((passed) => ({ passed, count: repeats }));
      const found = compareTrials(trials(a), trials(b));
      close(found.difference, difference);
      close(found.interval.low, low, 0.015);
      close(found.interval.high, high, 0.015);
      close(found.p, p, 0.01);
      // Drawing items alone would claim to know more.
      const alone = compareTrials(
        a.map((passed) => ({ passed: passed / repeats, count: 1 })),
        b.map((passed) => ({ passed: passed / repeats, count: 1 })),
      );
      assert.ok(found.interval.high - found.interval.low > 1.05 * (alone.interval.high - alone.interval.low));
    }
  });

  it('takes the two levels for one where every repeat says the same', () => {
    const share = bootstrapShare([3, 0, 3, 3].map((passed) => ({ passed, count: 3 })));
    assert.ok(share.low < 0.5 && share.high === 1, JSON.stringify(share));
  });

  it('ranks as SciPy does, and finds how often each way is best', () => {
    for (const { ways, ranks, best, low, high } of expected.standings) {
      const found = standings(ways.map((way) => way.map(once)));
      assert.deepEqual(
        found.map(({ rank }) => rank),
        ranks,
      );
      found.forEach(({ bestProbability, band }, way) => {
        close(bestProbability, best[way] as number, 0.025);
        assert.deepEqual(band, { low: low[way], high: high[way] });
      });
      close(
        found.reduce((sum, { bestProbability }) => sum + bestProbability, 0),
        1,
      );
    }
    assert.deepEqual(ranksOf([0.5, 0.9, 0.5, 0.1]), [2, 1, 2, 4]);
    assert.deepEqual(standings([]), []);
  });

  it('estimates pass@k and pass^k as draws without replacement', () => {
    for (const [passed, count, k, any, all] of expected.repeats) {
      close(passAt({ passed, count }, k), any);
      close(passAll({ passed, count }, k), all);
    }
    const found = stabilityOf(
      [
        { passed: 3, count: 3, majority: true },
        { passed: 1, count: 3, majority: false },
      ],
      3,
    );
    assert.deepEqual([found.numItems, found.numFlickering, found.majority], [2, 1, 0.5]);
    // One of three is right: a single answer is right once in three, one of any two twice in three.
    [2 / 3, 5 / 6, 1].forEach((value, index) => {
      close(found.passAt[index] as number, value);
    });
    [2 / 3, 0.5, 0.5].forEach((value, index) => {
      close(found.passAll[index] as number, value);
    });
  });

  it('gives the kappas of statsmodels, and none where one judge knows only one verdict', () => {
    for (const [table, kappa, low, high] of expected.kappa) {
      const pairs = table.flatMap((row, one) =>
        row.flatMap((count, other) => Array.from({ length: count }, () => [one === 1, other === 1] as const)),
      );
      const found = agreementOf(pairs)?.kappa;
      assert.ok(found);
      close(found.value, kappa);
      close(found.interval.low, Math.max(-1, low));
      close(found.interval.high, Math.min(1, high));
    }
    assert.deepEqual(agreementOf([[true, true]]), { numAnswers: 1, observed: 1, kappa: null });
    assert.equal(agreementOf([]), null);
  });

  it('says how many items a difference needs, as statsmodels does for a power of 80%', () => {
    for (const [differences, comparisons, needed] of expected.power) {
      close(itemsNeeded(differences, comparisons) ?? 0, Math.max(differences.length + 1, Math.ceil(needed)));
    }
    assert.equal(itemsNeeded([0, 0, 0]), null);
    assert.equal(itemsNeeded([1]), null);
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
    assert.throws(() => comparePaired([true], []), RangeError);
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
