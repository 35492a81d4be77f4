import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { readStudy } from '../../src/prompts/studyFile';
import { scorerKinds, taskKinds } from '../../src/protocol/prompts';
import { checkSuite } from '../../src/suites/checkSuite';
import { completeSuite } from '../../src/suites/completeSuite';
import { hoverSuite } from '../../src/suites/hoverSuite';
import { problemText, problemTexts } from '../../src/suites/problems';
import type { Schema } from '../../src/suites/schemaWalk';
import { root } from './sourceTree';

/** What an editor says about the text of a suite, each time at the exact place. */

const media = (...path: string[]): string => readFileSync(join(root, 'media', ...path), 'utf8');
const schema = JSON.parse(media('suite', 'prompts.schema.json')) as Schema;
const context = { schema, models: ['scope-gpt-instruct', 'scope-gpt'] };

/** Each problem as `severity kind “text that is marked”`. */
function problemsOf(text: string): string[] {
  return checkSuite(text, context).map(
    ({ severity, kind, start, end }) => `${severity} ${kind} “${text.slice(start, end)}”`,
  );
}

/** What is offered where `‸` stands. */
function offered(marked: string): string[] {
  const text = marked.replace('‸', '');
  return completeSuite(text, marked.indexOf('‸'), context).map(({ label }) => label);
}

const head = 'transformerScope: 1\ntask:\n  kind: classify\n  labels: [good, bad]\n';

