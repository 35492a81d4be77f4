import assert from 'node:assert/strict';
import { continuationPrompt, leftOver, shownContinuation } from '../../src/prompts/continuationPrompt';

describe('a prompt that is continued', () => {
  it('is read without the blanks behind its last word, but with its indentation', () => {
    assert.deepEqual(continuationPrompt('the cat '), { prompt: 'the cat', blanks: ' ' });
    assert.deepEqual(continuationPrompt('the cat'), { prompt: 'the cat', blanks: '' });
    assert.deepEqual(continuationPrompt('def f():\n    '), { prompt: 'def f():\n    ', blanks: '' });
    assert.deepEqual(continuationPrompt('小猫，\t '), { prompt: '小猫，', blanks: '\t ' });
    assert.deepEqual(continuationPrompt('a line\n'), { prompt: 'a line\n', blanks: '' });
  });

  it('is continued with the blanks that stand there once', () => {
    assert.equal(shownContinuation(' sat on', ' ', '\n'), 'sat on');
    assert.equal(shownContinuation(' sat on', '', '\n'), ' sat on');
    assert.equal(shownContinuation('\n sat', ' ', '\n'), '\n sat');
  });

  it('is continued with the line breaks of its document and without half a character', () => {
    assert.equal(shownContinuation('one\ntwo\r\nthree', '', '\r\n'), 'one\r\ntwo\r\nthree');
    assert.equal(shownContinuation('one 🙂\uFFFD\uFFFD', '', '\n'), 'one 🙂');
    assert.equal(shownContinuation('one\n\n', '', '\n'), 'one');
  });
});

describe('what is left of continuations', () => {
  it('is the rest of those that begin with what was typed', () => {
    assert.deepEqual(leftOver([' sat on', ' sang', 'ran'], ' sa'), ['t on', 'ng']);
    assert.deepEqual(leftOver([' sat'], ' sat'), ['']);
  });

  it('is nothing when anything else was typed or removed', () => {
    assert.equal(leftOver([' sat on'], 'x'), undefined);
    assert.equal(leftOver([' sat on'], ''), undefined);
  });
});
