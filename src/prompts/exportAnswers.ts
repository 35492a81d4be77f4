import { unparse } from 'papaparse';
import type { AnswerFormat, AnswerRow, ComparedCell, RunComparison, RunRecord } from '../protocol/promptRuns';
import type { Study } from '../protocol/prompts';
import { type Block, toHtml, toMarkdown } from '../report/document';
import { type ReportLanguage, filled } from '../report/filled';
import { type ExportWords, exportWordings } from './exportWording';
import { groupFailures } from './failureGroups';
import { points, strategyName } from './sentences';
import { wordings } from './wording';

/** A run with what it asked. */
export interface ExportedRun {
  readonly record: RunRecord;
  readonly study: Study;
}

export type Exported =
  | { readonly run: ExportedRun; readonly query: string; readonly rows: readonly AnswerRow[] }
  | {
      readonly before: ExportedRun;
      readonly after: ExportedRun;
      readonly comparison: Pick<RunComparison, 'ways' | 'changes' | 'cells'>;
    };

/** Answers, or two runs beside each other, as a file. */
export function exportAnswers(shown: Exported, format: AnswerFormat, language: ReportLanguage): string {
  const records = 'rows' in shown ? shown.rows.map(answerRecord) : shown.comparison.cells.map(comparedRecord);
  switch (format) {
    case 'csv':
      // A spreadsheet must not run what a model wrote; a plain number stays one.
      return `${unparse(records, { escapeFormulae: /^(?:\s*[=@＝＋－＠]|[\t\r\n]|\s*[+-](?!\d+(?:[.,]\d+)?$))/ })}\r\n`;
    case 'jsonl':
      return records.map((record) => `${JSON.stringify(record)}\n`).join('');
    case 'json':
      return `${JSON.stringify(whole(shown, records), null, 2)}\n`;
    case 'md':
    case 'html': {
      const words = exportWordings[language];
      const study = 'rows' in shown ? shown.run.study : shown.after.study;
      const title = filled('rows' in shown ? words.answers : words.comparison, study.title || words.untitled);
      const blocks =
        'rows' in shown ? answerBlocks(shown, words, language) : comparisonBlocks(shown, words, language);
      return format === 'md' ? toMarkdown(title, blocks) : toHtml(title, blocks, language);
    }
  }
}

type Field = string | number | boolean | null;

/** Item and repeat count from 1, item 0 is the study's own input. */
function answerRecord({ cell, input, expected, result }: AnswerRow): Record<string, Field> {
  return {
    item: cell.item + 1,
    repeat: (cell.repeat ?? 0) + 1,
    strategy: cell.strategy,
    model: cell.model,
    input,
    expected,
    output: result.output,
    answer: result.answer,
    pass: result.pass,
    failure: result.failure,
    judged: result.judged ?? false,
    format_kept: result.formatKept,
    score: result.score ?? null,
    finish: result.finish,
    prompt_tokens: result.numPromptTokens,
    new_tokens: result.numNewTokens,
    milliseconds: result.milliseconds,
    mean_bits: result.meanBits,
    price: result.price ?? null,
    error: result.error ?? null,
    fingerprint: result.fingerprint,
    prompt_hash: result.promptHash ?? null,
  };
}

function comparedRecord(cell: ComparedCell): Record<string, Field> {
  const { before, after } = cell;
  return {
    strategy: cell.strategy,
    model: cell.model,
    repeat: cell.repeat + 1,
    input: cell.input,
    expected: cell.expected,
    change: cell.change,
    same_prompt: cell.samePrompt,
    before_output: before?.output ?? null,
    before_answer: before?.answer ?? null,
    before_pass: before?.pass ?? null,
    before_failure: before?.failure ?? null,
    after_output: after?.output ?? null,
    after_answer: after?.answer ?? null,
    after_pass: after?.pass ?? null,
    after_failure: after?.failure ?? null,
  };
}

function whole(shown: Exported, records: readonly Record<string, Field>[]): unknown {
  const about = ({ record, study }: ExportedRun): unknown => ({
    ...record,
    began: new Date(record.began).toISOString(),
    ended: new Date(record.ended).toISOString(),
    study,
  });
  return 'rows' in shown
    ? { transformerScope: 1, run: about(shown.run), query: shown.query, answers: records }
    : {
        transformerScope: 1,
        before: about(shown.before),
        after: about(shown.after),
        changes: shown.comparison.changes,
        ways: shown.comparison.ways,
        cells: records,
      };
}

