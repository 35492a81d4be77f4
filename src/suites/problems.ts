/** What can be wrong with a suite's text, and where. Every sentence is translated by whoever shows it. */

export const problemTexts = {
  syntax: 'This is not YAML: {0}',
  alias: 'Anchors and aliases are not read here; write the value out.',
  tooLong: 'The file is longer than 20 MB.',
  unchecked: 'The file is longer than 1 MB: it is not checked while it is written, only when it is run.',
  notASuite: 'The file must begin with “transformerScope: 1”.',
  missingKey: '“{0}” is missing.',
  unknownKey: '“{0}” is not known here and is ignored.',
  unknownKeyMeant: '“{0}” is not known here and is ignored. Did you mean “{1}”?',
  wrongType: 'Expected here: {0}.',
  notOneOf: 'Expected here: one of {0}.',
  outOfRange: 'Expected here: a number from {0} to {1}.',
  strategy:
    'This is not a way of asking. Expected: zero-shot, one-shot or few-shot-N, then +reasoning, +role, +format.',
  schema: 'This is not a JSON Schema: {0}',
  pattern: 'This is not a regular expression: {0}',
  noPattern: 'The scorer “regex” needs a pattern.',
  unknownLabel: '“{0}” is not among the labels: {1}.',
  duplicateItem: 'This input is already tested in line {0}.',
  duplicateExample: 'This example is already given in line {0}.',
  itemIsExample: 'This input is also an example (line {0}): a model that is shown its answer is not tested.',
  conflictingItem: 'This input is tested in line {0} too, and another answer is right there.',
  duplicateStrategy: 'This way of asking is already listed.',
  tooFewExamples: '“{0}” asks for {1} examples, but there are {2}.',
  noReasoning: '“{0}” shows steps, but no example has “reasoning”.',
  fewItems: 'With fewer than {0} items nothing can be claimed; there are {1}.',
  notExpected: 'Without “expected”, the scorer “{0}” cannot judge this item.',
  choiceNeedsLabels: 'The scorer “choice” needs at least two labels.',
  thresholdUnused: '“{0}” is not among the ways of asking of this suite.',
  unknownModel: 'There is no bundled model “{0}”. Known: {1}. For any other model, state its folder.',
} as const;

export type ProblemKind = keyof typeof problemTexts;

export interface SuiteProblem {
  readonly kind: ProblemKind;
  readonly args: readonly (string | number)[];
  readonly severity: 'error' | 'warning' | 'hint';
  /** UTF-16 offsets into the text; `end` is beyond the last one. */
  readonly start: number;
  readonly end: number;
}

/** A sentence with its places filled; `translate` is `vscode.l10n.t` where there is one. */
export function problemText(
  { kind, args }: Pick<SuiteProblem, 'kind' | 'args'>,
  translate: (text: string, ...args: (string | number)[]) => string,
): string {
  return translate(problemTexts[kind], ...args);
}
