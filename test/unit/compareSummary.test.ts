import assert from 'node:assert/strict';
import { attentionShares, uniformShares } from '../../src/compare/attentionShares';
import { clozeSummary } from '../../src/compare/clozeSummary';
import { tokenFacts } from '../../src/compare/tokenFacts';
import type { AttentionRun } from '../../src/protocol/attention';
import type { ClozeSide, SharedWord, WordScore } from '../../src/protocol/compare';

const word = (text: string, counts = true): SharedWord => ({ text, counts, start: 0, end: text.length });
const score = (right: boolean | null, bits: number | null, guess = ''): WordScore => ({
  right,
  bits,
  guess,
  rank: right === null ? null : right ? 1 : 3,
});
const side = (context: 'both' | 'left', scores: readonly WordScore[]): ClozeSide => ({
  context,
  scores,
  tokenBits: [],
  tokens: [],
  logLikelihood: -1,
  numScored: 1,
  perplexity: Math.E,
});

describe('the summary of a cloze test', () => {
  const words = [word('The'), word('cat'), word('sat'), word('.', false), word('down'), word('now')];
  const left = side('both', [
    score(true, 1, 'The'),
    score(true, 1, 'cat'),
    score(false, 6, 'lay'),
    score(true, 0, '.'),
    score(true, 2, 'down'),
    score(false, 5, 'there'),
  ]);
  const right = side('left', [
    score(null, null),
    score(false, 4, ' dog'),
    score(true, 2, ' sat'),
    score(true, 0, '.'),
    score(true, 2.4, ' down'),
    score(false, 9, ' there'),
  ]);

  // Counted by hand on the six words above; the full stop is no word, the first has no left context.
  it('counts each side over the words that it was asked for', () => {
    const summary = clozeSummary({ words, left, right });
    assert.equal(summary.words, 5);
    assert.deepEqual([summary.left?.right, summary.left?.scored], [3, 5]);
    assert.deepEqual([summary.right?.right, summary.right?.scored], [2, 4]);
    assert.equal(summary.left?.meanBits, (1 + 1 + 6 + 2 + 5) / 5);
    assert.equal(summary.right?.meanBits, (4 + 2 + 2.4 + 9) / 4);
    // Wilson 1927 for 2 of 4: 0.150 to 0.850.
    assert.ok(Math.abs((summary.right?.interval.low ?? 0) - 0.15) < 0.001);
    assert.ok(Math.abs((summary.right?.interval.high ?? 0) - 0.85) < 0.001);
  });

  it('sets the sides beside each other over the words that both were asked for', () => {
    const { paired, bothRight, onlyLeft, onlyRight, neither, agree, easierLeft, easierRight, comparison } =
      clozeSummary({ words, left, right });
    assert.deepEqual([paired, bothRight, onlyLeft, onlyRight, neither], [4, 1, 1, 1, 1]);
    assert.equal(agree, 2);
    assert.deepEqual([easierLeft, easierRight], [2, 1]);
    assert.equal(comparison?.difference, 0);
    assert.equal(comparison?.p, 1);
  });

  it('says nothing of a side that is missing', () => {
    const summary = clozeSummary({ words, left: { missing: 'notMasked' }, right });
    assert.equal(summary.left, null);
    assert.equal(summary.right?.scored, 4);
    assert.deepEqual([summary.paired, summary.comparison], [0, null]);
  });

  it('stands a text without words', () => {
    const summary = clozeSummary({ words: [word('.', false)], left, right });
    assert.deepEqual([summary.words, summary.left?.accuracy, summary.left?.meanBits], [0, 0, null]);
    assert.deepEqual(summary.left?.interval, { low: 0, high: 1 });
  });
});

describe('where attention goes', () => {
  it('is counted by rows', () => {
    const weights = new Float32Array([0.5, 0.25, 0.25, 0.5, 0.5, 0, 0, 0.25, 0.75]);
    const { left, self, right, first } = attentionShares(weights, 3);
    assert.ok(Math.abs(left - (0 + 0.5 + 0.25) / 3) < 1e-7);
    assert.ok(Math.abs(self - (0.5 + 0.5 + 0.75) / 3) < 1e-7);
    assert.ok(Math.abs(right - 0.5 / 3) < 1e-7);
    assert.ok(Math.abs(first - 1 / 3) < 1e-7);
  });

  it('of an even head is what a mask leaves', () => {
    // Three tokens: everyone sees all, or rows of 1, 1/2 1/2, 1/3 1/3 1/3.
    const all = uniformShares(3, false);
    assert.ok(Math.abs(all.right - 1 / 3) < 1e-12 && Math.abs(all.first - 1 / 3) < 1e-12);
    const past = uniformShares(3, true);
    assert.equal(past.right, 0);
    assert.ok(Math.abs(past.first - (1 + 1 / 2 + 1 / 3) / 3) < 1e-12);
    assert.ok(Math.abs(past.left + past.self - 1) < 1e-12);
  });
});

describe('how a text is cut into tokens', () => {
  it('is counted by words', () => {
    const token = (piece: string, special = false): AttentionRun['tokens'][number] => ({
      id: 0,
      piece,
      text: piece,
      start: 0,
      end: special ? 0 : 1,
      special,
    });
    const tokens = [token('[CLS]', true), token('un'), token('##do'), token('[UNK]'), token('.')];
    const facts = tokenFacts(
      {
        words: [word('undo'), word('☃1'), word('.', false)],
        wordOf: { left: [-1, 0, 0, 1, 2], right: [] },
        left: { tokens } as unknown as AttentionRun,
        right: { missing: 'failed' },
      },
      'left',
    );
    assert.deepEqual(facts, {
      tokens: 5,
      special: 1,
      unknown: 1,
      words: 2,
      tokensPerWord: 1.5,
      wholeWords: 1,
    });
  });
});
