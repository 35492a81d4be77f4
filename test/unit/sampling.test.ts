import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sumOfExponentials } from '../../src/inference/sumOfExponentials';
import { argmax, logSoftmax, processLogits, rank, sample } from '../../src/inference/sampling';
import { seededRandom } from '../../src/prompts/random';
import type { SamplingOptions } from '../../src/protocol/language';
import { assertClose, languageFolder } from '../fixtures/language/models';

interface Fixture {
  readonly logits: number[];
  readonly seen: number[];
  readonly logSoftmax: number[];
  readonly cases: { options: SamplingOptions; processed: (number | null)[] }[];
}

/** Against the processors that transformers' `generate` makes for the same options. */
describe('sampling', () => {
  const fixture = JSON.parse(readFileSync(join(languageFolder, 'sampling.json'), 'utf8')) as Fixture;

  for (const { options, processed } of fixture.cases) {
    it(`processes logits as Hugging Face does: ${JSON.stringify(options)}`, () => {
      const before = [...fixture.logits];
      const got = processLogits(fixture.logits, fixture.seen, options);
      for (const [id, expected] of processed.entries()) {
        if (expected === null) {
          assert.equal(got[id], -Infinity, `token ${id}`);
        } else {
          assertClose(got[id], expected, 1e-9);
        }
      }
      assert.deepEqual(fixture.logits, before, 'the logits are left as they are');
    });
  }

  it('has a log-softmax that equals PyTorch and does not overflow', () => {
    logSoftmax(fixture.logits).forEach((value, id) =>
      assertClose(value, fixture.logSoftmax[id] as number, 1e-12),
    );
    assertClose(logSoftmax([1000, 1000])[0], -Math.LN2, 1e-12);
  });

  it('sums exponentials as Math.exp does', () => {
    for (let step = 0; step <= 5000; step++) {
      const x = step / 123;
      assertClose(sumOfExponentials([-x], 0), Math.exp(-x), 1e-13 * Math.exp(-x) + 5e-18);
    }
    assert.equal(sumOfExponentials([3, -Infinity, -1e30], 3), 1);
    assert.ok(Number.isNaN(sumOfExponentials([NaN, 0], 0)));
  });

  it('takes the penalised maximum at temperature 0', () => {
    assert.equal(argmax(processLogits([1, 2, 1.5], [1], { temperature: 0, repetitionPenalty: 2 })), 2);
  });

  it('ranks as sorting does, equal ones by id', () => {
    const sorted = [...fixture.logits.keys()].sort((a, b) => fixture.logits[b]! - fixture.logits[a]!);
    for (const count of [0, 1, 5, 24, 99]) {
      assert.deepEqual(
        rank(fixture.logits, count).map((each) => each.id),
        sorted.slice(0, count),
      );
    }
    assert.deepEqual(
      rank([1, 3, 3, 3, 0], 2).map((each) => each.id),
      [1, 2],
    );
  });

  it('repeats with the seed, and differs with another', () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random());
    };
    assert.deepEqual(draw(42), draw(42));
    assert.notDeepEqual(draw(42), draw(43));
    assert.ok(draw(-1).every((value) => value >= 0 && value < 1));
  });

  it('draws tokens as often as their probability says, never a removed one', () => {
    const random = seededRandom(7);
    const logits = [Math.log(0.5), -Infinity, Math.log(0.3), Math.log(0.2)];
    const counts = [0, 0, 0, 0];
    for (let draws = 0; draws < 20_000; draws++) {
      counts[sample(logits, random())]!++;
    }
    // Three standard deviations of a share of 20,000 draws are about 0.011.
    [0.5, 0, 0.3, 0.2].forEach((share, id) => assertClose(counts[id]! / 20_000, share, 0.011));
    assert.equal(sample([0, -Infinity], 1 - 2 ** -53), 0, 'rounding never reaches a removed token');
  });
});
