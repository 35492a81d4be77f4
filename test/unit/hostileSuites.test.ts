import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boxedFacts } from '../../src/prompts/boxedFacts';
import { presetTask } from '../../src/prompts/presets';
import { schemaProblem } from '../../src/prompts/schemaCode';
import { type Scored, judge } from '../../src/prompts/scorers';
import { readStudy } from '../../src/prompts/studyFile';
import { readTable } from '../../src/prompts/table';
import { renderTemplate } from '../../src/prompts/templateInterpreter';
import { isScopeError } from '../../src/protocol/errors';
import type { Task } from '../../src/protocol/prompts';
import { checkSuite, mostWhileTyping } from '../../src/suites/checkSuite';
import { completeSuite } from '../../src/suites/completeSuite';
import { hoverSuite } from '../../src/suites/hoverSuite';
import { answersOf } from '../../src/suites/jsonReport';
import { importPromptfoo } from '../../src/suites/promptfooImport';
import type { Schema } from '../../src/suites/schemaWalk';
import { Sandbox } from '../../src/worker/sandbox';
import { root } from './sourceTree';

/** Suites, studies and tables as somebody would write them who wants the editor to stand still, or to get out. */

const schema = JSON.parse(
  readFileSync(join(root, 'media', 'suite', 'prompts.schema.json'), 'utf8'),
) as Schema;
const context = { schema, models: ['scope-gpt'], mostCharacters: mostWhileTyping };
const sandbox = new Sandbox(() => readFile(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));

/**
 * No single look may take longer: the extension host is one thread for every extension. Counted is the time of the
 * processor, so that whatever else a computer does makes no difference.
 */
function inTime<T>(name: string, milliseconds: number, work: () => T): T {
  const before = process.cpuUsage();
  try {
    return work();
  } finally {
    const { user, system } = process.cpuUsage(before);
    const took = Math.round((user + system) / 1000);
    assert.ok(took < milliseconds, `${name}: ${took} ms`);
  }
}

