import assert from 'node:assert/strict';
import { Tokenizer } from '../../src/inference/tokenizer';
import { tokenWindows } from '../../src/inference/tokenWindows';
import { isScopeError } from '../../src/protocol/errors';
import { expected, tokenizerFolder } from '../fixtures/tokenizers/expected';

describe('windows over a long text', () => {
  for (const [name, { long, windows }] of Object.entries(expected)) {
    it(`${name} cuts as the reference does, with ranges of the whole text`, async () => {
      const tokenizer = await Tokenizer.load(tokenizerFolder(name));
      const whole = tokenizer.tokenizeContent(long);
      for (const { size, stride, windows: reference } of windows) {
        const cut = tokenWindows(tokenizer, long, size, stride);
        assert.deepEqual(
          cut.windows.map((window) => window.map((token) => token.id)),
          reference.map((window) => window.ids),
        );
        assert.equal(cut.totalTokens, whole.length + tokenizer.frameSize);
        let from = 0;
        for (const [index, window] of cut.windows.entries()) {
          const content = window.filter((_, position) => reference[index]!.special[position] === 0);
          assert.deepEqual(content, whole.slice(from, from + content.length));
          from += size - tokenizer.frameSize - stride;
        }
      }
    });
  }

  it('has one window, of special tokens only, for an empty text', async () => {
    const tokenizer = await Tokenizer.load(tokenizerFolder('bert-uncased'));
    const { windows, totalTokens } = tokenWindows(tokenizer, '', 8, 2);
    assert.deepEqual([windows.length, windows[0]?.length, totalTokens], [1, 2, 2]);
  });

  it('refuses windows that do not advance', async () => {
    const tokenizer = await Tokenizer.load(tokenizerFolder('bert-uncased'));
    for (const [size, stride] of [
      [2, 0],
      [8, 6],
      [8, -1],
      [NaN, 0],
    ] as const) {
      assert.throws(
        () => tokenWindows(tokenizer, 'the cat', size, stride),
        (error) => isScopeError(error, 'badRequest'),
      );
    }
  });
});
