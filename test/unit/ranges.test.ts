import assert from 'node:assert/strict';
import fc from 'fast-check';
import { byteRanges } from '../../src/inference/byteRanges';
import { characterRanges } from '../../src/inference/characterRanges';

const slices = (text: string, pieces: string[], added: string[] = [], sentencePiece = false): string[] =>
  characterRanges(text, pieces, {
    isAdded: (index) => added.includes(pieces[index]!),
    unknownPiece: sentencePiece ? '<unk>' : '[UNK]',
    writesSpaces: sentencePiece,
  }).map((range) => text.slice(range.start, range.end));

describe('character ranges of word pieces', () => {
  it('finds lower-cased pieces in the original', () => {
    assert.deepEqual(slices('The Cat  sat', ['the', 'cat', 'sat']), ['The', 'Cat', 'sat']);
  });
  it('joins continued pieces to their word', () => {
    assert.deepEqual(slices('unaffable!', ['una', '##ffa', '##ble', '!']), ['una', 'ffa', 'ble', '!']);
  });
  it('keeps a combining mark with its letter', () => {
    assert.deepEqual(slices('Cafe\u0301 Ñandú', ['cafe', 'nandu']), ['Cafe\u0301', 'Ñandú']);
  });
  it('treats each ideograph as a word', () => {
    assert.deepEqual(slices('我爱cats', ['我', '爱', 'cats']), ['我', '爱', 'cats']);
  });
  it('lets an unknown token cover one word', () => {
    assert.deepEqual(slices('I 🙂 you, ok', ['i', '[UNK]', 'you', ',', 'ok']), ['I', '🙂', 'you', ',', 'ok']);
    assert.deepEqual(slices('龘龘 x', ['[UNK]', '[UNK]', 'x']), ['龘', '龘', 'x']);
  });
  it('finds a special token that is written in the text', () => {
    assert.deepEqual(slices('on the [MASK].', ['on', 'the', '[MASK]', '.'], ['[MASK]']), [
      'on',
      'the',
      '[MASK]',
      '.',
    ]);
  });
  it('gives pieces of one character the whole character, as the reference tokenizer does', () => {
    assert.deepEqual(slices('ﬁne', ['f', '##ine']), ['ﬁ', 'ﬁne']);
    assert.deepEqual(slices('한국', ['\u1112', '##\u1161', '##\u11ab', '##\u1100', '##\u116e', '##\u11a8']), [
      ...['한', '한', '한', '국', '국', '국'],
    ]);
  });
  it('lets an unknown token cover a whole emoji sequence', () => {
    assert.deepEqual(slices('👨‍👩‍👧 x', ['[UNK]', 'x']), ['👨‍👩‍👧', 'x']);
  });
  it('reads SentencePiece marks and byte fallback', () => {
    assert.deepEqual(slices('Hi 龘!', ['▁Hi', '▁', '<0xE9>', '<0xBE>', '<0x98>', '!'], [], true), [
      ...['Hi', ' ', '龘', '龘', '龘', '!'],
    ]);
    assert.deepEqual(slices('a  b\nc', ['▁a', '▁', '▁b', '<0x0A>', 'c'], [], true), [
      'a',
      ' ',
      ' b',
      '\n',
      'c',
    ]);
  });
  it('steps over white space that the tokenizer collapsed', () => {
    assert.deepEqual(slices('a   b', ['▁a', '▁b'], [], true), ['a', '   b']);
  });
  it('lets an unknown SentencePiece cover what comes before the next known piece', () => {
    assert.deepEqual(slices('x🙂🙂 y', ['▁x', '<unk>', '▁y'], [], true), ['x', '🙂🙂', ' y']);
  });
  it('is ordered and inside the text, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string({ minLength: 1 })),
        fc.boolean(),
        (text, pieces, writesSpaces) => {
          let last = 0;
          const spelling = { isAdded: () => false, unknownPiece: '[UNK]', writesSpaces };
          for (const range of characterRanges(text, pieces, spelling)) {
            assert.ok(range.start >= last && range.end >= range.start && range.end <= text.length);
            last = range.start;
          }
        },
      ),
    );
  });
});

describe('character ranges of byte-level BPE', () => {
  // Pieces of GPT-2's tokenizer: 東京 is 30266 109 12859 105 = "æĿ" "±" "äº" "¬".
  it('gives each part of a character the whole character', () => {
    assert.deepEqual(
      byteRanges('東京', ['æĿ', '±', 'äº', '¬'], () => false),
      [
        { start: 0, end: 1 },
        { start: 0, end: 1 },
        { start: 1, end: 2 },
        { start: 1, end: 2 },
      ],
    );
  });
  it('counts the space with its word, and accepts a prefix space that the text lacks', () => {
    const text = 'The cat';
    const expected = [
      { start: 0, end: 3 },
      { start: 3, end: 7 },
    ];
    assert.deepEqual(
      byteRanges(text, ['The', 'Ġcat'], () => false),
      expected,
    );
    assert.deepEqual(
      byteRanges(text, ['ĠThe', 'Ġcat'], () => false),
      expected,
    );
  });
  it('says so when the pieces do not spell the text', () => {
    assert.equal(
      byteRanges('abc', ['x'], () => false),
      undefined,
    );
  });
});