const head = 'transformerScope: 1\ntask:\n  kind: classify\n';
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** Each shorter than what is checked while somebody types. */
const bombs: Readonly<Record<string, string>> = {
  laughs: `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join()}]\n`).join('')}`,
  'nested lists': `${head}  items: ${'['.repeat(80_000)}`,
  'nested and closed lists': `${head}  items: ${'['.repeat(5000)}${']'.repeat(5000)}`,
  'nested maps': `${head}  format: { schema: ${'{a: '.repeat(100_000)}`,
  'nested dashes': `${head}  items:\n    ${'- '.repeat(100_000)}x`,
  'a key nobody knows, very long': `${head}  ${'k'.repeat(600_000)}: 1\n`,
  'keys nobody knows': head + lines(15_000, (index) => `  k${index}: 1\n`),
  'the same key again and again': head + lines(15_000, () => '  title: 1\n'),
  'items of the wrong type': `${head}  items: [${'1,'.repeat(80_000)}]`,
  'items without anything': `${head}  items: [${'{},'.repeat(50_000)}]`,
  'the same item': `${head}  labels: [a, b]\n  items:\n${lines(10_000, () => '    - {input: x, expected: c}\n')}`,
  'labels and items': `${head}  labels: [${lines(8_000, (index) => `l${index},`)}]\n  items:\n${lines(6_000, (index) => `    - {input: x${index}, expected: y}\n`)}`,
  thresholds: `${head}strategies: [zero-shot]\nthreshold:\n${lines(10_000, (index) => `  few-shot-${index + 1}: 0.5\n`)}`,
  'ways of asking': `${head}strategies: [${lines(15_000, (index) => `few-shot-${index}+reasoning,`)}]`,
  anchors: `${head}  items: [${lines(15_000, (index) => `&a${index} x,`)}]`,
  aliases: `${head}  items: [&a x, ${'*a,'.repeat(40_000)}]`,
  'broken quotes': `${head}  role: ${'"x" '.repeat(60_000)}`,
  'tabs and colons': '\t:'.repeat(3000),
  'blanks behind a letter': `${head}  a${' '.repeat(400_000)}`,
  'prototype keys': `${head}  __proto__: {polluted: 1}\n  constructor: {prototype: {polluted: 1}}\n__proto__: {polluted: 1}\n`,
  'no text at all': `${head}  role: "\\0\\e[2J\\u202e"\n`,
};

describe('the text of a hostile suite', function () {
  this.timeout(60_000);

  for (const [name, text] of Object.entries(bombs)) {
    it(`with ${name} is looked through in time, while it is typed and when it is run`, () => {
      const problems = inTime('check', 8000, () => checkSuite(text, context));
      assert.ok(problems.length <= 500, `${problems.length} problems`);
      for (const { start, end, args } of problems) {
        assert.ok(start >= 0 && end >= start && end <= text.length + 1);
        assert.ok(args.join('').length < 1_000_000 + 1000);
      }
      inTime('hover', 8000, () => hoverSuite(text, text.length >> 1, schema));
      inTime('completion', 8000, () => completeSuite(text, text.length, context));
      inTime('reading', 8000, () => {
        try {
          readStudy(text, 'x');
        } catch (error) {
          assert.ok(isScopeError(error, 'studyUnreadable'), String(error));
          assert.doesNotMatch(error.message, /\n\s+at /);
        }
      });
      assert.equal(({} as { polluted?: number }).polluted, undefined);
    });
  }

  it('that is too long is left alone while it is typed, and one of too many values always', () => {
    const long = `${head}  role: ${'x'.repeat(mostWhileTyping)}\n`;
    assert.deepEqual(
      checkSuite(long, context).map(({ kind, severity }) => [kind, severity]),
      [['unchecked', 'hint']],
    );
    assert.deepEqual(
      checkSuite(long, { schema, models: [] }).filter(({ severity }) => severity === 'error'),
      [],
    );
    const dense = `${head}  items: [${'1,'.repeat(1_100_000)}]`;
    const refused = inTime('dense', 1000, () => checkSuite(dense, { schema, models: [] }));
    assert.deepEqual(
      refused.map(({ kind }) => kind),
      ['syntax'],
    );
    assert.throws(() => inTime('dense', 1000, () => readStudy(dense, 'x')), { code: 'studyUnreadable' });
  });

  it('tells of keys that stand twice where they stand, in a text and in a reader', () => {
    const text = `${head}  role: a\n  role: b\n`;
    const [problem] = checkSuite(text, context);
    assert.deepEqual([problem?.kind, problem?.start], ['syntax', text.lastIndexOf('role')]);
    assert.throws(() => readStudy(text, 'x'), /unique/);
  });

  it('brings answers only of the right form', () => {
    const answer = {
      strategy: 'zero-shot',
      item: 0,
      model: 'm',
      fingerprint: 'f',
      output: 'o',
      answer: null,
      pass: null,
      failure: null,
      formatKept: null,
      finish: 'stop',
      numPromptTokens: 1,
      numNewTokens: 1,
      milliseconds: 1,
      meanBits: null,
    };
    const study = (result: object): string => `${head}results:\n  - ${JSON.stringify(result)}\n`;
    assert.equal(readStudy(study(answer), 'x').results.length, 1);
    for (const [name, value] of Object.entries({
      pass: 'yes',
      failure: 'magic',
      output: { a: 1 },
      answer: 7,
      numNewTokens: 'x',
      labelScores: [{}],
      error: [],
      item: -2,
      repeat: 1e9,
    })) {
      assert.throws(
        () => readStudy(study({ ...answer, [name]: value }), 'x'),
        { code: 'studyUnreadable' },
        name,
      );
    }
    const report = {
      format: 'transformer-scope/suite-run',
      cells: [answer, null, 7, { ...answer, output: 1 }, []],
    };
    assert.deepEqual(answersOf(JSON.stringify(report)), [answer]);
    assert.equal(answersOf('['.repeat(100_000)), undefined);
  });
});

describe('patterns and schemas of a hostile suite', function () {
  this.timeout(60_000);
  const custom = presetTask('custom', 'en');
  const scored = (task: Task, output: string): Scored => ({
    task,
    strategy: { shots: 0, reasoning: false, role: false, format: task.format.schema !== undefined },
    item: { input: 'x', expected: 'y' },
    cue: '',
    output,
    wasCut: false,
  });
  const factsOf = (task: Task, output: string): ReturnType<typeof boxedFacts> =>
    boxedFacts(scored(task, output), (expression, values) => sandbox.evaluate(expression, values));
  const failsSoon = async (task: Task, output: string): Promise<void> => {
    const before = process.cpuUsage();
    await assert.rejects(factsOf(task, output), (error) => isScopeError(error, 'expressionFailed'));
    assert.ok(process.cpuUsage(before).user < 2_500_000, `${process.cpuUsage(before).user} µs`);
  };
  const withSchema = (own: object): Task => ({
    ...custom,
    format: { ...custom.format, jsonKey: 'a', schema: own as Record<string, unknown> },
    scorer: { kind: 'json' },
  });
  const regex = (pattern: string): Task => ({ ...custom, scorer: { kind: 'regex', pattern } });

  it('never run for long: a pattern that tries everything is given up', async () => {
    for (const pattern of ['(a+)+$', '(a|a)*$', '(.*a){25}$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      await failsSoon(regex(pattern), `${'a'.repeat(60)}!`);
    }
    assert.equal((await factsOf(regex('^a+$'), 'aaa')).matches, true);
    assert.equal((await factsOf(regex('^\\p{Lu}'), 'Éa')).matches, true);
    await assert.rejects(factsOf(regex('('), 'x'), { code: 'expressionFailed' });
    // The pattern is data: nothing of it is computed.
    const escape = `x', 'u').test('x') || 1 || RegExp('`;
    assert.equal((await factsOf(regex(escape.replace(/[()|]/g, '')), 'x')).matches, false);
  });

  it('nor a schema that does', async () => {
    const branches: Record<string, object> = { last: { type: 'string' } };
    for (let level = 0; level < 30; level++) {
      const $ref = `#/definitions/${level === 0 ? 'last' : `b${level - 1}`}`;
      branches[`b${level}`] = { anyOf: [{ $ref }, { $ref }] };
    }
    await failsSoon(withSchema({ definitions: branches, $ref: '#/definitions/b29' }), '{"a": 1}');
    await failsSoon(withSchema({ properties: { a: { pattern: '(a+)+$' } } }), `{"a": "${'a'.repeat(60)}!"}`);
    await failsSoon(
      withSchema({ patternProperties: { '(a+)+$': { type: 'string' } } }),
      `{"${'a'.repeat(60)}!": 1}`,
    );
    await failsSoon(withSchema({ $ref: '#' }), '{"a": 1}');
    assert.equal(typeof schemaProblem({ $ref: 'https://evil.example/schema' }), 'string');
    const injected = withSchema({ properties: { '");process.exit(7)//`${': { const: '"+process+"' } } });
    assert.equal((await factsOf(injected, '{"a": 1}')).fulfils, true);
  });

  it('and mean what they mean elsewhere', async () => {
    const fulfils = async (own: object, value: unknown): Promise<boolean> =>
      (await factsOf(withSchema(own), JSON.stringify(value))).fulfils;
    assert.equal(
      await fulfils({ required: ['a'], properties: { a: { enum: [{ b: 1 }, 2] } } }, { a: { b: 1 } }),
      true,
    );
    assert.equal(
      await fulfils(
        { properties: { a: { uniqueItems: true } } },
        {
          a: [
            [1, { x: 2 }],
            [1, { x: 2 }],
          ],
        },
      ),
      false,
    );
    assert.equal(await fulfils({ properties: { a: { maxLength: 2 } } }, { a: '🍎🍎' }), true);
    assert.equal(
      await fulfils({ additionalProperties: false, properties: { a: {} } }, { a: 1, b: 2 }),
      false,
    );
    assert.equal(await fulfils({ properties: { a: { const: null } } }, { a: 0 }), false);
  });
});

