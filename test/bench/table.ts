/** A table for a terminal: first column left, numbers right. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): void {
  const cells = [head, ...rows.map((row) => row.map(show))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const row of cells) {
    const padded = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${padded.join('   ')}`);
  }
}

function show(value: string | number | undefined): string {
  if (value === undefined) {
    return '–';
  }
  return typeof value === 'string' || Number.isInteger(value)
    ? String(value)
    : value.toFixed(value >= 100 ? 0 : 1);
}
