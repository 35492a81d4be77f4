import type { StrategyRow, StudySummary } from '../protocol/promptSummary';
import type { ModelPlace } from '../protocol/abilities';
import {
  type AskedModel,
  type Failure,
  type RenderedPrompt,
  type Study,
  type Task,
  isLocal,
} from '../protocol/prompts';
import { type Block, toHtml, toMarkdown } from '../report/document';
import { type ReportLanguage, filled } from '../report/filled';
import { advice } from './advice';
import { plainAnswer } from './answers';
import { accuracyChart, textChart } from './chart';
import { differenceChart, differenceText } from './differenceChart';
import { chance, count, findings, percent, points, practice, strategyName } from './sentences';
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
  const said = [...advice(summary, words), ...findings(summary, words)];
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
          ...differenceBlocks(summary, words),
        ]
      : []),
    resultTable(summary, input.places ?? [], words),
    ...stabilityBlocks(summary, task.scorer.vote === true, words),
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
        [words.scorer, scorerText(task, words)],
        ...(study.repeats === undefined ? [] : [['repeats', String(study.repeats)]]),
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
  const hasScores = summary.rows.some(({ meanScore }) => meanScore !== null);
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
      words.colRank,
      words.colBest,
      words.colDifference,
      ...(hasScores ? [words.colScore] : []),
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
        `${count(row.numPassed)}/${row.numJudged}`,
        row.accuracy === null ? '–' : percent(row.accuracy),
        row.accuracy === null ? '–' : `${percent(row.interval.low)} – ${percent(row.interval.high)}`,
        row.rank === null ? '–' : String(row.rank),
        row.bestProbability === null ? '–' : chance(row.bestProbability),
        versus
          ? filled(
              words.points,
              points(versus.difference),
              points(versus.interval.low),
              points(versus.interval.high),
            )
          : '–',
        ...(hasScores ? [scoreText(row)] : []),
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

function differenceBlocks(summary: StudySummary, words: Words): Block[] {
  const svg = differenceChart(summary, words);
  return svg === null
    ? []
    : [{ kind: 'chart', title: words.chartDifference, svg, text: differenceText(summary, words) }];
}

function scoreText({ meanScore, scoreBaseline }: StrategyRow): string {
  const said = meanScore === null ? '–' : meanScore.toFixed(2);
  return scoreBaseline === null ? said : `${said} (${scoreBaseline.toFixed(2)})`;
}

/** The scorer with what it was told; of a judge its model and its prompt. */
function scorerText({ scorer }: Task, words: Words): string {
  const { kind, judge, ...rest } = scorer;
  const told = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const judged =
    kind === 'judge' && judge ? [`${filled(words.judgedBy, judge.model.id)}: ${judge.prompt}`] : [];
  return [kind, ...told, ...judged].join(', ');
}

function stabilityBlocks(summary: StudySummary, vote: boolean, words: Words): Block[] {
  const rows = summary.rows.filter(({ stability }) => stability !== null && stability.numItems > 0);
  const k = summary.numRepeats;
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: words.stability },
        { kind: 'text', text: filled(words.stabilityText, k) + (vote ? words.between + words.voted : '') },
        {
          kind: 'table',
          head: [words.colModel, words.colWay, words.colFlicker, words.colMajority, `pass@${k}`, `pass^${k}`],
          rows: rows.map(({ model, strategy, stability }) => [
            model,
            strategyName(strategy, words),
            `${stability?.numFlickering ?? 0}/${stability?.numItems ?? 0}`,
            percent(stability?.majority ?? 0),
            percent(stability?.passAt.at(-1) ?? 0),
            percent(stability?.passAll.at(-1) ?? 0),
          ]),
        },
      ];
}

function shortened(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
