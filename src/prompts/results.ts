import type { CellResult, Failure, Strategy, Study } from '../protocol/prompts';
import { cellKey } from '../protocol/prompts';
import type { StrategyRow, StudySummary } from '../protocol/promptSummary';
import { comparePaired, holm, mean, median, wilson } from './statistics';
import { strategyId } from './strategy';

/** Below this many items nothing is claimed: an interval of a dozen items says next to nothing. */
export const fewestItems = 15;

const failures: readonly Failure[] = ['empty', 'format', 'wrong', 'cut', 'error'];

/** What came of a study's test items, per model and strategy. Results of an older prompt are left out by the caller. */
export function summarise(study: Study, results: ReadonlyMap<string, CellResult>): StudySummary {
  const rows = study.models.flatMap((model) => rowsOf(study, model.id, results));
  return {
    numItems: study.task.items.length,
    numRepeats: 1,
    fewestItems,
    rows,
    agreement: null,
    findings: findingsOf(rows),
  };
}

function rowsOf(study: Study, model: string, results: ReadonlyMap<string, CellResult>): StrategyRow[] {
  const strategies = study.strategies.map(strategyId);
  const cells = strategies.map((strategy) =>
    study.task.items.map((_, item) => results.get(cellKey({ strategy, item, model }))),
  );
  const baseline = cells[baselineIndex(study.strategies)] ?? [];
  const rows = cells.map((row, index): StrategyRow => {
    const done = row.filter((cell) => cell !== undefined);
    const judged = done.filter((cell) => cell.pass !== null);
    const passed = judged.filter((cell) => cell.pass).length;
    const formatted = done.filter((cell) => cell.formatKept !== null);
    return {
      strategy: strategies[index] as string,
      model,
      numDone: done.length,
      numJudged: judged.length,
      numPassed: passed,
      accuracy: judged.length === 0 ? null : passed / judged.length,
      interval: wilson(passed, judged.length),
      intervalBy: 'wilson',
      rank: null,
      rankBand: null,
      bestProbability: null,
      meanScore: null,
      scoreBaseline: null,
      stability: null,
      formatKept: formatted.length === 0 ? null : mean(formatted.map((cell) => Number(cell.formatKept))),
      promptTokens: mean(done.map((cell) => cell.numPromptTokens)),
      newTokens: mean(done.map((cell) => cell.numNewTokens)),
      milliseconds: median(done.map((cell) => cell.milliseconds)),
      price: priceOf(done),
      failures: Object.fromEntries(
        failures.map((kind) => [kind, done.filter((cell) => cell.failure === kind).length]),
      ) as Record<Failure, number>,
      versusZeroShot: row === baseline ? null : pairedWith(row, baseline),
    };
  });
  return corrected(rows);
}

/** What the answers cost together; null where nobody named a price. */
function priceOf(cells: readonly CellResult[]): number | null {
  const prices = cells.flatMap(({ price }) => (price === undefined ? [] : [price]));
  return prices.length === 0 ? null : prices.reduce((sum, price) => sum + price, 0);
}

/** Zero-shot where the study has it, else its plainest way. */
function baselineIndex(strategies: readonly Strategy[]): number {
  const weight = ({ shots, reasoning, role, format }: Strategy): number =>
    shots + 100 * (Number(reasoning) + Number(role) + Number(format));
  const weights = strategies.map(weight);
  return weights.indexOf(Math.min(...weights));
}

/** Only items that both ways have an opinion on. */
function pairedWith(
  row: readonly (CellResult | undefined)[],
  baseline: readonly (CellResult | undefined)[],
): StrategyRow['versusZeroShot'] {
  const both = row.flatMap((cell, item) => {
    const other = baseline[item];
    return cell && other && cell.pass !== null && other.pass !== null
      ? [[cell.pass, other.pass] as const]
      : [];
  });
  return both.length === 0
    ? null
    : comparePaired(
        both.map(([own]) => own),
        both.map(([, other]) => other),
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
