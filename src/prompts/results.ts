import type { CellResult, Failure, Strategy, Study } from '../protocol/prompts';
import { cellKey } from '../protocol/prompts';
import type { StrategyRow, StudySummary } from '../protocol/promptSummary';
import { bootstrapShare, standings } from './bootstrap';
import { type ItemAnswers, itemAnswers } from './itemAnswers';
import { numRepeats, repeatsOf } from './repeats';
import { agreementOf, stabilityOf } from './stability';
import { compareTrials, holm, mean, median, wilson } from './statistics';
import { strategyId } from './strategy';
import { type Interval, type Trials, shareOf } from './trials';

/** Below this many items nothing is claimed: an interval of a dozen items says next to nothing. */
export const fewestItems = 15;

const failures: readonly Failure[] = ['empty', 'format', 'wrong', 'cut', 'error'];

/** What came of a study's test items, per model and strategy. Results of an older prompt are left out by the caller. */
export function summarise(study: Study, results: ReadonlyMap<string, CellResult>): StudySummary {
  const rows = study.models.flatMap((model) => rowsOf(study, model.id, results));
  const thumbs = [...results.values()].flatMap(({ judged, pass, scored }) =>
    judged === true && pass !== null && scored && scored.pass !== null ? [[scored.pass, pass] as const] : [],
  );
  return {
    numItems: study.task.items.length,
    numRepeats: Math.max(1, ...study.models.map(({ id }) => numRepeats(study, id))),
    fewestItems,
    rows,
    agreement: agreementOf(thumbs),
    isJudged: study.task.scorer.kind === 'judge' && rows.some(({ numJudged }) => numJudged > 0),
    findings: findingsOf(rows),
  };
}

type Way = readonly ItemAnswers[];

function rowsOf(study: Study, model: string, results: ReadonlyMap<string, CellResult>): StrategyRow[] {
  const repeats = numRepeats(study, model);
  const vote = study.task.scorer.vote === true && repeats > 1;
  const ways = study.strategies.map((strategy): Way =>
    study.task.items.map((_, item) => {
      const cells = repeatsOf({ strategy: strategyId(strategy), item, model }, repeats);
      return itemAnswers(
        cells.flatMap((cell) => results.get(cellKey(cell)) ?? []),
        vote,
      );
    }),
  );
  const baseline = ways[baselineIndex(study.strategies)] ?? [];
  const standing = standingsOf(ways);
  const rows = ways.map((way, index): StrategyRow => {
    const done = way.flatMap(({ results: all }) => all);
    const trials = way.flatMap((item) => item.trials ?? []);
    const formatted = done.filter((cell) => cell.formatKept !== null);
    const passed = trials.reduce((sum, each) => sum + shareOf(each), 0);
    return {
      strategy: strategyId(study.strategies[index] as Strategy),
      model,
      numAsked: way.length * repeats,
      numDone: done.length,
      numJudged: trials.length,
      numOpen: done.filter(({ pass, failure }) => pass === null && failure !== 'error').length,
      numPassed: passed,
      accuracy: trials.length === 0 ? null : passed / trials.length,
      ...intervalOf(trials),
      ...standing[index]!,
      formatKept: formatted.length === 0 ? null : mean(formatted.map((cell) => Number(cell.formatKept))),
      meanScore: meanOf(done.map(({ score }) => score)),
      scoreBaseline: meanOf(done.map((result) => result.baseline)),
      promptTokens: mean(done.map((cell) => cell.numPromptTokens)),
      newTokens: mean(done.map((cell) => cell.numNewTokens)),
      milliseconds: median(done.map((cell) => cell.milliseconds)),
      price: priceOf(done),
      failures: Object.fromEntries(
        failures.map((kind) => [kind, done.filter((cell) => cell.failure === kind).length]),
      ) as Record<Failure, number>,
      stability:
        repeats === 1
          ? null
          : stabilityOf(
              way.flatMap((item) => item.complete(repeats)),
              repeats,
            ),
      versusZeroShot: way === baseline ? null : pairedWith(way, baseline, ways.length - 1),
    };
  });
  return corrected(rows);
}

