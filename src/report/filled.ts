/** The languages that a report can be written in. */
export type ReportLanguage = 'en' | 'zh';

/** Fills `{0}`, `{1}` … in one pass, so that a value that itself has braces is left alone. */
export function filled(template: string, ...values: readonly (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
}
