import assert from 'node:assert/strict';
import { fitPair } from '../../src/text/fitPair';
import { contributions, logOdds, withoutWord } from '../../src/text/leaveOut';
import { around, maskPlaces } from '../../src/text/maskPlaces';
import { excerpt, sentenceRanges } from '../../src/text/sentenceRanges';
import { baselineOf, overlapOf } from '../../src/text/similarity';
import { readEnd, tokenMarks } from '../../src/text/tokenMarks';
import { asJson, asNumPy, normOf } from '../../src/text/vectorText';
import type { Token } from '../../src/protocol/model';
import { assertClose } from '../fixtures/language/models';

const slices = (text: string, ranges: readonly { start: number; end: number }[]): string[] =>
  ranges.map(({ start, end }) => text.slice(start, end));

const token = (start: number, end: number, piece = 'x'): Token => ({
  ...{ id: 1, piece, text: piece },
  ...{ start, end, special: start === end },
});

describe('sentences of a text', () => {
  const sentences = (text: string): string[] => slices(text, sentenceRanges(text));

  it('are found in English and Chinese, without blanks around them', () => {
    assert.deepEqual(sentences('  The cat sat. It slept!  Did it? '), [
      'The cat sat.',
      'It slept!',
      'Did it?',
    ]);
    assert.deepEqual(sentences('房间很干净。服务员也很热情！是吗？'), [
      '房间很干净。',
      '服务员也很热情！',
      '是吗？',
    ]);
  });

  it('go on over a line break only in lower case', () => {
    assert.deepEqual(sentences('The cat sat on\r\nthe mat. It\n  slept.'), [
      'The cat sat on\r\nthe mat.',
      'It\n  slept.',
    ]);
    assert.deepEqual(sentences('First point\nSecond point\n\n- and a third'), [
      'First point',
      'Second point',
      '- and a third',
    ]);
  });

  it('are not made of signs alone', () => {
    assert.deepEqual(sentences('--- \n\n***'), []);
    assert.deepEqual(sentences(''), []);
  });

  it('are shortened between characters', () => {
    assert.equal(excerpt('a  b\nc', 10), 'a b c');
    assert.equal(excerpt('😀😀😀😀', 7), '😀😀…');
    assert.equal(excerpt('abcd', 4), 'abcd');
    assert.equal(excerpt('abcde', 4), 'abc…');
    assert.equal(excerpt('房间很脏', 7), '房间…');
  });
});

describe('masks of a text', () => {
  it('are found however they are spelt, the model’s own among them', () => {
    const text = 'a [MASK] b <mask> c [mask] d <extra.id>';
    assert.deepEqual(slices(text, maskPlaces(text)), ['[MASK]', '<mask>', '[mask]']);
    assert.deepEqual(slices(text, maskPlaces(text, '<extra.id>')).at(-1), '<extra.id>');
    assert.deepEqual(maskPlaces('a <extraxid>', '<extra.id>'), []);
  });

  it('are filled before the place that is asked for and masked behind it', () => {
    const text = 'one [MASK] two <mask> three [MASK].';
    const places = maskPlaces(text);
    assert.deepEqual(around(text, places, ['X'], 1, '<m>', 1000), {
      before: 'one X two ',
      after: ' three <m>.',
    });
    assert.deepEqual(around(text, places, [], 0, '<m>', 4), { before: 'one ', after: ' two' });
  });
});

describe('leaving out a word', () => {
  it('takes one blank before it along', () => {
    assert.equal(withoutWord('a good film', { start: 2, end: 6 }), 'a film');
    assert.equal(withoutWord('a\ngood film', { start: 2, end: 6 }), 'a\n film');
    assert.equal(withoutWord('很干净', { start: 1, end: 3 }), '很');
  });

  it('is measured in log-odds, the strongest word in full colour', () => {
    // ln(0.8 / 0.2) = 2 ln 2.
    assertClose(logOdds(0.8), 2 * Math.LN2, 1e-12);
    assert.ok(Number.isFinite(logOdds(0)) && Number.isFinite(logOdds(1)) && logOdds(1) > 30);
    const [much, little, against] = contributions(0.8, [0.5, 0.8, 0.9], 0.1);
    assert.equal(much, 1);
    assert.equal(little, 0);
    // ln 4 − ln 9 over ln 4.
    assertClose(against, (Math.log(4) - Math.log(9)) / Math.log(4), 1e-12);
    assertClose(contributions(0.8, [0.5], 10)[0], Math.log(4) / 10, 1e-12);
  });
});

