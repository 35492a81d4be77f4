/** Files beside a configuration; undefined for what cannot be read, or lies outside what may be. */
export type ReadBeside = (path: string) => Promise<string | undefined>;

export interface PromptfooAssert {
  readonly type: string;
  readonly value?: unknown;
  readonly threshold?: number;
}

/** One test with its values in place: what is common to all tests is already part of it. */
export interface PromptfooTest {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly assert: readonly PromptfooAssert[];
  readonly prefix: string;
  readonly suffix: string;
  /** Names of what it has beyond that. */
  readonly left: readonly string[];
}

export type Fields = Readonly<Record<string, unknown>>;

/** Anchors that a configuration may name; a hundred of them can already stand for a million values. */
export const mostAliases = 100;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A value as text: YAML makes `Yes` a word and `1` a number, a prompt makes both text again. */
export function textOf(value: unknown): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