describe('answers that a model, or who plays one, has written', function () {
  this.timeout(60_000);
  const extract = presetTask('extract', 'en');
  const json: Task = { ...extract, format: { ...extract.format, jsonKey: 'a' } };
  const long = 120_000;
  const answers: Readonly<Record<string, string>> = {
    'an open fence and spaces': `\`\`\`${' '.repeat(long)}x`,
    fences: '```\n'.repeat(long / 4) + '``',
    'brackets that are never closed': '['.repeat(long),
    'brackets that are closed too often': `[${'1,'.repeat(long / 4)}${']'.repeat(long / 2)}`,
    'braces in quotes': `{"a": "${'}'.repeat(long)}`,
    'deep and closed': `${'['.repeat(long / 2)}${']'.repeat(long / 2)}`,
    'a row of dots': `${'.'.repeat(long)}x`,
    'a row of quotes': `x${'"'.repeat(long)}x${'“'.repeat(long)}`,
    'numbers and commas': '1,'.repeat(long / 2),
    spaces: `${' '.repeat(long)}x${' '.repeat(long)}`,
    'half characters': '\ud800'.repeat(long),
  };

  for (const [name, output] of Object.entries(answers)) {
    it(`are judged in time: ${name}`, () => {
      for (const kind of ['exact', 'contains', 'number', 'f1', 'edit', 'json'] as const) {
        for (const format of [false, true]) {
          const task: Task = { ...json, scorer: { kind } };
          const strategy = { shots: 0, reasoning: format, role: false, format };
          const item = { input: 'x', expected: output };
          inTime(kind, 1500, () => judge({ task, strategy, item, cue: '', output, wasCut: false }));
        }
      }
    });
  }
});