function answerBlocks(
  { run, query, rows }: Extract<Exported, { rows: unknown }>,
  words: ExportWords,
  language: ReportLanguage,
): Block[] {
  const { failures } = wordings[language];
  const named = (failure: string): string => failures[failure as keyof typeof failures];
  const kinds = groupFailures(rows).filter(({ by }) => by === 'kind');
  return [
    { kind: 'text', text: filled(words.runOf, moment(run.record.began), run.record.numAnswers) },
    ...(query.trim() === ''
      ? []
      : [{ kind: 'text' as const, text: filled(words.found, rows.length, query) }]),
    ...(kinds.length === 0
      ? []
      : [
          { kind: 'heading' as const, text: words.failures },
          {
            kind: 'table' as const,
            head: [words.kind, words.number],
            rows: kinds.map(({ name, count, of }) => [named(name), `${count} / ${of}`]),
          },
        ]),
    { kind: 'heading', text: words.list },
    {
      kind: 'table',
      head: [words.item, words.way, words.model, words.input, words.expected, words.answer, words.verdict],
      rows: rows.map(({ cell, input, expected, result }) => [
        cell.item < 0 ? '–' : String(cell.item + 1),
        strategyName(cell.strategy, wordings[language]),
        cell.model,
        input,
        expected ?? '',
        result.error ?? (result.output.trim() || words.none),
        verdictOf(result, words, named),
      ]),
    },
    ...circumstanceBlocks([run], words),
  ];
}

function comparisonBlocks(
  { before, after, comparison }: Extract<Exported, { comparison: unknown }>,
  words: ExportWords,
  language: ReportLanguage,
): Block[] {
  const { ways, changes, cells } = comparison;
  const { failures } = wordings[language];
  const named = (failure: string): string => failures[failure as keyof typeof failures];
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  const side = (each: ComparedCell['before']): string =>
    each ? `${each.error ?? (each.output.trim() || words.none)} (${verdictOf(each, words, named)})` : '–';
  return [
    { kind: 'text', text: filled(words.compared, moment(before.record.began), moment(after.record.began)) },
    {
      kind: 'text',
      text: changes.length === 0 ? words.nothingChanged : filled(words.changed, changes.join(', ')),
    },
    { kind: 'heading', text: words.ways },
    {
      kind: 'table',
      head: [
        words.way,
        words.model,
        words.items,
        words.before,
        words.after,
        words.gained,
        words.lost,
        words.difference,
        words.p,
      ],
      rows: ways.map((way) => [
        strategyName(way.strategy, wordings[language]),
        way.model,
        String(way.numItems),
        percent(way.before),
        percent(way.after),
        String(way.gained),
        String(way.lost),
        `${points(way.difference)} (${points(way.interval.low)} … ${points(way.interval.high)})`,
        way.p < 0.001 ? '< 0.001' : way.p.toFixed(3),
      ]),
    },
    { kind: 'heading', text: words.list },
    {
      kind: 'table',
      head: [words.verdict, words.way, words.input, words.expected, words.before, words.after],
      rows: cells.map((cell) => [
        words.changes[cell.change],
        strategyName(cell.strategy, wordings[language]),
        cell.input,
        cell.expected ?? '',
        side(cell.before),
        side(cell.after),
      ]),
    },
    ...circumstanceBlocks([before, after], words),
  ];
}

/** Who was asked with what, so that the run can be repeated. */
function circumstanceBlocks(runs: readonly ExportedRun[], words: ExportWords): Block[] {
  return [
    { kind: 'heading', text: words.repeat },
    ...runs.map(({ record, study }): Block => {
      const { models = [], versions = {} } = record.circumstances ?? {};
      return {
        kind: 'table',
        head: [words.setting, runs.length > 1 ? moment(record.began) : words.value],
        rows: [
          ...models.map(({ id, ...facts }) => [`${words.model} ${id}`, Object.values(facts).join(', ')]),
          ...Object.entries(study.sampling).map(([name, value]) => [name, JSON.stringify(value)]),
          ...Object.entries(versions),
        ],
      };
    }),
  ];
}

function verdictOf(
  { pass, failure }: { readonly pass: boolean | null; readonly failure: string | null },
  words: ExportWords,
  named: (failure: string) => string,
): string {
  return failure !== null ? named(failure) : pass === true ? words.right : words.open;
}

/** To the second, in UTC. */
function moment(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
