import assert from 'node:assert/strict';
import { AlignedText } from '../../src/inference/alignedText';
import { characterGroups } from '../../src/text/characterGroups';

const slices = (aligned: AlignedText, original: string): string[] =>
  Array.from({ length: aligned.text.length }, (_, unit) => {
    const { start, end } = aligned.range(unit, unit + 1);
    return original.slice(start, end);
  });

describe('a text that remembers where it comes from', () => {
  it('gives what several characters became all of them', () => {
    const changed = AlignedText.of('a  b').mapMatches(/ +/g, () => '▁');
    assert.equal(changed.text, 'a▁b');
    assert.deepEqual(slices(changed, 'a  b'), ['a', '  ', 'b']);
  });
  it('gives everything that one character became that character', () => {
    const changed = AlignedText.of('ﬁn').map((char) => char.normalize('NFKC'));
    assert.equal(changed.text, 'fin');
    assert.deepEqual(slices(changed, 'ﬁn'), ['ﬁ', 'ﬁ', 'n']);
  });
  it('leaves what was made up nowhere, before, within and behind the text', () => {
    const changed = AlignedText.of('ab').edit([0, 1, 2].map((at) => ({ from: at, to: at, text: '_' })));
    assert.equal(changed.text, '_a_b_');
    assert.deepEqual(slices(changed, 'ab'), ['', 'a', '', 'b', '']);
  });
  it('adds a removed mark to its letter, and drops what else is removed', () => {
    const original = '𝒆\u0301\u200bx';
    const changed = AlignedText.of(original).mapMatches(/[\u0301\u200b]/g, () => '');
    assert.equal(changed.text, '𝒆x');
    assert.deepEqual(changed.range(0, 2), { start: 0, end: 3 });
    assert.deepEqual(changed.range(2, 3), { start: 4, end: 5 });
  });
  it('keeps its place when it is cut', () => {
    const part = AlignedText.of('one two', 10).slice(4, 7);
    assert.deepEqual(part.range(0, 3), { start: 14, end: 17 });
    assert.deepEqual(part.slice(3, 3).range(0, 0), { start: 17, end: 17 });
  });
});

describe('tokens that are shown as one', () => {
  it('joins those that share a character, and no others', () => {
    const range = (start: number, end: number): { start: number; end: number } => ({ start, end });
    assert.deepEqual(characterGroups([range(0, 0), range(0, 1), range(0, 1), range(1, 1), range(1, 3)]), [
      { from: 0, to: 1 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
      { from: 4, to: 5 },
    ]);
  });
});