describe('expressions that want out', function () {
  this.timeout(60_000);
  const values = { input: 'q', expected: 'four', answer: 'four', output: ' four.' };

  it('find nothing of this computer by any way there is', async () => {
    for (const way of [
      `(() => {}).constructor('return typeof process')() === 'undefined'`,
      `(async () => {}).constructor('return typeof require')`,
      `typeof globalThis.constructor.constructor('return this')().process === 'undefined'`,
      `this === undefined || typeof this.process === 'undefined'`,
      `typeof arguments.callee`,
      `import('node:fs')`,
      `new Error().stack.includes('/') ? 1 : true`,
      `input.constructor.constructor('return globalThis')().fetch === undefined`,
      `Reflect.ownKeys(globalThis).every((name) => !/process|require|module|fs|net|child/i.test(name))`,
      `(() => { try { return Function('return WebAssembly')() } catch { return true } })()`,
      `eval('typeof process') === 'undefined'`,
      `new Proxy({}, { get: () => input }).x.constructor.constructor('return typeof process')() === 'undefined'`,
    ]) {
      const found = await sandbox.evaluate(way, values).catch((error: unknown) => {
        assert.ok(isScopeError(error, 'expressionFailed'), String(error));
        assert.doesNotMatch(error.detail ?? '', /file:|\/home|\/usr|dist/, 'no place of this computer');
        return true;
      });
      assert.ok(found === true || found === 1, way);
    }
  });

  it('take neither time nor memory, however they ask for it', async () => {
    const before = process.cpuUsage();
    for (const way of [
      'Array(1e9).fill(1).length',
      '(() => { const a = []; for (;;) a.push(new ArrayBuffer(1e6)); })()',
      '(() => { let s = "x"; for (;;) s += s; })()',
      'JSON.parse("[".repeat(1e6))',
      '[...Array(1e7).keys()].sort(() => Math.random()).length > 1 ? "x" : 1',
      '(() => { for (;;) { try { for (;;); } catch {} } })()',
      '(() => { const p = Promise.resolve(); for (;;) p.then(() => {}); })()',
      '"a".padEnd(1e9, "b").match(/(a+)+$/)',
    ]) {
      await assert.rejects(
        sandbox.evaluate(way, values),
        (error) => isScopeError(error, 'expressionFailed'),
        way,
      );
    }
    assert.ok(process.cpuUsage(before).user < 10_000_000);
    assert.equal(await sandbox.evaluate('answer === expected', values), true);
  });
});

