import type { StrategyRow, StudySummary } from '../protocol/promptSummary';
import type { Failure } from '../protocol/prompts';
import { filled } from '../report/filled';
import { baselineOf, percent, points, strategyName } from './sentences';
import type { Words } from './wording';

/** What to do for the best answers: for each model the winner, by how much, at what price; or what is missing to say so. */
export function advice(summary: StudySummary, words: Words): string[] {
  return summary.findings.flatMap(({ model, best, evidence }) => {
    const row = summary.rows.find((each) => each.model === model && each.strategy === best);
    const baseline = baselineOf(summary, model);
    if (!row || !baseline || row.numPassed === 0) {
      return [];
    }
    const said =
      evidence === 'fewItems'
        ? filled(words.adviseFewItems, row.numJudged, summary.fewestItems - row.numJudged)
        : evidence === 'baselineBest'
          ? filled(words.adviseBaseline, strategyName(best, words), percent(row.accuracy ?? 0))
          : evidence === 'clear'
            ? [clear(row, baseline, words), remaining(row, words)]
                .filter((each) => each !== '')
                .join(words.between)
            : unclear(row, baseline, words);
    return [`${model}: ${said}`];
  });
}

function clear(row: StrategyRow, baseline: StrategyRow, words: Words): string {
  const versus = row.versusZeroShot;
  return filled(
    words.adviseClear,
    strategyName(row.strategy, words),
    points(versus?.difference ?? 0),
    strategyName(baseline.strategy, words),
    points(versus?.interval.low ?? 0),
    points(versus?.interval.high ?? 0),
    signed(row.promptTokens + row.newTokens - baseline.promptTokens - baseline.newTokens),
    signed(row.milliseconds - baseline.milliseconds),
  );
}

function unclear(row: StrategyRow, baseline: StrategyRow, words: Words): string {
  const versus = row.versusZeroShot;
  const names = [strategyName(row.strategy, words), strategyName(baseline.strategy, words)] as const;
  const more = versus?.itemsNeeded ? versus.itemsNeeded - versus.numItems : null;
  return more === null
    ? filled(words.adviseUnclear, ...names)
    : filled(words.adviseMoreItems, ...names, rounded(more), points(versus?.difference ?? 0));
}

/** What the answers of the winner still get wrong. */
function remaining(row: StrategyRow, words: Words): string {
  const counts = Object.entries(row.failures) as [Failure, number][];
  const [failure, count] = counts.reduce((top, each) => (each[1] > top[1] ? each : top));
  return count === 0 ? '' : filled(words.adviseFailures, words.failures[failure], count, row.numDone);
}

/** Two figures are as much as an estimate of this kind bears. */
function rounded(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / step) * step;
}

function signed(value: number): string {
  const whole = Math.round(value);
  return whole > 0 ? `+${whole}` : whole < 0 ? `−${-whole}` : '±0';
}
