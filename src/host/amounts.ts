import * as vscode from 'vscode';

/** Bytes as people read them, in the reader's language: 86.4 MB. Decimal, as hubs and disks count. */
export function amountOf(bytes: number): string {
  const [unit, size] =
    bytes >= 1e9
      ? (['gigabyte', 1e9] as const)
      : bytes >= 1e6
        ? (['megabyte', 1e6] as const)
        : (['kilobyte', 1e3] as const);
  const value = bytes / size;
  return number(value, unit, value < 100 && unit !== 'kilobyte' ? 1 : 0);
}

/** Seconds as people read them: 12 s, 3 min, 2 h. */
export function durationOf(seconds: number): string {
  if (seconds < 90) {
    return number(Math.max(1, seconds), 'second', 0);
  }
  return seconds < 5400 ? number(seconds / 60, 'minute', 0) : number(seconds / 3600, 'hour', 1);
}

function number(value: number, unit: string, digits: number): string {
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(vscode.env.language, options).format(value);
}
