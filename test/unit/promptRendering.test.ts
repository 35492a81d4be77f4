import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chooseExamples } from '../../src/prompts/chooseExamples';
import { guessKind, guessLanguage, presetTask } from '../../src/prompts/presets';
import { chatMessages, plainMessages, promptOfChat, renderForBase } from '../../src/prompts/renderPrompt';
import { basicStrategies, parseStrategyId, strategyId } from '../../src/prompts/strategy';
import { renderTemplate } from '../../src/prompts/templateInterpreter';
import type { Example, RenderedPrompt, Strategy, Task } from '../../src/protocol/prompts';

const zero: Strategy = { shots: 0, reasoning: false, role: false, format: false };
const example: Example = { input: 'Tom has 2 cups. Tom gets 3 more.', output: '5', reasoning: '2 + 3 = 5.' };

const partsOf = ({ text, parts }: RenderedPrompt): [string, string][] =>
  parts.map(({ part, start, end }) => [part, text.slice(start, end)]);

describe('prompts', () => {
  const solve: Task = { ...presetTask('solve', 'en'), examples: [example] };

  it('are written as people write them, in each way', () => {
    const render = (strategy: Strategy, examples: readonly Example[] = []): string =>
      renderForBase(solve, strategy, examples, 'Mia has 4 keys?').text;
    assert.equal(render(zero), 'Solve the problem.\nQ: Mia has 4 keys?\nA: The answer is');
    assert.equal(
      render({ ...zero, reasoning: true }),
      "Solve the problem.\nQ: Mia has 4 keys?\nA: Let's think step by step.",
    );
    assert.equal(
      render({ ...zero, role: true }),
      'You are a teacher. Solve the problem.\nQ: Mia has 4 keys?\nA: The answer is',
    );
    assert.equal(
      render({ ...zero, format: true }),
      'Solve the problem. Answer in JSON.\nQ: Mia has 4 keys?\nA:',
    );
    assert.equal(
      render({ ...zero, shots: 1 }, [example]),
      'Solve the problem.\nQ: Tom has 2 cups. Tom gets 3 more.\nA: The answer is 5.\nQ: Mia has 4 keys?\nA: The answer is',
    );
    assert.equal(
      render({ ...zero, shots: 1, reasoning: true }, [example]),
      "Solve the problem.\nQ: Tom has 2 cups. Tom gets 3 more.\nA: Let's think step by step. 2 + 3 = 5. The answer is 5.\nQ: Mia has 4 keys?\nA: Let's think step by step.",
    );
    assert.equal(
      render({ ...zero, shots: 1, format: true }, [example]),
      'Solve the problem. Answer in JSON.\nQ: Tom has 2 cups. Tom gets 3 more.\nA: {"answer": "5"}\nQ: Mia has 4 keys?\nA:',
    );
  });

  it('are Chinese for Chinese texts, without spaces', () => {
    const task = presetTask('solve', 'zh');
    assert.equal(
      renderForBase(task, { ...zero, role: true, reasoning: true }, [], '小明有3个球？').text,
      '你是老师。请解题。\n问：小明有3个球？\n答：让我们一步一步地想。',
    );
  });

  it('know which stretch is what, and examples take their lines whole', () => {
    const prompt = renderForBase(solve, { ...zero, shots: 1, role: true }, [example], 'Mia?');
    assert.deepEqual(partsOf(prompt), [
      ['role', 'You are a teacher.'],
      ['frame', ' '],
      ['instruction', 'Solve the problem.'],
      ['frame', '\n'],
      ['examples', 'Q: Tom has 2 cups. Tom gets 3 more.\nA: The answer is 5.\n'],
      ['frame', 'Q: '],
      ['input', 'Mia?'],
      ['frame', '\nA: '],
      ['reasoning', 'The answer is'],
    ]);
  });

  it('cover their text without gaps, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.boolean(), (input, output, role) => {
        const shown = [{ input: `${input}x`, output }];
        const prompt = renderForBase(solve, { ...zero, shots: 1, role }, shown, input);
        let at = 0;
        for (const { start, end } of prompt.parts) {
          assert.equal(start, at);
          assert.ok(end > start);
          at = end;
        }
        assert.equal(at, prompt.text.length);
        assert.ok(!/[\ue100-\ue1ff]/.test(prompt.text));
      }),
    );
  });

  it('become turns for a chat model, and come back with their parts', () => {
    const messages = chatMessages(solve, { ...zero, shots: 1, role: true }, [example], 'Mia?');
    assert.deepEqual(plainMessages(messages), [
      { role: 'system', content: 'You are a teacher.' },
      { role: 'user', content: 'Solve the problem.\nTom has 2 cups. Tom gets 3 more.' },
      { role: 'assistant', content: 'The answer is 5.' },
      { role: 'user', content: 'Mia?' },
    ]);
    const chatml =
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}{{ '<|im_start|>assistant\n' }}";
    const prompt = promptOfChat(renderTemplate(chatml, { messages }));
    assert.equal(prompt.template, 'model');
    assert.deepEqual(
      partsOf(prompt).filter(([part]) => part === 'input' || part === 'role'),
      [
        ['role', 'You are a teacher.'],
        ['input', 'Mia?'],
      ],
    );
  });

  it('show chosen examples, never the one that is asked about', () => {
    const rows = ['a', 'b', 'c', 'd'].map((input, index) => ({ input, output: index < 3 ? 'yes' : 'no' }));
    const choose = (exampleChoice: Task['exampleChoice'], input = 'x', similarity?: number[]): string =>
      chooseExamples({ ...solve, examples: rows, exampleChoice }, input, 2, {
        seed: 5,
        ...(similarity ? { similarity } : {}),
      })
        .map((each) => each.input)
        .join('');
    assert.equal(choose('first'), 'ab');
    assert.equal(choose('first', 'a'), 'bc');
    assert.equal(choose('random'), choose('random'));
    assert.ok(choose('balanced').includes('d'), 'each answer is shown once');
    // The nearest stands last, beside the input.
    assert.equal(choose('nearest', 'x', [0.1, 0.9, 0.5, 0.2]), 'cb');
  });

  it('have strategies whose names can be read back', () => {
    for (const strategy of [...basicStrategies(5), { shots: 4, reasoning: true, role: true, format: true }]) {
      assert.deepEqual(parseStrategyId(strategyId(strategy)), strategy);
    }
    for (const wrong of [
      '',
      'few-shot',
      'few-shot-x',
      'few-shot-1',
      'zero-shot+magic',
      'zero-shot+role+role',
    ]) {
      assert.equal(parseStrategyId(wrong), null, wrong);
    }
  });

  it('begin with a guess of what is meant', () => {
    assert.equal(guessKind('Tom has 3 apples and buys 2. How many does he have?'), 'solve');
    assert.equal(guessKind('如果我有3个苹果，吃了1个，又买了2个，我现在有几个苹果？'), 'solve');
    assert.equal(guessKind('What is the capital of France?'), 'answer');
    assert.equal(guessKind('river'), 'translate');
    assert.equal(guessKind('A B A B A'), 'continue');
    assert.equal(guessKind('I hated every minute of this film.'), 'classify');
    assert.equal(guessKind('Anna bought 3 cakes in the shop yesterday.'), 'extract');
    assert.equal(guessKind('word '.repeat(200)), 'summarise');
    assert.equal(guessLanguage('这个房间真干净。'), 'zh');
    assert.equal(guessLanguage('The room is clean.'), 'en');
    assert.equal(guessLanguage(''), 'en');
  });
});
