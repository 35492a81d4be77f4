/** What an import or an export could not carry over, in sentences that are translated by whoever shows them. */

export const noteTexts = {
  provider: 'Provider “{0}”: the suite asks a bundled model in its place.',
  noTests: 'There are no tests: the prompt itself is the one item.',
  promptFunction: 'Prompt “{0}” is made by a program, which is not run.',
  fileMissing: 'File “{0}” could not be read, or lies outside the workspace.',
  fileKind: 'File “{0}” is of a kind that is not read.',
  key: '“{0}” has no counterpart and is left out.',
  testKey: 'Test {0}: “{1}” has no counterpart and is left out.',
  assertKind: 'Test {0}: assertion “{1}” has no counterpart; without it the answer is judged by hand.',
  assertSecond: 'Test {0}: assertion “{1}” is left out, for a suite has one scorer, here “{2}”.',
  assertFile: 'Test {0}: assertion “{1}” is a file, which is not run.',
  assertCase:
    'Assertion “{0}” told capital letters from small ones and spaces from none; the suite does not.',
  assertJson:
    'Assertion “contains-json” found JSON within a text; the suite wants the whole answer to be JSON.',
  manyPatterns: 'Test {0}: a suite has one regular expression; this one is left out: {1}',
  manyExpressions: 'Test {0}: a suite has one expression; this one is left out: {1}',
  template: 'Prompt {0}: its template could not be rendered: {1}',
  wholePrompt: 'Prompt {0}: several variables stand in it, so each item holds the whole prompt.',
  manyItems: 'Only the first {0} tests are carried over.',
  turns: 'Prompt {0}: its conversation is no series of solved examples and is written as one text.',
  scorerOut: 'Scorer “{0}” has no counterpart; the tests have no assertion.',
  scorerStrict: 'Scorer “exact” does not tell capital letters from small ones; “equals” does.',
  examplesFixed: 'Examples are chosen for each input here ({0}); each prompt there has the first ones.',
  seedOut: 'The sampling setting “{0}” has no counterpart and is left out.',
  editedOut: 'Prompts that were edited by hand are left out.',
  modelsThere: 'Model “{0}” has to be known to transformers.js by this name.',
  thresholdOut: 'The share of right answers that is needed is left out: every test must pass there.',
} as const;

export interface CarriedNote {
  readonly kind: keyof typeof noteTexts;
  readonly args: readonly (string | number)[];
}

/** A note as a sentence; `translate` is `vscode.l10n.t` where there is one. */
export function noteText(
  { kind, args }: CarriedNote,
  translate: (text: string, ...args: (string | number)[]) => string,
): string {
  return translate(noteTexts[kind], ...args);
}

/** Collects notes, each once. */
export class Notes {
  private readonly found = new Map<string, CarriedNote>();

  add(kind: CarriedNote['kind'], ...args: (string | number)[]): void {
    this.found.set(JSON.stringify([kind, ...args]), { kind, args });
  }

  get all(): CarriedNote[] {
    return [...this.found.values()];
  }
}
