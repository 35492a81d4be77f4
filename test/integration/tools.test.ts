import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { theExtension } from './extension';

/** The tools of agent mode, called as VS Code calls them. */

describe('language model tools', function () {
  this.timeout(60_000);

  before(theExtension);

  const call = async (name: string, input: object): Promise<string> => {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    return result.content
      .map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
      .join('');
  };

  it('reads attention: habits of heads and the strongest keys of one head', async () => {
    const text = await call('inspect_attention', {
      text: 'The cat sat on the mat.',
      model: 'scope-bert',
      layer: 1,
      head: 4,
    });
    assert.match(text, /4 layers × 6 heads/);
    // The model's card: this head attends to the previous token.
    assert.match(text, /layer 1 head 4: previous (0\.9\d|1\.00)/);
    assert.match(text, /\[3\] "sat" → \[2\] "cat" (0\.\d+|1\.000)/);
  });

  it('counts tokens, special ones apart', async () => {
    const text = await call('count_tokens', {
      text: 'The cat sat on the mat',
      models: ['scope-bert', 'scope-gpt'],
    });
    assert.match(text, /^scope-bert: 6 tokens \(3\.67 characters per token\), 2 special tokens besides\n/);
    assert.match(text, /scope-gpt: \d+ tokens .*, 0 special tokens besides$/);
  });

  it('asks in several ways, and counts on a task', async () => {
    const answers = await call('compare_prompts', {
      text: 'apple, banana, apple, banana, apple,',
      strategies: ['zero-shot', 'one-shot'],
    });
    assert.equal(answers.match(/^- /gm)?.length, 2);
    const counts = await call('compare_prompts', {
      task: 'arithmetic-en',
      items: 3,
      model: 'scope-gpt-instruct',
      strategies: ['zero-shot', 'zero-shot+reasoning'],
    });
    // The model's card: step by step it solves all, at once one in eight.
    assert.match(counts, /3 of 3 right/);
  });

  it('says what is wrong with what it is given', async () => {
    await assert.rejects(call('inspect_attention', { text: '   ' }));
    await assert.rejects(call('inspect_attention', { text: 'A cat.', layer: 9 }), /layer 0–3/);
    await assert.rejects(call('compare_prompts', { task: 'no-such-task' }));
  });
});
