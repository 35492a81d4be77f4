import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { strategyId } from '../../src/prompts/strategy';
import { readStudy, writeStudy } from '../../src/prompts/studyFile';
import { isScopeError } from '../../src/protocol/errors';
import type { Study } from '../../src/protocol/prompts';
import { type CarriedNote, noteText } from '../../src/suites/carriedNotes';
import { exportPromptfoo, exportPromptfooCsv } from '../../src/suites/promptfooExport';
import { type Imported, importPromptfoo } from '../../src/suites/promptfooImport';

/** Configurations in the shapes that promptfoo's users write, in words of our own. */

const said = (notes: readonly CarriedNote[]): string[] =>
  notes.map((note) =>
    noteText(note, (text, ...args) => text.replace(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)]))),
  );

function imported(
  text: string,
  files: Record<string, string> = {},
  name = 'promptfooconfig.yaml',
): Promise<Imported> {
  return importPromptfoo(text, name, (path) => Promise.resolve(files[path]), ['scope-gpt-instruct']);
}

async function only(text: string, files: Record<string, string> = {}, name?: string): Promise<Study> {
  const { studies } = await imported(text, files, name);
  assert.equal(studies.length, 1);
  const [study] = studies as [Study];
  // What is imported is a suite that can be written and read.
  assert.deepEqual(
    readStudy(writeStudy({ study: { ...study, id: 'x' }, results: [] }), 'x').study.task,
    study.task,
  );
  return study;
}