/** What the answers cost together; null where nobody named a price. */
function priceOf(cells: readonly CellResult[]): number | null {
  const prices = cells.flatMap(({ price }) => (price === undefined ? [] : [price]));
  return prices.length === 0 ? null : prices.reduce((sum, price) => sum + price, 0);
}

function meanOf(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : mean(known);
}

/** Wilson's interval knows nothing of repeats; a bootstrap of equal items would be of no width. */
function intervalOf(trials: readonly Trials[]): { interval: Interval; intervalBy: 'wilson' | 'bootstrap' } {
  const total = trials.reduce((sum, each) => sum + shareOf(each), 0);
  const same = total === 0 || total === trials.length;
  return same || trials.every(({ count }) => count === 1)
    ? { interval: wilson(total, trials.length), intervalBy: 'wilson' }
    : { interval: bootstrapShare(trials), intervalBy: 'bootstrap' };
}

/** Zero-shot where the study has it, else its plainest way. */
function baselineIndex(strategies: readonly Strategy[]): number {
  const weight = ({ shots, reasoning, role, format }: Strategy): number =>
    shots + 100 * (Number(reasoning) + Number(role) + Number(format));
  const weights = strategies.map(weight);
  return weights.indexOf(Math.min(...weights));
}

/** Ranks of the ways that were judged, on the items that all of these have a judged answer to. */
function standingsOf(ways: readonly Way[]): Pick<StrategyRow, 'rank' | 'rankBand' | 'bestProbability'>[] {
  const ranked = ways.filter((way) => way.some(({ trials }) => trials !== null));
  const items = (ranked[0] ?? []).flatMap((_, item) =>
    ranked.every((way) => way[item]?.trials) ? [item] : [],
  );
  const found =
    ranked.length < 2 ? [] : standings(ranked.map((way) => items.map((item) => way[item]!.trials as Trials)));
  return ways.map((way) => {
    const standing = found[ranked.indexOf(way)];
    return standing
      ? { rank: standing.rank, rankBand: standing.band, bestProbability: standing.bestProbability }
      : { rank: null, rankBand: null, bestProbability: null };
  });
}

/** Only items that both ways have an opinion on. */
function pairedWith(way: Way, baseline: Way, numComparisons: number): StrategyRow['versusZeroShot'] {
  const both = way.flatMap(({ trials }, item) => {
    const other = baseline[item]?.trials;
    return trials && other ? [[trials, other] as const] : [];
  });
  return both.length === 0
    ? null
    : compareTrials(
        both.map(([own]) => own),
        both.map(([, other]) => other),
        numComparisons,
      );
}

function corrected(rows: readonly StrategyRow[]): StrategyRow[] {
  const values = rows.flatMap((row) => (row.versusZeroShot ? [row.versusZeroShot.p] : []));
  const adjusted = holm(values);
  let next = 0;
  return rows.map((row) =>
    row.versusZeroShot
      ? { ...row, versusZeroShot: { ...row.versusZeroShot, p: adjusted[next++] as number } }
      : row,
  );
}

function findingsOf(rows: readonly StrategyRow[]): StudySummary['findings'] {
  return [...new Set(rows.map((row) => row.model))].flatMap((model) => {
    const own = rows.filter((row) => row.model === model && row.accuracy !== null);
    const best = own.reduce<StrategyRow | null>(
      (top, row) => (top === null || better(row, top) ? row : top),
      null,
    );
    if (!best || best.accuracy === null) {
      return [];
    }
    const others = own.filter((row) => row !== best && row.accuracy === best.accuracy);
    const versus = best.versusZeroShot;
    const evidence =
      best.numJudged < fewestItems
        ? ('fewItems' as const)
        : best.versusZeroShot === null
          ? ('baselineBest' as const)
          : versus && versus.interval.low > 0 && versus.p < 0.05
            ? ('clear' as const)
            : ('unclear' as const);
    return [{ model, best: best.strategy, tied: others.map((row) => row.strategy), evidence }];
  });
}

/** Of equally accurate ways the one with the shorter prompt. */
function better(row: StrategyRow, top: StrategyRow): boolean {
  const [own, other] = [row.accuracy ?? 0, top.accuracy ?? 0];
  return (
    own > other || (own === other && row.promptTokens + row.newTokens < top.promptTokens + top.newTokens)
  );
}