describe('tokens as they are drawn', () => {
  it('are one where they share a character, with bytes counted in UTF-8', () => {
    const text = 'é😀 a';
    const tokens = [
      token(0, 0, '[CLS]'),
      token(0, 1),
      token(1, 3),
      token(1, 3),
      token(3, 5),
      token(5, 5, '[SEP]'),
    ];
    assert.deepEqual(
      tokenMarks(text, tokens).map(({ start, end, startByte, endByte, index, tokens: members }) => [
        ...[start, end, startByte, endByte, index, members.length],
      ]),
      [
        [0, 1, 0, 2, 1, 1],
        [1, 3, 2, 6, 2, 2],
        [3, 5, 6, 8, 4, 1],
      ],
    );
  });

  it('end where the model stops reading', () => {
    const tokens = [token(0, 0), token(0, 1), token(1, 2), token(2, 3), token(3, 3)];
    assert.equal(readEnd('abc', tokens, null), 3);
    assert.equal(readEnd('abc', tokens, 5), 3);
    assert.equal(readEnd('abc', tokens, 4), 2);
    assert.equal(readEnd('abc', tokens, 2), 0);
  });
});

describe('a pair that is too long', () => {
  const ones = (count: number): { start: number; end: number }[] =>
    Array.from({ length: count }, (_, index) => ({ start: index, end: index + 1 }));

  it('is read where the two meet', () => {
    assert.deepEqual(fitPair(['abcd', 'efgh'], [ones(4), ones(4)], 8), {
      ...{ first: 'abcd', second: 'efgh', wasCut: false },
    });
    assert.deepEqual(fitPair(['abcd', 'efgh'], [ones(4), ones(4)], 4), {
      ...{ first: 'cd', second: 'ef', wasCut: true },
    });
    assert.deepEqual(fitPair(['a', 'efgh'], [ones(1), ones(4)], 4), {
      ...{ first: 'a', second: 'efg', wasCut: true },
    });
    assert.deepEqual(fitPair(['abcd', 'e'], [ones(4), ones(1)], 4), {
      ...{ first: 'bcd', second: 'e', wasCut: true },
    });
  });
});

describe('texts that are alike', () => {
  it('share tokens, each counted once', () => {
    assert.deepEqual(overlapOf([1, 2, 2, 3], [3, 4, 3]), { common: 1, union: 4, jaccard: 0.25 });
    assert.deepEqual(overlapOf([], []), { common: 0, union: 0, jaccard: 0 });
  });

  it('stand beside pairs that are not', () => {
    const [x, y, diagonal] = [
      [1, 0],
      [0, 1],
      [1, 1],
    ].map((each) => Float32Array.from(each));
    const found = baselineOf([x!, y!, diagonal!]);
    assert.equal(found.numPairs, 3);
    assertClose(found.mean, (0 + 2 * Math.SQRT1_2) / 3, 1e-7);
    assert.equal(found.least, 0);
    assertClose(found.most, Math.SQRT1_2, 1e-7);
    assert.equal(baselineOf([x!, y!], [x!, diagonal!]).numPairs, 4);
  });
});

describe('a vector as text', () => {
  const vector = Float32Array.from([0.1, -1 / 3, 1e-30, 16777217, 0]);

  it('reads back as the same float32, in few digits', () => {
    assert.deepEqual((JSON.parse(asJson(vector)) as number[]).map(Math.fround), [...vector]);
    assert.match(asJson(vector), /^\[0\.1, -0\.33333334, /);
    const numbers = /\[\n([^\]]*)\]/.exec(asNumPy(vector))?.[1]?.split(',').slice(0, -1).map(Number);
    assert.deepEqual(numbers?.map(Math.fround), [...vector]);
    assert.match(asNumPy(vector), /dtype=np\.float32\)\n$/);
  });

  it('has a length', () => {
    assert.equal(normOf(Float32Array.from([3, 4])), 5);
  });
});