describe('an import from promptfoo', () => {
  it('takes one variable behind an instruction as items, with what is equal in all tests filled in', async () => {
    const study = await only(
      `
description: Pirates
prompts:
  - file://prompt.txt
providers: [openai:gpt-4.1-mini, transformers:text-generation:scope-gpt-instruct]
defaultTest:
  vars: { language: Pirate }
tests:
  - vars: { body: Yes }
    assert: [{ type: icontains, value: aye }]
  - vars: { body: I'm hungry }
    assert:
      - $ref: '#/assertionTemplates/grub'
assertionTemplates:
  grub: { type: icontains, value: grub }
`,
      { 'prompt.txt': 'Translate into {{language}}:\n{{ body }}\n' },
    );
    assert.equal(study.task.instruction, 'Translate into Pirate:');
    assert.deepEqual(study.task.items, [
      { input: 'Yes', expected: 'aye' },
      { input: "I'm hungry", expected: 'grub' },
    ]);
    assert.deepEqual(study.task.scorer, { kind: 'contains' });
    assert.deepEqual(study.models, [{ id: 'scope-gpt-instruct', folder: '' }]);
    assert.equal(study.title, 'Pirates');
  });

  it('makes a suite of each prompt, also of several in one file', async () => {
    const { studies, notes } = await imported(
      'prompts: [file://two.txt, make.py]\nproviders: openai:gpt-4\ntests: [{vars: {q: a}}, {vars: {q: b}}]',
      { 'two.txt': 'Say it: {{q}}\n---\nShout it: {{q}}' },
    );
    assert.deepEqual(
      studies.map(({ task }) => task.instruction),
      ['Say it:', 'Shout it:'],
    );
    assert.deepEqual(said(notes), [
      'Prompt “make.py” is made by a program, which is not run.',
      'Provider “openai:gpt-4”: the suite asks a bundled model in its place.',
    ]);
  });

  it('reads a conversation: its system turn is the role, solved turns are examples', async () => {
    const study = await only(`
prompts:
  - |
    [{"role": "system", "content": "You are a judge."},
     {"role": "user", "content": "fine"}, {"role": "assistant", "content": "good"},
     {"role": "user", "content": "Is it good? {{text}}"}]
providers: [{ id: openai:x, config: { temperature: 0.7, max_tokens: 12 } }]
tests: [{vars: {text: awful}, assert: [{type: equals, value: bad}]}, {vars: {text: great}, assert: [{type: equals, value: good}]}]
`);
    assert.equal(study.task.role, 'You are a judge.');
    assert.deepEqual(study.task.examples, [{ input: 'fine', output: 'good' }]);
    assert.deepEqual(study.strategies.map(strategyId), ['one-shot+role']);
    assert.equal(study.task.instruction, 'Is it good?');
    assert.deepEqual([study.sampling.temperature, study.sampling.maxNewTokens], [0.7, 12]);
  });

  it('writes the whole prompt where several variables stand in it, and multiplies lists and scenarios out', async () => {
    const { studies, notes } = await imported(`
prompts: ['{{a}} and {{b}}{% if c %}!{% endif %}']
scenarios:
  - config: [{ vars: { a: 1 } }, { vars: { a: 2, c: x } }]
    tests: [{ vars: { b: [p, q] }, assert: [{ type: equals, value: '{{a}}{{b}}' }] }]
`);
    assert.deepEqual(studies[0]?.task.items, [
      { input: '1 and p', expected: '1p' },
      { input: '1 and q', expected: '1q' },
      { input: '2 and p!', expected: '2p' },
      { input: '2 and q!', expected: '2q' },
    ]);
    assert.ok(said(notes).some((note) => note.includes('several variables')));
  });

  it('takes the scorer of most tests and lists every other assertion', async () => {
    const { studies, notes } = await imported(`
prompts: ['{{x}}']
outputPath: out.csv
tests:
  - { vars: { x: a }, assert: [{ type: is-json, value: { type: object, required: [n] } }, { type: javascript, value: 'output.length < 9' }] }
  - { vars: { x: b }, assert: [{ type: contains-json }], threshold: 0.5 }
  - { vars: { x: c }, assert: [{ type: llm-rubric, value: is nice }, { type: equals, value: c }] }
  - { vars: { x: d }, assert: [{ type: python, value: file://check.py }] }
`);
    assert.deepEqual(studies[0]?.task.scorer, { kind: 'json' });
    assert.deepEqual(studies[0].task.format.schema, { type: 'object', required: ['n'] });
    assert.deepEqual(said(notes), [
      '“outputPath” has no counterpart and is left out.',
      'Test 2: “threshold” has no counterpart and is left out.',
      'Test 1: assertion “javascript” is left out, for a suite has one scorer, here “json”.',
      'Assertion “contains-json” found JSON within a text; the suite wants the whole answer to be JSON.',
      'Test 3: assertion “llm-rubric” has no counterpart; without it the answer is judged by hand.',
      'Test 3: assertion “equals” is left out, for a suite has one scorer, here “json”.',
      'Test 4: assertion “file://check.py” is a file, which is not run.',
    ]);
    const similar = await only(
      `prompts: ['{{x}}']\ntests: [{vars: {x: a}, assert: [{type: similar, value: hello, threshold: 0.9}]}]`,
    );
    assert.deepEqual(similar.task.scorer, { kind: 'similarity', threshold: 0.9 });
    const regex = await only(
      `prompts: ['{{x}}']\ntests: [{vars: {x: a}, assert: [{type: regex, value: '^\\d+$'}]}]`,
    );
    const expression = await only(
      `prompts: ['{{x}}']\ntests: [{vars: {x: a}, assert: [{type: javascript, value: 'output.length < 9'}]}]`,
    );
    assert.deepEqual(expression.task.scorer, { kind: 'javascript', expression: 'output.length < 9' });
    assert.deepEqual(regex.task.scorer, { kind: 'regex', pattern: '^\\d+$' });
  });

  it('reads tables, alone and from a configuration', async () => {
    const csv =
      'language,body,__expected,__description\nFrench,"Hello, world",icontains: bonjour,one\nPirate,Yes,ratio: 3,two\n';
    const beside = await only(`prompts: ['In {{language}}: {{body}}']\ntests: file://tests.csv`, {
      'tests.csv': csv,
    });
    assert.deepEqual(beside.task.items, [
      { input: 'In French: Hello, world', expected: 'bonjour' },
      { input: 'In Pirate: Yes' },
    ]);
    const alone = await only('q,__expected\n2 + 2,4\n3 + 3,6\n', {}, 'sums.csv');
    assert.deepEqual(alone.task.items, [
      { input: '2 + 2', expected: '4' },
      { input: '3 + 3', expected: '6' },
    ]);
    assert.equal(alone.task.scorer.kind, 'exact');
  });

  it('refuses what is none, and tells of files that are not there', async () => {
    for (const text of ['a: 1', '[', 'transformerScope: 1']) {
      await assert.rejects(imported(text), (error: unknown) => isScopeError(error, 'studyUnreadable'), text);
    }
    const { studies, notes } = await imported('prompts: [file://../../etc/x.txt]\ntests: https://x/y.csv');
    assert.deepEqual(studies, []);
    assert.deepEqual(said(notes), [
      'File “https://x/y.csv” is of a kind that is not read.',
      'File “../../etc/x.txt” could not be read, or lies outside the workspace.',
    ]);
  });
});