describe('tables, templates and configurations of others', function () {
  this.timeout(60_000);
  it('are tables of so many rows at most', () => {
    const rows = inTime('quotes', 3000, () => readTable(`input,output\n${'"a""b\n'.repeat(50_000)}`));
    assert.ok(rows.rows.length <= 2000);
    inTime('commas', 3000, () => readTable(','.repeat(500_000)));
    inTime('rows', 3000, () => readTable('a,b\n'.repeat(200_000)));
    const odd = readTable('__proto__,input,constructor\npolluted,x,y\n');
    assert.deepEqual(odd.rows, [{ input: 'x', output: '', reasoning: '' }]);
  });

  it('are templates that end, and see nothing but what they are given', () => {
    for (const [name, template] of Object.entries({
      loops:
        '{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{% endfor %}{% endfor %}',
      growth: `{% set ns = namespace(t='x') %}{% for a in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t }}`,
      nesting: `${'('.repeat(20_000)}`,
      expressions: `{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`,
      blocks: '{% if true %}'.repeat(20_000),
      macros: '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
      braces: '{{'.repeat(200_000),
      spaces: `{{${' '.repeat(500_000)}`,
      comments: '{#'.repeat(200_000),
    })) {
      inTime(name, 5000, () => {
        try {
          renderTemplate(template, { input: 'x' });
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      });
    }
    for (const way of [
      'input.constructor',
      'input.__proto__',
      'messages.constructor.constructor',
      'range.constructor',
    ]) {
      let said = '';
      try {
        said = renderTemplate(`{{ ${way} }}`, { input: 'x', messages: [] });
      } catch {
        continue;
      }
      assert.doesNotMatch(said, /function|native|Object/, way);
    }
  });

  it('are configurations whose files and references run in circles', async () => {
    const read = async (
      text: string,
      file: (path: string) => string | undefined = () => undefined,
    ): Promise<unknown> => {
      const before = process.cpuUsage();
      try {
        return await importPromptfoo(text, 'promptfooconfig.yaml', (path) => Promise.resolve(file(path)), []);
      } catch (error) {
        assert.ok(isScopeError(error, 'studyUnreadable'), String(error));
        return undefined;
      } finally {
        assert.ok(process.cpuUsage(before).user < 4_000_000, text.slice(0, 60));
      }
    };
    const prompt = `prompts: ['{{x}}']\n`;
    let numRead = 0;
    await read(`${prompt}tests: file://a.yaml`, () => {
      numRead++;
      return '- file://a.yaml\n- file://a.yaml\n';
    });
    assert.ok(numRead <= 200, `${numRead} files`);
    await read(
      `${prompt}tests: [{vars: {x: 1}, assert: [{$ref: '#/assertionTemplates/a'}]}]\nassertionTemplates: {a: {$ref: '#/assertionTemplates/a'}}`,
    );
    const set = Array(20).fill(`{$ref: '#/assertionTemplates/a'}`).join();
    await read(
      `${prompt}tests: [{vars: {x: 1}, assert: [{$ref: '#/assertionTemplates/a'}]}]\nassertionTemplates: {a: {type: assert-set, assert: [${set}]}}`,
    );
    const many = `[${'1,'.repeat(3000)}]`;
    await read(`${prompt}tests: [{vars: {x: ${many}, y: ${many}, z: ${many}}}]`);
    await read(
      `${prompt}scenarios: [{config: [${'{vars: {x: 1}},'.repeat(3000)}], tests: [${'{vars: {y: 1}},'.repeat(3000)}]}]`,
    );
    await read(`${prompt}tests: [{left: []}, {vars: {__proto__: {polluted: 1}, x: 1}}, null, 7, [1]]`);
    await read(`prompts: ['${'{{'.repeat(50_000)}']\ntests: [{vars: {x: 1}}]`);
    await read(`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nprompts: [*b,*b,*b]\ntests: []`);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
});
