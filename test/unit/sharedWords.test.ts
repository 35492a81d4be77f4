import assert from 'node:assert/strict';
import {
  firstBlank,
  languageOf,
  sentencesOf,
  sharedWords,
  wordOfTokens,
} from '../../src/compare/sharedWords';
import type { Token } from '../../src/protocol/model';

/** Tokens from pieces that follow each other in the text. */
function tokensOf(text: string, pieces: readonly string[]): Token[] {
  let at = 0;
  return pieces.map((piece) => {
    const start = text.indexOf(piece, at);
    at = start + piece.length;
    return { id: 0, piece, text: piece, start, end: at, special: false };
  });
}
const cls: Token = { id: 0, piece: '[CLS]', text: '[CLS]', start: 0, end: 0, special: true };

describe('shared words', () => {
  it('are Unicode’s words where both tokenisations have a border', () => {
    const text = 'Playing chess, again!';
    const bert = [cls, ...tokensOf(text, ['Play', 'ing', 'chess', ',', 'again', '!'])];
    const gpt = tokensOf(text, ['Playing', ' ch', 'ess', ',', ' again', '!']);
    const words = sharedWords(text, [bert, gpt]);
    assert.deepEqual(
      words.map(({ text: word, counts }) => [word, counts]),
      [
        ['Playing', true],
        ['chess', true],
        [',', false],
        ['again', true],
        ['!', false],
      ],
    );
    assert.deepEqual(wordOfTokens(text, bert, words), [-1, 0, 0, 1, 2, 3, 4]);
    assert.deepEqual(wordOfTokens(text, gpt, words), [0, 1, 1, 2, 3, 4]);
  });

  it('are joined where a token of one model reaches over a border', () => {
    const text = 'ab-cd ef';
    const words = sharedWords(text, [
      tokensOf(text, ['ab-', 'cd', ' ef']),
      tokensOf(text, ['ab', '-', 'cd', 'ef']),
    ]);
    assert.deepEqual(
      words.map((word) => word.text),
      ['ab-', 'cd', 'ef'],
    );
    const chinese = '我在家。';
    const found = sharedWords(chinese, [
      tokensOf(chinese, ['我在', '家。']),
      tokensOf(chinese, [...chinese]),
    ]);
    assert.equal(found.map((word) => word.text).join(''), chinese);
    assert.equal(found.at(-1)?.text.endsWith('家。'), true);
  });

  it('survive bytes of one character, emoji, white space and an empty text', () => {
    const text = 'a 😀\n\nb';
    const gpt = [
      ...tokensOf(text, ['a', ' 😀']),
      // Three tokens for what is left of the character's bytes, as they share its range.
      { id: 1, piece: 'x', text: '😀', start: 2, end: 4, special: false },
      ...[{ id: 2, piece: 'Ċ', text: '\n\n', start: 4, end: 6, special: false }],
      ...[{ id: 3, piece: 'b', text: 'b', start: 6, end: 7, special: false }],
    ];
    const words = sharedWords(text, [gpt, tokensOf(text, ['a', '😀', 'b'])]);
    assert.deepEqual(
      words.map((word) => word.text),
      ['a', '😀', 'b'],
    );
    assert.deepEqual(wordOfTokens(text, gpt, words), [0, 1, 1, -1, 2]);
    assert.deepEqual(sharedWords('', [[], []]), []);
  });

  it('find sentences, the language and the first blank', () => {
    assert.deepEqual(sentencesOf('The cat sat. It slept!  \n Yes. Then it ran away.', 2), [
      'The cat sat.',
      'It slept!',
    ]);
    assert.deepEqual(sentencesOf('小猫坐在垫子上。它睡着了。', 5), ['小猫坐在垫子上。', '它睡着了。']);
    assert.equal(languageOf('The cat'), 'en');
    assert.equal(languageOf('我喜欢 BERT 模型'), 'zh');
    const text = 'The cat sat on the mat. It slept.';
    const words = sharedWords(text, []);
    assert.equal(words[firstBlank(text, words) ?? -1]?.text, 'mat');
    assert.equal(firstBlank('…', sharedWords('…', [])), null);
  });
});
