import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { copyPrompt } from '../../src/prompts/copyFormats';
import { newStudy, presetTask } from '../../src/prompts/presets';
import { chatMessages, plainMessages, renderForBase } from '../../src/prompts/renderPrompt';
import { writeReport } from '../../src/prompts/report';
import { findings } from '../../src/prompts/sentences';
import { strategyId } from '../../src/prompts/strategy';
import { readStudy, writeStudy } from '../../src/prompts/studyFile';
import { StudyState } from '../../src/prompts/studyState';
import { readTable, withRows } from '../../src/prompts/table';
import { wordings } from '../../src/prompts/wording';
import { fingerprintOf } from '../../src/prompts/fingerprint';
import { isScopeError } from '../../src/protocol/errors';
import type { CellAddress, CellResult, ServedModel, Strategy, Study } from '../../src/protocol/prompts';

const model = { id: 'm', folder: '/models/m' };
const zero: Strategy = { shots: 0, reasoning: false, role: false, format: false };
const few: Strategy = { ...zero, shots: 2 };

function study(numItems: number): Study {
  const begun = newStudy('study-1', 'Bread', 'The bread was good.', model);
  const items = Array.from({ length: numItems }, (_, index) => ({
    input: `item ${index}`,
    expected: 'positive',
  }));
  return { ...begun, strategies: [zero, few], task: { ...begun.task, items } };
}

function answered(of: Study, cell: CellAddress, pass: boolean): CellResult {
  return {
    ...cell,
    fingerprint: fingerprintOf(of, cell) ?? '',
    output: pass ? 'positive' : 'negative',
    answer: pass ? 'positive' : 'negative',
    pass,
    failure: pass ? null : 'wrong',
    formatKept: null,
    finish: 'stop',
    numPromptTokens: 10,
    numNewTokens: 2,
    milliseconds: 5,
    meanBits: 1,
  };
}

/** Zero-shot gets every fourth item right, few-shot all but every eighth. */
function fullyAnswered(numItems: number): StudyState {
  const made = study(numItems);
  const state = new StudyState(made);
  for (const cell of state.cells('items')) {
    const right = cell.strategy === 'zero-shot' ? cell.item % 4 === 0 : cell.item % 8 !== 7;
    state.record(answered(made, cell, right));
  }
  return state;
}

