import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { advice } from '../../src/prompts/advice';
import { contextual, domainOf, pmi } from '../../src/prompts/calibration';
import { filledJudgePrompt, readVerdict, shareOfYes } from '../../src/prompts/judgePrompt';
import { newStudy } from '../../src/prompts/presets';
import { numRepeats, samplingOf } from '../../src/prompts/repeats';
import { writeReport } from '../../src/prompts/report';
import { judge, judgeBy } from '../../src/prompts/scorers';
import { findings } from '../../src/prompts/sentences';
import { readStudy, writeStudy } from '../../src/prompts/studyFile';
import { StudyState } from '../../src/prompts/studyState';
import { editDistance, editSimilarity, wordF1 } from '../../src/prompts/textScores';
import { wordings } from '../../src/prompts/wording';
import { isScopeError } from '../../src/protocol/errors';
import { flickers, foldAnswers } from '../../src/protocol/foldAnswers';
import type { CellAddress, CellResult, Scorer, Study } from '../../src/protocol/prompts';
import { Sandbox } from '../../src/worker/sandbox';

const model = { id: 'm', folder: '/models/m' };
const zero = { shots: 0, reasoning: false, role: false, format: false };
const few = { ...zero, shots: 2 };

const close = (found: number, expected: number): void => {
  assert.ok(Math.abs(found - expected) < 1e-9, `${found} instead of ${expected}`);
};

function study(numItems: number, change: Partial<Study> = {}, scorer: Scorer = { kind: 'exact' }): Study {
  const begun = newStudy('study-1', 'Bread', 'The bread was good.', model);
  const items = Array.from({ length: numItems }, (_, index) => ({
    input: `item ${index}`,
    expected: 'positive',
  }));
  return {
    ...begun,
    strategies: [zero, few],
    task: { ...begun.task, items, scorer },
    sampling: { ...begun.sampling, temperature: 0.7 },
    ...change,
  };
}

function answered(state: StudyState, cell: CellAddress, output: string): CellResult {
  const pass = output === 'positive';
  return {
    ...cell,
    fingerprint: state.fingerprint(cell) ?? '',
    output,
    answer: output,
    pass,
    failure: pass ? null : 'wrong',
    formatKept: null,
    finish: 'stop',
    numPromptTokens: cell.strategy === 'zero-shot' ? 10 : 52,
    numNewTokens: 2,
    milliseconds: cell.strategy === 'zero-shot' ? 5 : 9,
    meanBits: 1,
  };
}

/** Few-shot: every fifth item flickers, the others are right. Zero-shot: one answer of five is right. */
function repeated(numItems: number, scorer: Scorer = { kind: 'exact' }): StudyState {
  const state = new StudyState(study(numItems, { repeats: 5 }, scorer));
  for (const cell of state.cells('items')) {
    const repeat = cell.repeat ?? 0;
    const right = cell.strategy === 'zero-shot' ? repeat === 0 : cell.item % 5 > 0 || repeat > 1;
    state.record(answered(state, cell, right ? 'positive' : 'negative'));
  }
  return state;
}

