import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { presetTask } from '../../src/prompts/presets';
import { boxedFacts } from '../../src/prompts/boxedFacts';
import { schemaProblem } from '../../src/prompts/schemaCode';
import {
  type Scored,
  type Verdict,
  judge,
  judgeLabel,
  lastNumber,
  patternProblem,
} from '../../src/prompts/scorers';
import { normalised } from '../../src/prompts/textScores';
import type { Answer, Strategy, Task } from '../../src/protocol/prompts';
import { Sandbox } from '../../src/worker/sandbox';

const zero: Strategy = { shots: 0, reasoning: false, role: false, format: false };

interface Case {
  readonly task: Task;
  readonly output: string;
  readonly expected?: Answer;
  readonly strategy?: Strategy;
  readonly cue?: string;
  readonly wasCut?: boolean;
}

function scoredOf({ task, output, expected, strategy = zero, cue = '', wasCut = false }: Case): Scored {
  const item = { input: 'x', ...(expected === undefined ? {} : { expected }) };
  return { task, strategy, item, cue, output, wasCut };
}

function verdict(given: Case): Verdict {
  return judge(scoredOf(given));
}

const sandbox = new Sandbox(() => readFile(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));

/** With what a pattern or a schema says, as the inference process finds it out. */
async function boxed(given: Case): Promise<Verdict> {
  const scored = scoredOf(given);
  const facts = await boxedFacts(scored, (expression, values) => sandbox.evaluate(expression, values));
  return judge(scored, facts);
}

describe('judging answers', () => {
  const classify = presetTask('classify', 'en');
  const solve = presetTask('solve', 'en');
  const extract = presetTask('extract', 'en');

  it('forgives case, spaces, quotes and a full stop, not another word', () => {
    assert.equal(verdict({ task: classify, output: ' "Positive".', expected: 'positive' }).pass, true);
    const wrong = verdict({ task: classify, output: 'negative', expected: 'positive' });
    assert.deepEqual([wrong.pass, wrong.failure], [false, 'wrong']);
    assert.equal(normalised('「 正面 」。'), '正面');
  });

  it('reads a number after the steps, in English and in Chinese', () => {
    const reasoning = { ...zero, reasoning: true };
    const steps = ' 7 + 5 = 12. 12 - 3 = 9. The answer is 9.';
    const found = verdict({ task: solve, output: steps, expected: '9', strategy: reasoning });
    assert.deepEqual([found.answer, found.pass], ['9', true]);
    const chinese = verdict({
      task: presetTask('solve', 'zh'),
      output: '7 + 5 = 12。答案是12。',
      expected: '12',
      strategy: reasoning,
    });
    assert.deepEqual([chinese.answer, chinese.pass], ['12', true]);
    // The prompt ended with the mark itself.
    const direct = verdict({ task: solve, output: ' 9.', expected: '9', cue: 'The answer is' });
    assert.deepEqual([direct.answer, direct.pass], ['9', true]);
    assert.equal(lastNumber('about 1,250.5 metres'), 1250.5);
    assert.equal(lastNumber('１２個'), 12);
    assert.equal(lastNumber('none'), undefined);
  });

  it('takes JSON out of what a model says around it, and misses it where it is not', () => {
    const strategy = { ...zero, format: true };
    const expected = { name: 'Tom', number: 3, thing: 'cakes' };
    const said = 'Sure:\n```json\n{"name": "Tom", "number": 3, "thing": "cakes"}\n```';
    const found = verdict({ task: extract, output: said, expected, strategy });
    assert.deepEqual([found.pass, found.formatKept, found.answer], [true, true, 'Tom, 3, cakes']);
    const plain = verdict({ task: extract, output: 'Tom, 3, cakes', expected, strategy });
    assert.deepEqual([plain.pass, plain.formatKept, plain.failure], [false, false, 'format']);
    const cut = verdict({ task: extract, output: '{"name": "To', expected, strategy, wasCut: true });
    assert.equal(cut.failure, 'cut');
    // Without the format asked for, plain words are what is expected.
    assert.equal(verdict({ task: extract, output: 'Tom, 3, cakes', expected }).pass, true);
    const keyed = verdict({
      task: classify,
      output: '{"sentiment": "negative"}',
      expected: 'negative',
      strategy,
    });
    assert.deepEqual([keyed.pass, keyed.answer], [true, 'negative']);
  });

  it('holds JSON against a schema', async () => {
    const schema = { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } };
    const task: Task = { ...extract, format: { ...extract.format, schema }, scorer: { kind: 'json' } };
    const strategy = { ...zero, format: true };
    assert.equal((await boxed({ task, output: '{"number": 3}', strategy })).pass, true);
    assert.deepEqual(
      [
        (await boxed({ task, output: '{"number": "3"}', strategy })).pass,
        (await boxed({ task, output: '{}', strategy })).failure,
      ],
      [false, 'format'],
    );
    assert.equal(schemaProblem(schema), undefined);
    assert.match(schemaProblem({ type: 'nonsense' }) ?? '', /type/);
    assert.match(patternProblem('(') ?? '', /parenthes|group/i);
  });

  it('tells an empty answer from a wrong one', () => {
    assert.equal(verdict({ task: classify, output: ' \n', expected: 'positive' }).failure, 'empty');
  });

  it('leaves to a person what nobody stated', () => {
    const open = verdict({ task: classify, output: 'positive' });
    assert.deepEqual([open.pass, open.failure], [null, null]);
    const manual: Task = { ...classify, scorer: { kind: 'manual' } };
    assert.equal(verdict({ task: manual, output: 'positive', expected: 'positive' }).pass, null);
  });

  it('knows contains, patterns and labels', async () => {
    const contains: Task = { ...classify, scorer: { kind: 'contains' } };
    assert.equal(
      verdict({ task: contains, output: 'It is Positive, I think', expected: 'positive' }).pass,
      true,
    );
    const regex: Task = { ...classify, scorer: { kind: 'regex', pattern: '^pos' } };
    assert.equal((await boxed({ task: regex, output: 'positive', expected: '-' })).pass, true);
    assert.equal((await boxed({ task: regex, output: 'negative', expected: '-' })).pass, false);
    assert.equal(judgeLabel('正面', { input: 'x', expected: '正面' }).pass, true);
    assert.equal(judgeLabel('正面', { input: 'x' }).pass, null);
  });
});