describe('the text of a suite', () => {
  it('is without fault in every task that comes with the extension', () => {
    for (const name of readdirSync(join(root, 'media', 'tasks'))) {
      assert.deepEqual(problemsOf(media('tasks', name)), [], name);
    }
  });

  it('knows the kinds that the code knows', () => {
    const task = schema.definitions?.['task']?.properties;
    assert.deepEqual(task?.['kind']?.enum, [...taskKinds]);
    assert.deepEqual(task?.['scorer']?.properties?.['kind']?.enum, [...scorerKinds]);
  });

  it('is marked where it does not fit the schema', () => {
    const cases: Record<string, string[]> = {
      'task: {kind: solve}': ['error notASuite “task: {kind: solve}”'],
      'transformerScope: 2\ntask: {kind: solve}': ['error notASuite “2”'],
      'transformerScope: 1\n': ['error missingKey “transformerScope: 1”'],
      'transformerScope: 1\ntask: {kind: dance}': ['error notOneOf “dance”'],
      'transformerScope: 1\ntask:\n  knd: solve\n': [
        'error missingKey “task”',
        'warning unknownKeyMeant “knd”',
      ],
      'transformerScope: 1\ntitle: [a]\ntask: {kind: solve}': ['error wrongType “[a]”'],
      'transformerScope: 1\ntask: {kind: solve}\nsampling: {temperature: 99}': ['error outOfRange “99”'],
      'transformerScope: 1\ntask: {kind: solve}\nthreshold: {zero-shot: 7}': ['error outOfRange “7”'],
      'transformerScope: 1\ntask: {kind: solve}\nstrategies: [magic]': ['error strategy “magic”'],
      'transformerScope: 1\ntask: {kind: solve, items: [{expected: 1}]}': [
        'hint fewItems “items”',
        'error missingKey “{expected: 1}”',
      ],
      'transformerScope: 1\ntask: &a {kind: solve}\nsampling: *a': ['error alias “*a”'],
    };
    for (const [text, problems] of Object.entries(cases)) {
      assert.deepEqual(problemsOf(text), problems, text);
    }
    const [syntax] = checkSuite('transformerScope: 1\ntask: [a\nb: "', context);
    assert.equal(syntax?.kind, 'syntax');
  });

  it('is marked where it fits, but says something odd', () => {
    assert.deepEqual(problemsOf(`${head}  items:\n    - {input: x, expected: god}\n`), [
      'hint fewItems “items”',
      'warning unknownLabel “god”',
    ]);
    const rows =
      '    - input: x\n      expected: good\n    - input: x\n      expected: bad\n    - input: x\n      expected: good\n';
    const twice = checkSuite(`${head}  items:\n${rows}`, context).filter(
      ({ severity }) => severity === 'warning',
    );
    assert.deepEqual(
      twice.map(({ kind, args }) => [kind, ...args]),
      [
        ['conflictingItem', 6],
        ['duplicateItem', 6],
      ],
    );
    assert.deepEqual(
      problemsOf(
        `${head}  examples: [{input: a, output: good}]\n  items: [{input: a, expected: good}, {input: b}]\nstrategies: [few-shot-3, zero-shot, zero-shot, one-shot+reasoning]\nmodels: [scope-gtp, {id: mine, folder: ./mine}]\nthreshold: {one-shot: 1}\n`,
      ),
      [
        'hint fewItems “items”',
        'warning itemIsExample “a”',
        'hint notExpected “{input: b}”',
        'warning tooFewExamples “few-shot-3”',
        'warning duplicateStrategy “zero-shot”',
        'warning noReasoning “one-shot+reasoning”',
        'error unknownModel “scope-gtp”',
        'warning thresholdUnused “one-shot”',
      ],
    );
    assert.deepEqual(
      problemsOf(`transformerScope: 1\ntask: {kind: custom, scorer: {kind: regex, pattern: "("}}`),
      ['error pattern “"("”'],
    );
    assert.deepEqual(problemsOf(`transformerScope: 1\ntask: {kind: custom, format: {schema: {type: 7}}}`), [
      'error schema “{type: 7}”',
    ]);
  });

  it('is refused by the reader exactly where an error is marked', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        'zero-shot',
        'solve',
        '',
        1,
        -3,
        null,
        true,
        [],
        {},
        'x',
        ['a', 2],
        { id: 'm' },
        [{ id: 'm' }],
        [{ folder: 'm' }],
        [{ provider: 'server', model: 'm' }],
        { a: 'b' },
      ),
    );
    const key = fc.constantFrom(
      'title',
      'input',
      'strategies',
      'models',
      'threshold',
      'edited',
      'results',
      'other',
      'id',
    );
    const taskKey = fc.constantFrom(
      'language',
      'instruction',
      'labels',
      'items',
      'examples',
      'scorer',
      'format',
      'frame',
      'exampleChoice',
    );
    const row = fc.dictionary(fc.constantFrom('input', 'expected', 'output', 'reasoning'), value, {
      maxKeys: 3,
    });
    const suite = fc.record({
      top: fc.dictionary(key, value, { maxKeys: 3 }),
      task: fc.dictionary(taskKey, value, { maxKeys: 3 }),
      rows: fc.option(fc.tuple(fc.constantFrom('items', 'examples'), fc.array(row, { maxLength: 2 })), {
        nil: undefined,
      }),
      kind: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom<unknown>(...taskKinds) },
        { weight: 1, arbitrary: value },
      ),
      sampling: fc.dictionary(fc.constantFrom('seed', 'topP', 'stop', 'maxNewTokens'), value, { maxKeys: 2 }),
    });
    fc.assert(
      fc.property(suite, ({ top, task, rows, kind, sampling }) => {
        const text = stringify({
          transformerScope: 1,
          ...top,
          task: { kind, ...task, ...(rows ? { [rows[0]]: rows[1] } : {}) },
          sampling,
        });
        const errors = checkSuite(text, { schema, models: [] }).filter(
          ({ severity }) => severity === 'error',
        );
        let refused = '';
        try {
          readStudy(text, 'x');
        } catch (error) {
          refused = String(error);
        }
        assert.equal(errors.length > 0, refused !== '', `${text}\n${refused} ${JSON.stringify(errors)}`);
      }),
      { numRuns: 150 },
    );
  });

  it('can be completed while it is broken', () => {
    assert.deepEqual(offered('‸').slice(0, 3), ['transformerScope', 'id', 'title']);
    assert.deepEqual(offered('transformerScope: 1\ntask:\n  kind: ‸'), [...taskKinds]);
    const keys = offered(`${head}  ‸\nmodels: []\n`);
    assert.ok(keys.includes('items') && !keys.includes('kind') && !keys.includes('labels'), keys.join());
    assert.deepEqual(offered(`${head}  items:\n    - input: x\n      expected: ‸`), ['good', 'bad']);
    assert.deepEqual(offered(`${head}  items:\n  - input: x\n    expected: good\n  - input: y\n    ex‸`), [
      'expected',
    ]);
    assert.deepEqual(offered(`${head}  items:\n    - { input: "a, b", ‸`), ['expected']);
    assert.deepEqual(offered(`${head}  items:\n    - { input: y, expected: ‸ }`), ['good', 'bad']);
    assert.ok(offered('transformerScope: 1\nstrategies:\n- zero-shot\n- few‸').includes('few-shot-3'));
    assert.ok(offered('transformerScope: 1\nstrategies: [zero-shot, ‸]').includes('one-shot'));
    assert.deepEqual(offered('transformerScope: 1\nmodels:\n  - id: ‸'), context.models);
    assert.deepEqual(offered('transformerScope: 1\ntask: { kind: solve, language: ‸ }'), ['en', 'zh']);
    // Labels that the file leaves to its kind are offered too.
    assert.deepEqual(
      offered(
        'transformerScope: 1\ntask:\n  kind: classify\n  language: zh\n  items:\n    - input: x\n      expected: ‸',
      ),
      ['正面', '负面'],
    );
  });

  it('is explained under the pointer', () => {
    const text = `${head}  scorer:\n    kind: exact\n`;
    const at = (word: string): ReturnType<typeof hoverSuite> =>
      hoverSuite(text, text.indexOf(word) + 1, schema);
    assert.equal(at('labels')?.name, 'task.labels');
    assert.equal(at('exact')?.name, 'task.scorer.kind');
    assert.ok(at('exact')?.values.includes('regex'));
    assert.equal(
      hoverSuite('transformerScope: 1\ntask: {kind: solve, role: x}', 42, schema)?.usual,
      'You are a teacher.',
    );
    assert.equal(hoverSuite('', 0, schema), undefined);
  });

  it('is explained in two languages, and every sentence about it can be said', () => {
    const descriptions = new Set(
      [...JSON.stringify(schema).matchAll(/"description":"((?:[^"\\]|\\.)*)"/g)].map(
        (match) => JSON.parse(`"${match[1]}"`) as string,
      ),
    );
    const chinese = JSON.parse(media('suite', 'descriptions.zh-cn.json')) as Record<string, string>;
    assert.deepEqual(Object.keys(chinese).sort(), [...descriptions].sort());
    for (const kind of Object.keys(problemTexts) as (keyof typeof problemTexts)[]) {
      const said = problemText({ kind, args: ['a', 'b', 'c'] }, (text, ...args) =>
        text.replace(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)])),
      );
      assert.doesNotMatch(said, /\{\d\}|undefined/);
    }
  });
});
