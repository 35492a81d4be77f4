import type { StudySummary } from '../protocol/promptSummary';
import { escaped } from '../report/document';
import { count, percent, strategyName } from './sentences';
import type { Words } from './wording';

/** Accuracy of each way with its interval, as SVG. Colours follow the reader's (`currentColor`). */
export function accuracyChart(summary: StudySummary, words: Words): string {
  const rows = summary.rows.filter((row) => row.accuracy !== null);
  const several = new Set(rows.map((row) => row.model)).size > 1;
  const [left, width, step] = [230, 420, 26];
  const height = rows.length * step + 24;
  const x = (share: number): string => (left + share * width).toFixed(1);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${x(share)}" x2="${x(share)}" y1="0" y2="${height - 20}" stroke="currentColor" stroke-opacity="0.2"/>` +
      `<text x="${x(share)}" y="${height - 5}" text-anchor="middle">${percent(share)}</text>`,
  );
  const bars = rows.map((row, index) => {
    const y = index * step + 13;
    const name = strategyName(row.strategy, words) + (several ? ` · ${row.model}` : '');
    const { low, high } = row.interval;
    return (
      `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="${left}" y="${y - 7}" width="${((row.accuracy ?? 0) * width).toFixed(1)}" height="14" fill="#3b82c4"/>` +
      `<path d="M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 4}v8M${x(high)} ${y - 4}v8" stroke="currentColor" stroke-width="1.5" fill="none"/>` +
      `<text x="${left + width + 8}" y="${y + 4}">${percent(row.accuracy ?? 0)} (${count(row.numPassed)}/${row.numJudged})</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 110} ${height}" width="${left + width + 110}" ` +
    `role="img" aria-label="${escaped(words.chartTitle)}" font-size="12" font-family="sans-serif" fill="currentColor">` +
    `${grid.join('')}${bars.join('')}</svg>`
  );
}

/** The same for a place that shows only text. */
export function textChart(summary: StudySummary, words: Words): string {
  const rows = summary.rows.filter((row) => row.accuracy !== null);
  const names = rows.map((row) => `${strategyName(row.strategy, words)} · ${row.model}`);
  const wide = Math.max(0, ...names.map(columns));
  const cells = 40;
  return rows
    .map((row, index) => {
      const name = names[index] as string;
      const bar = Array.from({ length: cells }, (_, cell) => {
        const at = (cell + 0.5) / cells;
        if (at < (row.accuracy ?? 0)) {
          return '█';
        }
        return at < row.interval.high ? '░' : ' ';
      }).join('');
      return `${name}${' '.repeat(wide - columns(name))} │${bar}│ ${percent(row.accuracy ?? 0)}`;
    })
    .join('\n');
}

/** Columns in a fixed-width font, where Chinese characters take two. */
function columns(text: string): number {
  return [...text].reduce((sum, char) => sum + (/[\u2e80-\uffef]/.test(char) ? 2 : 1), 0);
}
