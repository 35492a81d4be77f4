import assert from 'node:assert/strict';
import fc from 'fast-check';
import { QueryError, parseQuery, quoted } from '../../src/prompts/answerQuery';
import { compareRuns } from '../../src/prompts/compareRuns';
import { exportAnswers } from '../../src/prompts/exportAnswers';
import { groupFailures } from '../../src/prompts/failureGroups';
import { fingerprintOf } from '../../src/prompts/fingerprint';
import { newStudy } from '../../src/prompts/presets';
import { type RunState, answersOf, changedPaths, figuresOf } from '../../src/prompts/runAnswers';
import { StudyState } from '../../src/prompts/studyState';
import { readTable } from '../../src/prompts/table';
import type { AnswerRow, RunRecord } from '../../src/protocol/promptRuns';
import type { CellResult, Failure, Study } from '../../src/protocol/prompts';
import { wordDifference } from '../../webview/prompts/wordDifference';

/** Runs compared, their failures grouped, queried and exported. Counts were worked out by hand. */

const model = { id: 'scope-gpt', folder: '/m' };
const items = Array.from({ length: 20 }, (_, index) => ({
  input: `The soup ${index} was fine.`,
  expected: index % 2 ? 'negative' : 'positive',
}));

function studyOf(change: Partial<Study['task']> = {}): Study {
  const begun = newStudy('s', 'Bread', 'The bread was good.', model, 'classify', 'en');
  const zero = { shots: 0, reasoning: false, role: false, format: false };
  return {
    ...begun,
    strategies: [zero, { ...zero, role: true }],
    task: { ...begun.task, labels: ['positive', 'negative'], items, ...change },
  };
}

/** Answers every item; `said` gives each answer's text. */
function stateOf(study: Study, said: (item: number, strategy: string) => string | null): RunState {
  const results = new StudyState(study).cells('items').map((cell): CellResult => {
    const answer = said(cell.item, cell.strategy);
    const pass = answer === study.task.items[cell.item]?.expected;
    const failure: Failure | null = answer === null ? 'format' : pass ? null : 'wrong';
    return {
      ...cell,
      fingerprint: fingerprintOf(study, cell) ?? '',
      promptHash: `${study.task.instruction.length}-${cell.item}`,
      output: answer ?? 'I say: nothing, "really"\n=1+1',
      answer,
      pass,
      failure,
      formatKept: answer !== null,
      finish: 'stop',
      numPromptTokens: 20,
      numNewTokens: 3,
      milliseconds: 10 * (cell.item + 1),
      meanBits: 0.7,
    };
  });
  return { study, results };
}

/** Zero-shot says "positive" to all: 10 of 20. With a role all are right but items 5 (wrong) and 6 (no format). */
const first = stateOf(studyOf(), (item, strategy) =>
  strategy === 'zero-shot'
    ? 'positive'
    : item === 6
      ? null
      : item === 5
        ? 'positive'
        : (items[item]?.expected ?? ''),
);
/** Another instruction: zero-shot gains items 1, 3, 5, 7, 9 and loses item 0; the first two items have changed places. */
const swapped = [items[1], items[0], ...items.slice(2)] as typeof items;
const second = stateOf(studyOf({ instruction: 'Say which.', items: swapped }), (item, strategy) => {
  const { input, expected } = swapped[item] as (typeof items)[number];
  const number = Number(/\d+/.exec(input)?.[0]);
  return strategy !== 'zero-shot'
    ? expected
    : number === 0
      ? 'negative'
      : number < 10
        ? expected
        : 'positive';
});

