import type { StudySummary } from '../protocol/promptSummary';
import type { ModelPlace } from '../protocol/abilities';
import { type AskedModel, type Failure, type RenderedPrompt, type Study, isLocal } from '../protocol/prompts';
import { type Block, toHtml, toMarkdown } from '../report/document';
import { type ReportLanguage, filled } from '../report/filled';
import { plainAnswer } from './answers';
import { accuracyChart, textChart } from './chart';
import { findings, percent, points, practice, strategyName } from './sentences';
import { strategyId } from './strategy';
import { type Words, wordings } from './wording';

export interface ReportInput {
  readonly study: Study;
  readonly summary: StudySummary;
  /** The prompts for the study's input (or its first item), by strategy id, of the first model. */
  readonly prompts: ReadonlyMap<string, RenderedPrompt>;
  readonly promptsFor: string;
  /** What identifies each model's files, by id. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Who answered; without it every model is one of this computer. */
  readonly places?: readonly ModelPlace[];
  /** ISO date. */
  readonly date: string;
}

/** The study as a document: the question, how it was asked, what came of it, and how to repeat it. */
export function writeReport(input: ReportInput, format: 'md' | 'html', language: ReportLanguage): string {
  const words = wordings[language];
  const title = filled(words.reportTitle, input.study.title || words.untitled);
  const blocks = blocksOf(input, words);
  return format === 'md' ? toMarkdown(title, blocks) : toHtml(title, blocks, language);
}

function blocksOf(input: ReportInput, words: Words): Block[] {
  const { study, summary, prompts, promptsFor, date } = input;
  const { task, models } = study;
  const said = findings(summary, words);
  const todo = practice(summary, words);
  const chart = summary.rows.some((row) => row.accuracy !== null);
  return [
    { kind: 'heading', text: words.question },
    {
      kind: 'text',
      text: filled(
        words.questionText,
        models.map(({ id }) => id).join(', '),
        task.instruction || task.kind,
        task.items.length,
      ),
    },
    { kind: 'heading', text: words.findings },
    { kind: 'list', items: said.length > 0 ? said : [words.noResults] },
    { kind: 'heading', text: words.results },
    ...(chart
      ? [
          {
            kind: 'chart' as const,
            title: words.chartTitle,
            svg: accuracyChart(summary, words),
            text: textChart(summary, words),
          },
        ]
      : []),
    resultTable(summary, input.places ?? [], words),
    ...(todo.length > 0
      ? [
          { kind: 'heading' as const, text: words.practice },
          { kind: 'list' as const, items: todo },
        ]
      : []),
    { kind: 'heading', text: words.ways },
    { kind: 'text', text: filled(words.waysText, shortened(promptsFor, 80)) },
    ...study.strategies.flatMap((strategy): Block[] => {
      const prompt = prompts.get(strategyId(strategy));
      return prompt
        ? [
            { kind: 'subheading', text: strategyName(strategy, words) },
            { kind: 'code', text: prompt.text },
          ]
        : [];
    }),
    { kind: 'heading', text: words.data },
    { kind: 'text', text: filled(words.dataText, task.examples.length, task.items.length) },
    {
      kind: 'table',
      head: [words.colInput, words.colExpected],
      rows: task.items
        .slice(0, 10)
        .map((item) => [
          shortened(item.input, 160),
          item.expected === undefined ? '' : plainAnswer(item.expected),
        ]),
    },
    { kind: 'heading', text: words.limits },
    { kind: 'text', text: words.limitsText },
    { kind: 'heading', text: words.repeat },
    { kind: 'text', text: words.repeatText },
    {
      kind: 'table',
      head: [words.colSetting, words.colValue],
      rows: [
        ...models.flatMap((model) => modelRows(model, input, words)),
        ...Object.entries(study.sampling).map(([name, value]) => [name, JSON.stringify(value)]),
        [words.scorer, task.scorer.kind],
        ['exampleChoice', task.exampleChoice],
      ],
    },
    { kind: 'text', text: filled(words.madeOn, date.slice(0, 10)) },
  ];
}

/** What identifies a model: its files, or who answered for it and what was ignored there. */
function modelRows(model: AskedModel, { hashes, places = [] }: ReportInput, words: Words): string[][] {
  const name = `${words.colModel} ${model.id}`;
  if (isLocal(model)) {
    return [[`${name}: ${words.hash}`, hashes.get(model.id) ?? '–']];
  }
  const place = places.find((each) => each.model === model.id);
  const host = place?.host ?? '–';
  const who = model.provider === 'editor' ? filled(words.editorsModel, host) : host;
  const ignored = (place?.ignored ?? []).map((wish) => words.wishes[wish]).join(', ');
  return [
    [`${name}: ${words.answeredBy}`, `${who}, ${model.model}`],
    [`${name}: ${words.ignores}`, ignored || '–'],
  ];
}

function resultTable(summary: StudySummary, places: readonly ModelPlace[], words: Words): Block {
  const hasPrices = summary.rows.some(({ price }) => price !== null);
  const currencyOf = (model: string): string => places.find((place) => place.model === model)?.currency ?? '';
  return {
    kind: 'table',
    head: [
      words.colModel,
      words.colWay,
      words.colRight,
      words.colAccuracy,
      words.colInterval,
      words.colDifference,
      words.colTokens,
      words.colTime,
      ...(hasPrices ? [words.colPrice] : []),
      words.colFormat,
      words.colFailures,
    ],
    rows: summary.rows.map((row) => {
      const versus = row.versusZeroShot;
      return [
        row.model,
        strategyName(row.strategy, words),
        `${row.numPassed}/${row.numJudged}`,
        row.accuracy === null ? '–' : percent(row.accuracy),
        row.accuracy === null ? '–' : `${percent(row.interval.low)} – ${percent(row.interval.high)}`,
        versus
          ? filled(
              words.points,
              points(versus.difference),
              points(versus.interval.low),
              points(versus.interval.high),
            )
          : '–',
        `${Math.round(row.promptTokens)} + ${Math.round(row.newTokens)}`,
        String(Math.round(row.milliseconds)),
        ...(hasPrices
          ? [row.price === null ? '–' : `${row.price.toPrecision(3)} ${currencyOf(row.model)}`.trim()]
          : []),
        row.formatKept === null ? '–' : percent(row.formatKept),
        (Object.entries(row.failures) as [Failure, number][])
          .filter(([, count]) => count > 0)
          .map(([failure, count]) => `${words.failures[failure]} ${count}`)
          .join(', ') || '–',
      ];
    }),
  };
}

function shortened(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
