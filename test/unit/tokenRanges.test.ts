import assert from 'node:assert/strict';
import { characterGroups } from '../../src/text/characterGroups';
import { Tokenizer } from '../../src/inference/tokenizer';
import { type ExpectedCase, expected, tokenizerFolder } from '../fixtures/tokenizers/expected';

/**
 * Where our ranges differ from the reference on purpose:
 * - madeUp: a `▁` that the tokenizer put before a word is nowhere in the text; the reference gives it the
 *   character that follows.
 * - space: white space belongs to the token that spells it; the reference trims it (RoBERTa), or keeps one
 *   of the spaces that were collapsed.
 * - character: a letter and its marks, or the parts of a Hangul syllable, are one; the reference leaves out
 *   marks that were removed or composed.
 * - trimmed: the reference trims the prefix space that RoBERTa made up, and with it a real character.
 */
type Difference = 'madeUp' | 'space' | 'character' | 'trimmed';

const differences: Record<string, readonly Difference[]> = {
  t5: ['madeUp', 'character'],
  xlmr: ['madeUp', 'space', 'character'],
  albert: ['madeUp', 'space', 'character'],
  deberta: ['space', 'character'],
  llama: ['madeUp'],
  gemma: [],
  'bert-cased': [],
  'bert-uncased': ['character'],
  'bert-chinese': ['character'],
  gpt2: [],
  roberta: ['space', 'trimmed'],
  qwen: ['character'],
  clip: ['character'],
};

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Outwards to whole characters as a reader sees them. */
function wholeCharacters(text: string, start: number, end: number): readonly [number, number] {
  const [first, last] = [start, end - 1].map((unit) => graphemes.segment(text).containing(unit));
  return [first?.index ?? start, last ? last.index + last.segment.length : end];
}

function explain(
  text: string,
  piece: string,
  ours: readonly [number, number],
  [start, end]: readonly [number, number],
): Difference | 'wrong' {
  if (ours[0] === ours[1]) {
    return /^▁$/.test(piece) && ours[0] === start ? 'madeUp' : 'wrong';
  }
  if (start === end && piece.startsWith('Ġ') && ours[1] === end && ours[0] === start - 1) {
    return text[ours[0]] === ' ' ? 'space' : 'trimmed';
  }
  const more = text.slice(ours[0], start) + text.slice(end, ours[1]);
  if (ours[0] <= start && ours[1] >= end && /^[\s▁]+$/.test(more)) {
    return 'space';
  }
  const whole = wholeCharacters(text, start, end);
  return ours[0] === whole[0] && ours[1] === whole[1] ? 'character' : 'wrong';
}

describe('tokens and their ranges, against the reference', () => {
  for (const [name, { cases }] of Object.entries(expected)) {
    describe(name, () => {
      let tokenizer: Tokenizer;
      before(async () => {
        tokenizer = await Tokenizer.load(tokenizerFolder(name));
      });

      it('has the same tokens, with and without special tokens', () => {
        for (const { text, ids, whole } of cases) {
          const content = tokenizer.tokenizeContent(text).map((token) => token.id);
          assert.deepEqual(content, ids, JSON.stringify(text));
          const framed = tokenizer.tokenize(text, Infinity).tokens.map((token) => token.id);
          assert.deepEqual(framed, whole, JSON.stringify(text));
        }
      });

      it('has the same ranges, but for the stated differences, each of which occurs', () => {
        const found = new Set<string>();
        const compare = ({ text, offsets }: ExpectedCase): void => {
          for (const [index, { start, end, piece }] of tokenizer.tokenizeContent(text).entries()) {
            const reference = offsets[index]!;
            if (start !== reference[0] || end !== reference[1]) {
              const difference = explain(text, piece, [start, end], reference);
              const where = `${JSON.stringify(text)} ${index} ${piece}: ${start}-${end}, not ${reference.join('-')}`;
              assert.notEqual(difference, 'wrong', where);
              found.add(difference);
            }
          }
        };
        cases.forEach(compare);
        assert.deepEqual([...found].sort(), [...differences[name]!].sort());
      });
    });
  }
});

describe('ranges that people see', () => {
  const slices = async (name: string, text: string): Promise<string[]> => {
    const tokenizer = await Tokenizer.load(tokenizerFolder(name));
    return tokenizer.tokenizeContent(text).map(({ start, end }) => text.slice(start, end));
  };

  it('keeps a removed mark with its letter', async () => {
    assert.deepEqual(await slices('bert-uncased', 'cafe\u0301 ok'), ['cafe\u0301', 'o', 'k']);
  });
  it('gives every byte of a character the character, and shows them as one', async () => {
    for (const name of ['gpt2', 'llama', 'gemma']) {
      const tokenizer = await Tokenizer.load(tokenizerFolder(name));
      const tokens = tokenizer.tokenizeContent('a龘😀b');
      const shown = characterGroups(tokens).map(({ from }) => tokens[from]!);
      const texts = shown.filter(({ start, end }) => end > start).map((token) => token.text);
      assert.deepEqual(texts, ['a', '龘', '😀', 'b'], name);
      assert.equal(tokens.filter((token) => token.text === '😀').length, 4, name);
    }
  });
  it('gives each part of a ligature the ligature', async () => {
    const parts = await slices('t5', 'ﬁ');
    assert.ok(parts.filter((part) => part !== '').every((part) => part === 'ﬁ'));
  });
});