describe('runs of a study', () => {
  it('have figures for each way', () => {
    const { ways, numItems } = figuresOf(first);
    assert.equal(numItems, 20);
    assert.deepEqual(
      ways.map(({ strategy, numPassed, numJudged }) => [strategy, numPassed, numJudged]),
      [
        ['zero-shot', 10, 20],
        ['zero-shot+role', 18, 20],
      ],
    );
    // Wilson's interval of 10 of 20, by hand: 0.2993 to 0.7007.
    assert.ok(Math.abs((ways[0]?.interval.low ?? 0) - 0.2993) < 5e-4);
  });

  it('say what was changed between them', () => {
    assert.deepEqual(changedPaths(first.study, second.study), ['task.instruction', 'task.items']);
    assert.deepEqual(
      changedPaths(first.study, {
        ...first.study,
        title: 'x',
        sampling: { ...first.study.sampling, seed: 9 },
      }),
      ['sampling.seed'],
    );
  });

  it('are compared question by question, wherever an item stands now', () => {
    const { cells, ways } = compareRuns(first, second);
    assert.equal(cells.length, 40);
    const zero = ways.find(({ strategy }) => strategy === 'zero-shot');
    assert.deepEqual([zero?.gained, zero?.lost, zero?.numItems], [5, 1, 20]);
    assert.equal(zero?.before, 0.5);
    assert.ok(Math.abs((zero?.after ?? 0) - 0.7) < 1e-12);
    assert.ok(Math.abs((zero?.difference ?? 0) - 0.2) < 1e-12);
    // McNemar, exact, of 5 against 1: 2 (1 + 6) / 64 = 0.21875; of 2 against 0: 0.5. Holm: twice the smaller.
    assert.ok(Math.abs((zero?.p ?? 0) - 0.4375) < 1e-9);
    assert.ok(Math.abs((ways.find(({ strategy }) => strategy !== 'zero-shot')?.p ?? 0) - 0.5) < 1e-9);
    assert.deepEqual([cells[0]?.change, cells[0]?.input], ['lost', 'The soup 0 was fine.']);
    assert.equal(cells[0]?.before?.output, 'positive');
    assert.equal(cells[0].after?.output, 'negative');
    assert.equal(cells[0].samePrompt, false);
    assert.equal(cells.filter(({ change }) => change === 'gained').length, 7);
    assert.equal(cells.filter(({ change }) => change === 'same').length, 32);
  });

  it('are compared across models where each has one, and tell of what only one has', () => {
    const other = { ...first.study, models: [{ id: 'other', folder: '/o' }] };
    const moved = stateOf({ ...other, task: { ...other.task, items: items.slice(0, 18) } }, () => 'positive');
    const { cells, ways } = compareRuns(first, moved);
    assert.equal(cells.filter(({ change }) => change === 'only').length, 4);
    assert.equal(ways[0]?.numItems, 18);
    assert.equal(ways[0].model, 'other');
  });

  it('have failures in groups, the largest first, each with a query that finds it', () => {
    const rows = answersOf(first);
    const groups = groupFailures(rows);
    assert.deepEqual(
      groups.map(({ by, name, answered, count, of }) => [by, name, answered, count, of]),
      [
        ['kind', 'wrong', undefined, 11, 40],
        ['kind', 'format', undefined, 1, 40],
        ['confusion', 'negative', 'positive', 11, 20],
        ['confusion', 'positive', null, 1, 20],
        ['strategy', 'zero-shot', undefined, 10, 20],
        ['strategy', 'zero-shot+role', undefined, 2, 20],
        ['model', 'scope-gpt', undefined, 12, 40],
      ],
    );
    for (const { query, count } of groups) {
      assert.equal(rows.filter((row) => parseQuery(query).matches(row)).length, count, query);
    }
    assert.equal(groups[0]?.examples.length, 3);
    assert.deepEqual(groupFailures([]), []);
  });
});

describe('a query over answers', () => {
  const rows = answersOf(first);
  const count = (query: string): number => rows.filter((row) => parseQuery(query).matches(row)).length;

  it('finds what all its terms say', () => {
    const expected: readonly (readonly [string, number])[] = [
      ['', 40],
      ['failure:format', 1],
      ['failure:any', 12],
      ['failure:none', 28],
      ['-failure:any pass:yes', 28],
      ['strategy:role failure:wrong', 1],
      ['strategy=zero-shot', 20],
      ['MODEL:SCOPE', 40],
      ['model=SCOPE-GPT', 0],
      ['"soup 7 was"', 2],
      ['text:"soup 1"', 22],
      ['answer:none', 1],
      ['expected=negative answer=positive', 11],
      ['item:1', 2],
      ['item>=19', 4],
      ['ms>100 ms<=120', 4],
      ['score>0', 0],
      ['judged:yes', 0],
      ['format:no', 1],
      ['output:"\\"really\\""', 1],
      ['-soup', 0],
    ];
    for (const [query, found] of expected) {
      assert.equal(count(query), found, query);
    }
  });

  it('says what cannot be read', () => {
    const problems: readonly (readonly [string, string])[] = [
      ['colour:red', 'unknownField'],
      ['failure:bad', 'unknownValue'],
      ['ms>soon', 'notANumber'],
      ['ms:', 'emptyValue'],
      ['text:"never closed', 'openQuote'],
      ['strategy>3', 'unknownField'],
    ];
    for (const [query, kind] of problems) {
      assert.throws(
        () => parseQuery(query),
        (error) => error instanceof QueryError && error.problem.kind === kind,
        query,
      );
    }
  });

  it('finds any text that is written into it in quotes', () => {
    const row = rows[0] as AnswerRow;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const said: AnswerRow = { ...row, result: { ...row.result, answer: text, output: `x ${text} y` } };
        assert.ok(parseQuery(`answer=${quoted(text)} output:${quoted(text)}`).matches(said));
      }),
    );
  });
});

