import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, overstates } from '../evaluate/figures';
import { maskedPositions, pairsOf, readWritten } from '../evaluate/writtenText';

interface Overlap {
  readonly items: number;
  readonly itemsInTraining: number;
  readonly itemsMostlyInTraining: number;
  readonly runs: number;
  readonly runsInTraining: number;
  readonly sha256: string;
}

const root = join(__dirname, '..', '..');
const readText = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const { models } = JSON.parse(readText('models', 'manifest.json')) as {
  models: { id: string; figures: { overlap?: Record<string, Overlap> } }[];
};
const overlapOf = (id: string): Record<string, Overlap> =>
  models.find((model) => model.id === id)?.figures.overlap ?? {};

/** Runs of eight words or twelve Chinese characters, counted as `models/training/overlap.py` does. */
function numRuns(text: string): number {
  const letters = text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const han = (text.match(/[\u4e00-\u9fff]/g) ?? []).length;
  const [units, size] =
    3 * han >= letters.length ? [[...letters], 12] : [text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [], 8];
  const runs = units.slice(size - 1).map((_, index) => units.slice(index, index + size).join(' '));
  return new Set(runs).size;
}

describe('held-out text', () => {
  const written = readWritten(root);
  const reviews = written.reviews.map(({ text }) => text);
  const sets = [
    ['scope-bert', [...written.documents.flatMap(({ sentences }) => sentences), ...reviews]],
    ['scope-bert-sentiment', reviews],
  ] as const;

  for (const [id, items] of sets) {
    it(`that is shipped is what was looked for in the training text of ${id}`, () => {
      const found = overlapOf(id)['written'];
      assert.equal(found?.items, items.length);
      assert.equal(found.sha256, sha256([...items].sort().join('\n')));
      assert.equal(
        found.runs,
        items.map(numRuns).reduce((sum, count) => sum + count, 0),
      );
    });

    it(`is not in the training text of ${id}, and the card says how much of it is`, () => {
      const found = Object.entries(overlapOf(id));
      assert.ok(found.length > 1);
      const card = readText('models', id, 'README.md');
      for (const [name, { items, itemsInTraining, itemsMostlyInTraining, runs, runsInTraining }] of found) {
        assert.equal(itemsInTraining, 0, name);
        const share = ((100 * runsInTraining) / Math.max(1, runs)).toFixed(1);
        const row = `| ${items.toLocaleString('en')} | ${itemsInTraining} | ${itemsMostlyInTraining} | ${share} % |`;
        assert.ok(card.replaceAll(/(\d),(\d)/g, '$1$2').includes(row.replaceAll(',', '')), `${name}: ${row}`);
      }
      assert.equal(overlapOf(id)['written']?.itemsMostlyInTraining, 0);
    });
  }

  for (const name of ['gpt', 'seq2seq', 'clip']) {
    it(`drawn for ${name} is as it was drawn`, () => {
      const text = readText('test', 'fixtures', 'heldOut', `${name}.json`);
      const stated = (JSON.parse(text) as { sha256: string }).sha256;
      const items = text.split('\n').filter((line) => line.startsWith('    {'));
      assert.ok(items.length > 100);
      assert.equal(sha256(items.map((line) => line.trim().replace(/,$/, '')).join('\n')), stated);
    });
  }

  it('is masked so that each word is asked for once', () => {
    const ids = [2, 10, 11, 1, 12, 13, 14, 15, 16, 17, 3];
    const chosen = maskedPositions(ids, 5);
    assert.deepEqual(
      chosen.flat().sort((a, b) => a - b),
      [1, 2, 4, 5, 6, 7, 8, 9],
    );
    assert.ok(chosen.some((positions) => positions.length === 2));
  });

  it('is paired with what follows, and with what does not', () => {
    const pairs = pairsOf(written);
    assert.equal(pairs.length, 226 - 48);
    for (const { first, next, same, any } of pairs) {
      const home = written.documents.find(({ sentences }) => sentences.includes(first))!.sentences;
      assert.equal(home.indexOf(next), home.indexOf(first) + 1);
      assert.ok(!home.includes(same) && !home.includes(any));
    }
  });
});

describe('a figure of a card', () => {
  const figure = (over: Partial<Figure>): Figure => ({
    name: '',
    stated: 0.8,
    measured: 0.8,
    slack: 0.01,
    ...over,
  });

  it('is overstated when less is measured', () => {
    assert.equal(overstates(figure({})), false);
    assert.equal(overstates(figure({ measured: 0.9 })), false);
    assert.equal(overstates(figure({ measured: 0.795 })), false);
    assert.equal(overstates(figure({ measured: 0.78 })), true);
  });

  it('is overstated when more is measured of what should be little', () => {
    assert.equal(overstates(figure({ measured: 0.7, lessIsBetter: true })), false);
    assert.equal(overstates(figure({ measured: 0.82, lessIsBetter: true })), true);
  });

  it('is overstated when nothing was measured', () => {
    assert.equal(overstates(figure({ measured: NaN })), true);
    assert.equal(overstates(figure({ measured: NaN, lessIsBetter: true })), true);
  });
});