describe('a prompt study', () => {
  it('survives its file, answers included', () => {
    const state = fullyAnswered(3);
    const text = writeStudy({ study: state.study, results: state.everything() });
    const back = readStudy(text, 'other');
    assert.deepEqual(back.study, state.study);
    assert.deepEqual(back.results, state.everything());
    assert.match(text, /^transformerScope: 1\n/);
  });

  it('is read from what a person writes, with the wording of its kind', () => {
    const { study: read } = readStudy(
      'transformerScope: 1\ntask:\n  kind: solve\n  items:\n    - {input: 2 + 2, expected: 4}\nstrategies: [zero-shot, few-shot-5+reasoning]\n',
      'mine',
    );
    assert.equal(read.id, 'mine');
    assert.equal(read.task.instruction, presetTask('solve', 'en').instruction);
    assert.deepEqual(read.task.items, [{ input: '2 + 2', expected: '4' }]);
    assert.deepEqual(read.strategies.map(strategyId), ['zero-shot', 'few-shot-5+reasoning']);
  });

  it('names models by who answers for them, and neither an address nor a key', () => {
    const text =
      'transformerScope: 1\ntask: {kind: solve}\nmodels:\n  - {id: scope-gpt}\n' +
      '  - {provider: server, endpoint: ollama, model: qwen}\n' +
      '  - {provider: server, id: mine, endpoint: ollama, model: base, api: completions, url: http://x, key: k}\n' +
      '  - {provider: editor, model: copilot/gpt}\n';
    const { study: read } = readStudy(text, 'x');
    assert.deepEqual(read.models, [
      { id: 'scope-gpt', folder: '' },
      { id: 'qwen@ollama', provider: 'server', endpoint: 'ollama', model: 'qwen', api: 'chat' },
      { id: 'mine', provider: 'server', endpoint: 'ollama', model: 'base', api: 'completions' },
      { id: 'copilot/gpt', provider: 'editor', model: 'copilot/gpt' },
    ]);
    assert.deepEqual(readStudy(writeStudy({ study: read, results: [] }), 'y').study.models, read.models);
    // Another server of the same name for a model is another model.
    const cell = { strategy: 'zero-shot', item: -1, model: 'mine' };
    const moved = {
      ...read,
      models: read.models.map((each) => ({ ...each, endpoint: 'other' }) as ServedModel),
    };
    assert.notEqual(fingerprintOf(read, cell), fingerprintOf(moved, cell));
  });

  it('says where a file is wrong', () => {
    const wrong: Readonly<Record<string, RegExp>> = {
      'task: [': /flow|sequence|collection|\]/i,
      'a: 1': /transformerScope: 1/,
      'transformerScope: 1\ntask: {kind: dance}': /task\.kind: classify/,
      'transformerScope: 1\ntask: {kind: solve}\nstrategies: [magic]': /strategies\[0\]: zero-shot/,
      'transformerScope: 1\ntask: {kind: solve, items: [{expected: 1}]}': /task\.items\[0\]\.input: text/,
      'transformerScope: 1\ntask: {kind: solve}\nsampling: {temperature: 99}': /sampling\.temperature: 0 … 5/,
      'transformerScope: 1\ntask: {kind: solve, format: {schema: {type: 7}}}': /type/,
    };
    for (const [text, message] of Object.entries(wrong)) {
      assert.throws(
        () => readStudy(text, 'x'),
        (error: unknown) => isScopeError(error, 'studyUnreadable') && message.test(error.detail ?? ''),
        text,
      );
    }
  });

  it('never fails in another way on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        try {
          readStudy(`transformerScope: 1\n${text}`, 'x');
        } catch (error) {
          assert.ok(isScopeError(error, 'studyUnreadable'), String(error));
        }
      }),
    );
  });

  it('forgets answers only where something that decides them has changed', () => {
    const state = fullyAnswered(4);
    assert.equal(state.results().length, 8);
    const before = state.study;
    state.edit({ ...before, task: { ...before.task, role: 'You are a baker.' } });
    assert.equal(state.results().length, 8, 'no way here uses the role');
    state.edit({ ...before, task: { ...before.task, examples: [] } });
    assert.equal(state.results().length, 4, 'only zero-shot has no examples');
    assert.equal(state.numOutdated, 4);
    assert.equal(state.missing().length, 4);
    state.undo(false);
    assert.equal(state.results().length, 8, 'undo brings them back');
    state.undo(true);
    assert.equal(state.results().length, 4);
  });

  it('keeps the answers of the other rows when one is removed, and of ways that are left out for a while', () => {
    const state = fullyAnswered(4);
    const { study: before } = state;
    state.edit({ ...before, task: { ...before.task, items: before.task.items.slice(1) } });
    assert.deepEqual(
      state.results().map(({ strategy, item }) => `${strategy} ${item}`),
      [0, 1, 2].flatMap((item) => [`zero-shot ${item}`, `few-shot-2 ${item}`]),
    );
    assert.equal(state.numOutdated, 0);
    assert.equal(state.missing().length, 0);
    state.edit({ ...before, strategies: before.strategies.slice(0, 1) });
    assert.equal(state.results().length, 4, 'a way that is not asked does not count');
    state.edit(before);
    assert.equal(state.results().length, 8);
  });

  it('takes a person’s verdict in place of the scorer’s', () => {
    const state = fullyAnswered(2);
    const cell = { strategy: 'zero-shot', item: 1, model: 'm' };
    assert.equal(state.result(cell)?.pass, false);
    assert.equal(state.judge(cell, true)?.pass, true);
    assert.equal(state.summary().rows[0]?.numPassed, 2);
    assert.equal(state.judge({ ...cell, item: 99 }, true), undefined);
  });

  it('sums up with intervals, and claims only what they bear', () => {
    const clear = fullyAnswered(40).summary();
    const [plain, shots] = clear.rows;
    assert.deepEqual([plain?.numPassed, shots?.numPassed, plain?.numJudged], [10, 35, 40]);
    assert.equal(plain?.versusZeroShot, null);
    assert.ok((shots?.versusZeroShot?.interval.low ?? 0) > 0);
    assert.deepEqual(clear.findings, [{ model: 'm', best: 'few-shot-2', tied: [], evidence: 'clear' }]);
    const [said = ''] = findings(clear, wordings.en);
    assert.match(said, /few-shot \(2\) worked best with 35 of 40 right \(88%/);
    assert.match(said, /\+63 points more than zero-shot/);
    assert.match(findings(clear, wordings.zh)[0] ?? '', /少样本（2）效果最好/);

    const small = fullyAnswered(8).summary();
    assert.equal(small.findings[0]?.evidence, 'fewItems');
    assert.match(findings(small, wordings.en)[0] ?? '', /too few to decide anything/);

    const made = study(20);
    const none = new StudyState(made);
    none.cells('items').forEach((cell) => {
      none.record(answered(made, cell, false));
    });
    assert.match(findings(none.summary(), wordings.en)[0] ?? '', /no way got any of the 20/);
  });

  it('becomes a report in two languages and two forms, in which text is never markup', () => {
    const state = fullyAnswered(40);
    const evil: Study = {
      ...state.study,
      title: '<img src=x onerror=alert(1)> | `x` *y*',
      input: '<script>alert(1)</script>\n```\n| cell |',
    };
    const prompts = new Map(
      evil.strategies.map((way) => [strategyId(way), renderForBase(evil.task, way, [], evil.input)]),
    );
    const input = {
      study: evil,
      summary: state.summary(),
      prompts,
      promptsFor: evil.input,
      hashes: new Map([['m', 'abc']]),
      date: '2026-01-02T00:00:00Z',
    };
    for (const language of ['en', 'zh'] as const) {
      const html = writeReport(input, 'html', language);
      assert.ok(!html.includes('<script') && !html.includes('<img'));
      assert.ok(html.includes('&lt;script&gt;') && html.includes('<svg'));
      const markdown = writeReport(input, 'md', language);
      assert.ok(!/(^|[^\\`])<img/m.test(markdown));
      assert.ok(markdown.includes(wordings[language].findings) && markdown.includes('35/40'));
      // The prompt's own fence does not end the code block.
      assert.match(markdown, /````text\n/);
      assert.ok(markdown.length > 1500);
    }
  });

  it('is copied in the forms of other tools', () => {
    const { task, sampling, input } = study(2);
    const copied = {
      prompt: renderForBase(task, zero, [], input),
      messages: plainMessages(chatMessages(task, zero, [], input)),
      model: 'm',
      sampling,
      task,
      input,
    };
    assert.equal(copyPrompt(copied, 'text'), copied.prompt.text);
    assert.deepEqual(JSON.parse(copyPrompt(copied, 'messages')), copied.messages);
    const request = JSON.parse(copyPrompt(copied, 'openai')) as Record<string, unknown>;
    assert.deepEqual([request['model'], request['seed'], request['max_tokens']], ['m', 1, 96]);
    const code = copyPrompt(copied, 'transformersjs');
    assert.ok(code.includes('random.seed(1)') && code.includes('"do_sample": false'));
    const yaml = parse(copyPrompt(copied, 'promptfoo')) as {
      prompts: string[];
      tests: { vars: { input: string }; assert: { value: string }[] }[];
    };
    const [{ content }] = JSON.parse(yaml.prompts[0] ?? '') as [{ content: string }];
    assert.equal(content, 'Is it positive or negative?\n{{input}}');
    assert.deepEqual(yaml.tests[1], {
      vars: { input: 'item 1' },
      assert: [{ type: 'icontains', value: 'positive' }],
    });
  });

  it('takes pasted tables, with and without names, of tabs and of commas', () => {
    assert.deepEqual(
      readTable('question,answer\n"a, b",c\n,\nd,e').rows.map(({ input, output }) => [input, output]),
      [
        ['a, b', 'c'],
        ['d', 'e'],
      ],
    );
    const tabs = readTable('one\tuno\tby heart\n\ttoo\ntwo\tdos');
    assert.deepEqual(tabs.rows[0], { input: 'one', output: 'uno', reasoning: 'by heart' });
    assert.deepEqual([tabs.rows.length, tabs.skipped], [2, 1]);
    const task = withRows(presetTask('custom', 'en'), tabs, 'items');
    assert.deepEqual(task.items, [
      { input: 'one', expected: 'uno' },
      { input: 'two', expected: 'dos' },
    ]);
    assert.deepEqual(readTable('').rows, []);
  });
});