describe('exported answers', () => {
  const record: RunRecord = {
    id: 1,
    definition: 1,
    began: Date.UTC(2026, 0, 2, 3, 4, 5),
    ended: Date.UTC(2026, 0, 2, 3, 5, 0),
    origin: 'asked',
    numAnswers: 40,
    numTested: 40,
    circumstances: {
      models: [{ id: 'scope-gpt', provider: 'local', hash: 'abc (model.onnx)' }],
      versions: { Node: '20' },
    },
  };
  const shown = { run: { record, study: first.study }, query: 'failure:any', rows: answersOf(first) };

  it('are a table that a spreadsheet reads and does not run', () => {
    const csv = exportAnswers(shown, 'csv', 'en');
    const lines = csv.split('\r\n');
    assert.match(lines[0] ?? '', /^item,repeat,strategy,model,input,expected,output,answer,pass,failure,/);
    assert.equal(lines.filter((line) => line.startsWith('1,1,zero-shot,scope-gpt,The soup 0')).length, 1);
    assert.ok(csv.includes('"I say: nothing, ""really""\n=1+1"'));
    const tricky = shown.rows.slice(0, 2).map((row, index) => ({
      ...row,
      result: { ...row.result, output: index ? '=HYPERLINK("x")' : '-3' },
    }));
    const safe = exportAnswers({ ...shown, rows: tricky }, 'csv', 'en');
    assert.ok(safe.includes(`"'=HYPERLINK(""x"")"`) && safe.includes(',-3,'), safe);
    assert.equal(readTable(csv).rows.length + readTable(csv).skipped, 40);
  });

  it('are JSON that says what was asked of whom', () => {
    const json = JSON.parse(exportAnswers(shown, 'json', 'en')) as Record<string, never>;
    const { run, answers } = json as unknown as { run: RunRecord & { study: Study }; answers: unknown[] };
    assert.equal(answers.length, 40);
    assert.equal(run.circumstances?.models[0]?.hash, 'abc (model.onnx)');
    assert.deepEqual(run.study, first.study);
    const lines = exportAnswers(shown, 'jsonl', 'en').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      answers,
    );
  });

  it('are documents in both languages', () => {
    const english = exportAnswers(shown, 'md', 'en');
    assert.match(
      english,
      /# Answers: Bread\n[\s\S]*Run of 2026-01-02 03:04:05[\s\S]*\| wrong answer \| 11 \/ 40 \|/,
    );
    assert.match(exportAnswers(shown, 'html', 'zh'), /<h1>回答：Bread<\/h1>[\s\S]*答案错误|回答错误/);
    const { cells, ways } = compareRuns(first, second);
    const comparison = { cells, ways, changes: ['task.instruction'] };
    const both = {
      before: shown.run,
      after: { record: { ...record, id: 2 }, study: second.study },
      comparison,
    };
    assert.match(
      exportAnswers(both, 'md', 'en'),
      /Changed in between: task\.instruction\.[\s\S]*\| became wrong \| zero-shot \|/,
    );
    assert.equal(exportAnswers(both, 'jsonl', 'en').trimEnd().split('\n').length, 40);
    assert.match(exportAnswers(both, 'html', 'zh'), /变错/);
  });
});

describe('the words that differ', () => {
  const marked = (before: string, after: string): string[] =>
    wordDifference(before, after).map((stretches) =>
      stretches.map(({ text, changed }) => (changed ? `[${text}]` : text)).join(''),
    );

  it('are marked in both texts, in Chinese by the character', () => {
    assert.deepEqual(marked('The answer is 11.', 'The answer is 10.'), [
      'The answer is [11].',
      'The answer is [10].',
    ]);
    assert.deepEqual(marked('a b c d', 'b x d'), ['[a ]b [c] d', 'b [x] d']);
    assert.deepEqual(marked('答案是九。', '答案不是九。'), ['答案是九。', '答案[不]是九。']);
    assert.deepEqual(marked('same', 'same'), ['same', 'same']);
    assert.deepEqual(marked('', 'new'), ['', '[new]']);
  });

  it('leave both texts whole', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [was, is] = wordDifference(before, after);
        const whole = (all: typeof was): string => all.map((each) => each.text).join('');
        assert.deepEqual([whole(was), whole(is)], [before, after]);
        const kept = (all: typeof was): string => whole(all.filter(({ changed }) => !changed));
        assert.equal(kept(was), kept(is));
      }),
    );
  });
});
