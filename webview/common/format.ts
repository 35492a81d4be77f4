/** Fills `{0}`, `{1}` … of a translated string; a hole without a value stays visible. */
export function fill(template: string, ...values: readonly (string | number)[]): string {
  // One pass, so that a value that itself contains `{1}` (document text may) is left alone.
  return template.replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
}

/** A weight with four decimals; what would round to zero says so. */
export function formatWeight(weight: number): string {
  return weight > 0 && weight < 0.00005 ? '<0.0001' : weight.toFixed(4);
}

/** Milliseconds: whole from 10 on, one decimal below. */
export function formatMilliseconds(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1);
}
