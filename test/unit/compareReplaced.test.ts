import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chosenWords, putIn } from '../../src/compare/measureReplaced';
import { replacedAt, replacedTally } from '../../src/compare/replacedTally';
import { detectReplaced } from '../../src/inference/replacedTokens';
import { sampleWords } from '../../src/inference/sampledWords';
import type { ReplacedExample, SharedWord } from '../../src/protocol/compare';
import { isScopeError } from '../../src/protocol/errors';
import type { Token } from '../../src/protocol/model';
import { assertClose, loadLanguageModel } from '../fixtures/language/models';

/** Replaced-token detection, against PyTorch on the same weights (`fixtures/compare/generate_pairs.py`). */

const folder = join(__dirname, '..', 'fixtures', 'compare');
const expected = JSON.parse(readFileSync(join(folder, 'pairs.json'), 'utf8')) as {
  readonly detector: { text: string; ids: number[]; probabilities: number[] };
  readonly drawn: { text: string; words: [number, number][]; probabilities: Record<string, number>[] };
};

function words(text: string): SharedWord[] {
  return [...text.matchAll(/\w+|[^\w\s]/g)].map(({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
    counts: /\w/.test(word),
  }));
}

describe('replaced-token detection', function () {
  this.timeout(60_000);

  it('gives PyTorch’s probability of every token', async () => {
    const { text, ids, probabilities } = expected.detector;
    const model = await loadLanguageModel(join(folder, 'detector'));
    const found = await detectReplaced(model, text);
    assert.deepEqual(
      found.tokens.map(({ id }) => id),
      ids,
    );
    found.probabilities.forEach((each, position) => {
      if (found.tokens[position]?.special) {
        assert.equal(each, null);
      } else {
        assertClose(each ?? undefined, probabilities[position]!, 1e-5);
      }
    });
    await assert.rejects(detectReplaced(model, ' '), (error) => isScopeError(error, 'emptyText'));
    const long = await detectReplaced(model, 'the cat '.repeat(40));
    assert.equal(long.tokens.length, 32);
    await model.release();
  });

  it('takes an ELECTRA for no masked language model, and no other model for an ELECTRA', async () => {
    const detector = await loadLanguageModel(join(folder, 'detector'));
    assert.equal(detector.head, 'detector');
    await assert.rejects(sampleWords(detector, 'the cat', [], 1), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
    await detector.release();
    const masked = await loadLanguageModel('masked');
    await assert.rejects(detectReplaced(masked, 'the cat'), (error) =>
      isScopeError(error, 'modelUnsupported'),
    );
    await masked.release();
  });

  it('draws words as often as PyTorch finds them likely, all masked at once', async () => {
    const { text, words: places, probabilities } = expected.drawn;
    const model = await loadLanguageModel('masked');
    const ranges = places.map(([start, end]) => ({ start, end }));
    const counts = places.map(() => new Map<string, number>());
    const numSeeds = 400;
    for (let seed = 0; seed < numSeeds; seed++) {
      const drawn = await sampleWords(model, text, ranges, seed);
      drawn.forEach((word, index) => {
        assert.ok(word);
        counts[index]!.set(word, (counts[index]!.get(word) ?? 0) + 1);
      });
    }
    probabilities.forEach((each, index) => {
      for (const [word, share] of Object.entries(each)) {
        // Five standard errors of a binomial share, and one draw.
        const margin = 5 * Math.sqrt((share * (1 - share)) / numSeeds) + 1 / numSeeds;
        assertClose((counts[index]!.get(word) ?? 0) / numSeeds, share, margin);
      }
      assert.ok([...counts[index]!.keys()].every((word) => word in each));
    });
    assert.deepEqual(await sampleWords(model, text, ranges, 7), await sampleWords(model, text, ranges, 7));
    await model.release();
  });

  it('keeps a capital and leaves out what is not read any more', async () => {
    const model = await loadLanguageModel('masked');
    const text = `The cat ${'sat '.repeat(40)}`;
    const last = { start: text.length - 4, end: text.length - 1 };
    for (let seed = 0; seed < 20; seed++) {
      const [first, beyond] = await sampleWords(model, text, [{ start: 0, end: 3 }, last], seed);
      assert.match(first ?? '', /^[A-Z][a-z]*$/);
      assert.equal(beyond, null);
    }
    await model.release();
  });

  it('chooses about 15% of the words, others with another seed', () => {
    const all = words('One two, three four five six seven eight nine ten eleven twelve. Thirteen!');
    const chosen = chosenWords(all, 1);
    assert.equal(chosen.length, Math.round(0.15 * 13));
    assert.ok(chosen.every(({ counts }) => counts));
    const seen = new Set(
      Array.from({ length: 60 }, (_, seed) => chosenWords(all, seed))
        .flat()
        .map(({ start }) => start),
    );
    assert.equal(seen.size, 13);
    assert.deepEqual(chosenWords(words('Hm'), 1).length, 1);
    assert.deepEqual(chosenWords(words('… !'), 1), []);
  });

  it('puts the drawn words in their places', () => {
    const text = 'The cat sat on the mat.';
    const all = words(text);
    const chosen = [all[0]!, all[2]!, all[5]!];
    const put = putIn(text, chosen, ['A', null, 'roof']);
    assert.equal(put.text, 'A cat sat on the roof.');
    assert.deepEqual(put.drawn, [
      { start: 0, end: 1, was: 'The', now: 'A' },
      { start: 17, end: 21, was: 'mat', now: 'roof' },
    ]);
  });

  it('counts what was found by hand', () => {
    const token = (text: string, start: number, special = false): Token => ({
      id: 1,
      piece: text,
      text,
      start,
      end: special ? start : start + text.length,
      special,
    });
    // “a bigger dog ran”: “bigger” is two tokens; “dog” was drawn and is the text’s own.
    const tokens = [
      token('[CLS]', 0, true),
      token('a', 0),
      token('big', 2),
      token('ger', 5),
      token('dog', 9),
    ];
    const example: ReplacedExample = {
      model: 'electra',
      generator: 'bert',
      seed: 1,
      original: { tokens: tokens.slice(0, 3), probabilities: [null, 0.6, 0.2] },
      changed: { tokens, probabilities: [null, 0.7, 0.9, 0.5, 0.1] },
      drawn: [
        { start: 2, end: 8, was: 'small', now: 'bigger' },
        { start: 9, end: 12, was: 'dog', now: 'dog' },
      ],
    };
    assert.deepEqual(
      replacedAt(example).map((word) => word?.was ?? null),
      [null, null, 'small', 'small', null],
    );
    const { interval, ...counts } = replacedTally(example);
    assert.deepEqual(counts, {
      drawn: 2,
      replacedWords: 1,
      judged: 4,
      replaced: 2,
      // A half is not more likely than not.
      found: 1,
      falseAlarms: 1,
      right: 2,
      accuracy: 0.5,
      originalJudged: 2,
      originalAlarms: 1,
    });
    // Wilson of 2 of 4.
    assertClose(interval.low, 0.15, 0.001);
    assertClose(interval.high, 0.85, 0.001);
  });
});