describe('evidence of prompt studies', () => {
  it('asks each prompt several times with seeds of their own, and once where that is the same', () => {
    const made = study(2, { repeats: 5 });
    assert.equal(numRepeats(made, 'm'), 5);
    assert.equal(new StudyState(made).cells('items').length, 20);
    const seed = (item: number, repeat: number, of = made): number =>
      samplingOf(of, { strategy: 'zero-shot', model: 'm', item, repeat }).seed;
    const seeds = [0, 1].flatMap((item) => [0, 1, 2, 3, 4].map((repeat) => seed(item, repeat)));
    assert.equal(new Set(seeds).size, 10);
    assert.ok(seeds.every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 32));
    assert.equal(seed(0, 3), seed(0, 3));
    assert.equal(seed(-1, 0), made.sampling.seed, 'what is copied gives the same elsewhere');
    assert.notEqual(seed(0, 1), seed(0, 1, { ...made, sampling: { ...made.sampling, seed: 2 } }));
    const greedy = { ...made, sampling: { ...made.sampling, temperature: 0 } };
    assert.equal(numRepeats(greedy, 'm'), 1);
    const elsewhere = { id: 'm', provider: 'editor' as const, model: 'm' };
    assert.equal(numRepeats({ ...greedy, models: [elsewhere] }, 'm'), 5, 'nobody promises it there');
  });

  it('keeps an answer under its model’s files, its settings, its prompt and its repeat', () => {
    const made = study(1, { repeats: 2 });
    const cell = { strategy: 'few-shot-2', item: 0, model: 'm' };
    const key = (change: Partial<Study> = {}, repeat = 0, identity = 'a'): string | null =>
      new StudyState({ ...made, ...change }, [], new Map([['m', identity]])).fingerprint({ ...cell, repeat });
    const keys = [
      key(),
      key({}, 1),
      key({}, 0, 'b'),
      key({ sampling: { ...made.sampling, seed: 9 } }),
      key({ sampling: { ...made.sampling, topP: 0.5 } }),
      key({ task: { ...made.task, instruction: 'Say it.' } }),
      key({ task: { ...made.task, scorer: { kind: 'f1' } } }),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(key(), key({ repeats: 7 }), 'asking more often keeps what was asked');
    assert.equal(key(), key({ task: { ...made.task, scorer: { kind: 'exact', vote: true } } }));
    const state = new StudyState(made, [], new Map([['m', 'a']]));
    state.record(answered(state, cell, 'positive'));
    assert.equal(state.results().length, 1);
    assert.equal(state.identify(new Map([['m', 'b']])), true);
    assert.equal(state.results().length, 0, 'other files, other answers');
    assert.equal(state.identify(new Map([['m', 'a']])), true);
    assert.equal(state.results().length, 1);
  });

  it('folds identical answers and flags those that flicker', () => {
    const state = repeated(5);
    const own = state.results().filter(({ item, strategy }) => item === 0 && strategy === 'few-shot-2');
    const folds = foldAnswers(own);
    assert.deepEqual(
      folds.map(({ results: [first, ...rest] }) => [first.output, rest.length + 1]),
      [
        ['positive', 3],
        ['negative', 2],
      ],
    );
    assert.equal(flickers(own), true);
    assert.equal(flickers(own.slice(2)), false);
  });

  it('sums repeats up by item: flicker, pass@k, pass^k, the commonest answer', () => {
    const summary = repeated(20).summary();
    const [plain, shots] = summary.rows;
    assert.equal(summary.numRepeats, 5);
    assert.deepEqual([plain?.numDone, plain?.numJudged], [100, 20]);
    close(plain?.accuracy ?? 0, 0.2);
    // Sixteen items are always right, four in three of five answers.
    close(shots?.accuracy ?? 0, (16 + 4 * 0.6) / 20);
    const stability = shots?.stability;
    assert.deepEqual([stability?.numItems, stability?.numFlickering, stability?.majority], [20, 4, 1]);
    close(stability?.passAll[4] ?? 0, 0.8);
    close(stability?.passAt[2] ?? 0, 1);
    // Of four flickering items two of five answers are wrong: C(3,2)/C(5,2) = 3/10 for both of two right.
    close(stability?.passAll[1] ?? 0, (16 + 4 * 0.3) / 20);
    assert.equal(shots?.intervalBy, 'bootstrap');
    assert.deepEqual([shots?.rank, plain?.rank], [1, 2]);
    assert.equal(shots?.bestProbability, 1);
    // With a vote each item has one verdict: all of few-shot’s are right and none of zero-shot’s.
    const voted = repeated(20, { kind: 'exact', vote: true }).summary();
    assert.deepEqual(
      voted.rows.map(({ numPassed, intervalBy }) => [numPassed, intervalBy]),
      [
        [0, 'wilson'],
        [20, 'wilson'],
      ],
    );
  });

  it('recommends the winner with its price, or says how many items are missing', () => {
    const clear = repeated(20).summary();
    assert.match(
      advice(clear, wordings.en)[0] ?? '',
      /^m: ask with few-shot \(2\)\. It gets \+72 points more right than zero-shot \(95% interval \+\d+ to \+\d+\), for \+42 tokens and \+4 ms per answer\. What still fails is mostly “wrong answer” \(8 of 100 answers\)\.$/,
    );
    assert.match(advice(clear, wordings.zh)[0] ?? '', /^m: 建议使用少样本（2）：正确率比零样本高 \+72/);
    assert.match(advice(repeated(8).summary(), wordings.en)[0] ?? '', /only 8 items .*about 7 more/i);
    // Few-shot is right once more in twenty: too little to tell.
    const state = new StudyState(study(20));
    for (const cell of state.cells('items')) {
      const right = cell.item < 10 || (cell.item === 10 && cell.strategy === 'few-shot-2');
      state.record(answered(state, cell, right ? 'positive' : 'negative'));
    }
    // d = .05, variance .0475, (1.96 + .8416)² · .0475 / .0025 = 149.1 items in all.
    assert.equal(state.summary().rows[1]?.versusZeroShot?.itemsNeeded, 150);
    assert.match(
      advice(state.summary(), wordings.en)[0] ?? '',
      /not enough evidence .* about 130 more items/,
    );
  });

  it('shows how far the scorer agrees with a person, and gives it its word back', () => {
    const judging: Scorer = { kind: 'judge', judge: { model, prompt: 'x' } };
    const state = new StudyState(study(4, {}, judging));
    const cells = state.prompts('items').filter(({ strategy }) => strategy === 'zero-shot');
    cells.forEach((cell, index) => {
      state.record(answered(state, cell, index < 2 ? 'positive' : 'negative'));
    });
    assert.match(findings(state.summary(), wordings.en).join(), /nobody has checked/);
    [true, false, false, false].forEach((pass, index) => {
      state.judge(cells[index] as CellAddress, pass);
    });
    const { agreement, rows } = state.summary();
    assert.deepEqual([agreement?.numAnswers, agreement?.observed, rows[0]?.numPassed], [4, 0.75, 1]);
    // By hand: observed .75, by chance ½·¼ + ½·¾ = ½, kappa ½.
    close(agreement?.kappa?.value ?? 0, 0.5);
    assert.match(findings(state.summary(), wordings.en).join(), /3 of 4 answers \(kappa 0\.50/);
    const back = state.judge(cells[1] as CellAddress, null);
    assert.deepEqual([back?.pass, back?.failure, back?.judged], [true, null, undefined]);
  });

  it('scores by shared words and by edit distance', () => {
    // Shared: the, cat → “the” is no word; cat, sat of 2 and 3 words.
    close(wordF1('The cat sat.', 'a cat sat down'), (2 * 2) / (2 + 3));
    close(wordF1('我喜欢苹果', '我喜欢梨'), (2 * 3) / (5 + 4));
    assert.deepEqual([wordF1('', ''), wordF1('x', ''), wordF1('x x b', 'b c x')], [1, 0, 2 / 3]);
    assert.equal(editDistance([...'kitten'], [...'sitting']), 3);
    close(editSimilarity('Kitten', 'sitting'), 1 - 3 / 7);
    assert.equal(editSimilarity('🍞', '🍞'), 1);
    const verdict = (scorer: Scorer): ReturnType<typeof judge> => {
      const { task } = study(1, {}, scorer);
      const item = { input: 'x', expected: 'sitting' };
      return judge({ task, strategy: zero, item, cue: '', output: 'kitten', wasCut: false });
    };
    assert.deepEqual(
      [verdict({ kind: 'edit' }).pass, verdict({ kind: 'edit', threshold: 0.5 }).pass],
      [false, true],
    );
    close(verdict({ kind: 'edit' }).score ?? 0, 1 - 3 / 7);
  });

  it('takes a label’s own likelihood away', () => {
    const logs = (shares: readonly number[]): number[] => shares.map(Math.log);
    // The model says yes to everything (.9); after the input it says so less (.75): no is what the input speaks for.
    const found = contextual(logs([0.75, 0.25]), [logs([0.9, 0.1]), logs([0.9, 0.1])]);
    close(found[0] ?? 0, 0.75 / 0.9 / (0.75 / 0.9 + 0.25 / 0.1));
    const added = pmi(logs([0.6, 0.4]), logs([0.8, 0.2]));
    close(added[0] ?? 0, 0.75 / (0.75 + 2));
    const parts = [{ part: 'input' as const, start: 7, end: 10 }];
    assert.equal(domainOf({ text: 'Input: yes\nOutput:', parts, template: 'study' }), 'Output:');
    assert.equal(domainOf({ text: 'One.\nA:', parts: [], template: 'edited' }), 'A:');
  });

  it('asks a judge about the answer, and never puts an answer’s own braces in', () => {
    const prompt = 'Q: {input}\nWanted: {expected}\nGot: {answer}';
    assert.equal(filledJudgePrompt(prompt, { input: 'q' }, '{input}'), 'Q: q\nGot: {input}');
    assert.equal(
      filledJudgePrompt(prompt, { input: 'q', expected: { a: 'x', b: 2 } }, 'y'),
      'Q: q\nWanted: x, 2\nGot: y',
    );
    assert.deepEqual(['Yes.', ' no, it', '不是', '是的', 'maybe'].map(readVerdict), [
      true,
      false,
      false,
      true,
      null,
    ]);
    close(shareOfYes([Math.log(0.2), Math.log(0.1)], [Math.log(0.1), Math.log(0.1)]), 0.6);
  });

  it('judges by those who are asked only what could be read', async () => {
    const { task } = study(1, {}, { kind: 'similarity' });
    const scored = { task, strategy: zero, cue: '', output: 'bread', wasCut: false };
    const asked: string[] = [];
    const grade = (answer: string): Promise<{ pass: boolean; score: number }> => {
      asked.push(answer);
      return Promise.resolve({ pass: true, score: 0.9 });
    };
    const item = { input: 'x', expected: 'loaf' };
    assert.deepEqual([(await judgeBy({ ...scored, item }, grade)).score, asked], [0.9, ['bread']]);
    assert.equal((await judgeBy({ ...scored, item: { input: 'x' } }, grade)).pass, null);
    assert.equal((await judgeBy({ ...scored, item, output: ' ' }, grade)).failure, 'empty');
    assert.equal(asked.length, 1);
  });

  it('survives its file with repeats and every scorer’s parameters, and refuses nonsense', () => {
    const scorer: Scorer = {
      kind: 'judge',
      threshold: 0.7,
      calibration: 'pmi',
      expression: 'answer === expected',
      judge: { model, prompt: 'Right?\n{answer}' },
      vote: true,
    };
    const made = study(1, { repeats: 4 }, scorer);
    const back = readStudy(writeStudy({ study: made, results: [] }), 'x').study;
    assert.deepEqual([back.task.scorer, back.repeats], [scorer, 4]);
    for (const wrong of ['repeats: 99', 'task: {kind: solve, scorer: {kind: magic}}']) {
      const text = `transformerScope: 1\n${wrong.startsWith('task') ? '' : 'task: {kind: solve}\n'}${wrong}`;
      assert.throws(
        () => readStudy(text, 'x'),
        (error) => isScopeError(error, 'studyUnreadable'),
      );
    }
  });

  it('reports stability, ranks and the difference chart in both languages', () => {
    const state = repeated(20);
    const input = {
      study: state.study,
      summary: state.summary(),
      prompts: new Map(),
      promptsFor: 'x',
      hashes: new Map(),
      date: '2026-01-02T00:00:00Z',
    };
    const html = writeReport(input, 'html', 'zh');
    assert.ok(html.includes(wordings.zh.stability) && html.includes('pass^5'));
    assert.equal(html.match(/<svg/g)?.length, 2);
    assert.match(writeReport(input, 'md', 'en'), /few-shot \(2\): \+72 \(\+\d+ … \+\d+\)/);
  });
});

describe('the sandbox of expressions', () => {
  const sandbox = new Sandbox(() => readFile(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
  const values = { input: 'q', expected: 'four', answer: 'four', output: ' four.' };
  const fails = (expression: string, message: RegExp): Promise<void> =>
    assert.rejects(
      sandbox.evaluate(expression, values),
      (error) => isScopeError(error, 'expressionFailed') && message.test(error.detail ?? ''),
      expression,
    );

  it('computes true, false or a number from what it is given', async () => {
    assert.equal(await sandbox.evaluate('answer === expected // so it is', values), true);
    assert.equal(await sandbox.evaluate('answer.length / 8', values), 0.5);
    const odd = { ...values, answer: '\u2028"\\`${1}', expected: { n: 3 } };
    assert.equal(await sandbox.evaluate('answer.length === 8 && expected.n === 3', odd), true);
    await fails('answer', /"four": true, false/);
    await fails('1 +', /SyntaxError/);
  });

  it('ends what does not end, regular expressions and recursion too', async () => {
    const started = performance.now();
    await fails('(() => { for (;;); })()', /> 250 ms/);
    await fails('/(a+)+$/.test("a".repeat(40) + "b")', /> 250 ms/);
    await fails('(f = () => f())()', /stack/);
    await fails('"x".repeat(1e9).length', /memory/);
    assert.ok(performance.now() - started < 10_000);
    assert.equal(await sandbox.evaluate('true', values), true, 'the next one runs');
  });

  it('has nothing of Node in reach, and remembers nothing', async () => {
    for (const name of [
      'process',
      'require',
      'fetch',
      'setTimeout',
      'WebAssembly',
      'module',
      'Buffer',
      'std',
      'os',
    ]) {
      assert.equal(await sandbox.evaluate(`typeof ${name} === 'undefined'`, values), true, name);
    }
    await fails('this.constructor.constructor("return process")()', /process/);
    await sandbox.evaluate('globalThis.kept = 1', values);
    assert.equal(await sandbox.evaluate('typeof kept === "undefined"', values), true);
  });
});
