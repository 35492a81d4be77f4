import type { StrategyRow, StudySummary } from '../protocol/promptSummary';
import { escaped } from '../report/document';
import { points, strategyName } from './sentences';
import type { Words } from './wording';

type Compared = StrategyRow & { readonly versusZeroShot: NonNullable<StrategyRow['versusZeroShot']> };

/** Difference of each way to the plainest one with its interval, as SVG; null where nothing is compared. */
export function differenceChart(summary: StudySummary, words: Words): string | null {
  const rows = comparedRows(summary);
  if (rows.length === 0) {
    return null;
  }
  const [left, width, step] = [230, 420, 26];
  const height = rows.length * step + 24;
  const ends = rows.flatMap(({ versusZeroShot: { interval } }) => [
    Math.abs(interval.low),
    Math.abs(interval.high),
  ]);
  const widest = Math.min(1, Math.ceil(4 * Math.max(0.25, ...ends)) / 4);
  const x = (value: number): string => (left + (width * (value / widest + 1)) / 2).toFixed(1);
  const grid = [-widest, 0, widest].map(
    (value) =>
      `<line x1="${x(value)}" x2="${x(value)}" y1="0" y2="${height - 20}" stroke="currentColor" stroke-opacity="${value === 0 ? 0.7 : 0.2}"/>` +
      `<text x="${x(value)}" y="${height - 5}" text-anchor="middle">${points(value)}</text>`,
  );
  const marks = rows.map((row, index) => {
    const y = index * step + 13;
    const { difference, interval } = row.versusZeroShot;
    const [low, high] = [x(interval.low), x(interval.high)];
    return (
      `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${escaped(nameOf(row, summary, words))}</text>` +
      `<path d="M${low} ${y}H${high}M${low} ${y - 4}v8M${high} ${y - 4}v8" stroke="currentColor" stroke-width="1.5" fill="none"/>` +
      `<circle cx="${x(difference)}" cy="${y}" r="4" fill="#3b82c4"/>` +
      `<text x="${left + width + 8}" y="${y + 4}">${points(difference)}</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 110} ${height}" width="${left + width + 110}" ` +
    `role="img" aria-label="${escaped(words.chartDifference)}" font-size="12" font-family="sans-serif" fill="currentColor">` +
    `${grid.join('')}${marks.join('')}</svg>`
  );
}

/** The same for a place that shows only text: one line per way. */
export function differenceText(summary: StudySummary, words: Words): string {
  return comparedRows(summary)
    .map((row) => {
      const { difference, interval } = row.versusZeroShot;
      return `${nameOf(row, summary, words)}: ${points(difference)} (${points(interval.low)} … ${points(interval.high)})`;
    })
    .join('\n');
}

function comparedRows(summary: StudySummary): Compared[] {
  return summary.rows.filter((row): row is Compared => row.versusZeroShot !== null);
}

function nameOf(row: StrategyRow, summary: StudySummary, words: Words): string {
  const several = new Set(summary.rows.map(({ model }) => model)).size > 1;
  return strategyName(row.strategy, words) + (several ? ` · ${row.model}` : '');
}