describe('an export to promptfoo', () => {
  const { study } = readStudy(
    `transformerScope: 1
title: Sums
task:
  kind: solve
  examples: [{input: "1 + {{1}}", output: 2}]
  items: [{input: 2 + 2, expected: "4"}, {input: "1,000 + 1", expected: "1,001"}]
strategies: [zero-shot, one-shot+role]
models: [scope-gpt-instruct]
`,
    'x',
  );

  it('has a conversation for each way and a test for each item, and comes back', async () => {
    const { text, notes } = exportPromptfoo(study, true);
    const config = parse(text) as {
      prompts: { label: string; raw: string }[];
      tests: { vars: object; assert: { type: string; value: string }[] }[];
    };
    assert.deepEqual(
      config.prompts.map(({ label }) => label),
      ['zero-shot', 'one-shot+role'],
    );
    const turns = JSON.parse(config.prompts[1]?.raw ?? '') as { role: string; content: string }[];
    assert.deepEqual(
      turns.map(({ role }) => role),
      ['system', 'user', 'assistant', 'user'],
    );
    assert.equal(turns[1]?.content, "Solve the problem.\n1 + {{ '{{' }}1}}");
    assert.equal(turns[3]?.content, '{{input}}');
    assert.deepEqual(config.tests[1]?.vars, { input: '1,000 + 1' });
    // The assertion is a program: it is run here on answers.
    const judge = new Function('output', `return ${config.tests[1]?.assert[0]?.value ?? ''}`) as (
      output: string,
    ) => boolean;
    assert.equal(judge('1,000 + 1 is 1,001.'), true);
    assert.equal(judge('1,000'), false);
    assert.equal(judge('none'), false);
    assert.deepEqual(said(notes), [
      'The share of right answers that is needed is left out: every test must pass there.',
      'Model “scope-gpt-instruct” has to be known to transformers.js by this name.',
    ]);
    const back = await imported(text);
    assert.deepEqual(
      back.studies.map(({ task }) => task.items.map(({ input }) => input)),
      [
        ['2 + 2', '1,000 + 1'],
        ['2 + 2', '1,000 + 1'],
      ],
    );
    assert.equal(back.studies[1]?.task.role, study.task.role);
    assert.deepEqual(back.studies[0]?.models, [{ id: 'scope-gpt-instruct', folder: '' }]);
  });

  it('is a table that comes back with the same answers', async () => {
    const exact = { ...study, task: { ...study.task, scorer: { kind: 'exact' as const } } };
    const { text } = exportPromptfooCsv(exact);
    assert.equal(text, 'input,__expected\n2 + 2,equals:4\n"1,000 + 1","equals:1,001"\n');
    assert.deepEqual((await only(text, {}, 'x.csv')).task.items, study.task.items);
  });
});
