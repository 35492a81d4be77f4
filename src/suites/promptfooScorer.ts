import { plainAnswer } from '../prompts/answers';
import { schemaProblem } from '../prompts/schemaCode';
import { patternProblem } from '../prompts/scorers';
import { renderTemplate } from '../prompts/templateInterpreter';
import type { Item, Scorer, ScorerKind, Task } from '../protocol/prompts';
import type { Notes } from './carriedNotes';
import { type PromptfooAssert, type PromptfooTest, fieldsOf, textOf } from './promptfooShapes';

/** Assertions that a scorer stands for. What has a threshold keeps it. */
const counterparts: Readonly<Record<string, ScorerKind>> = {
  equals: 'exact',
  contains: 'contains',
  icontains: 'contains',
  regex: 'regex',
  similar: 'similarity',
  javascript: 'javascript',
  'is-json': 'json',
  'contains-json': 'json',
};

export interface ScoredTests {
  readonly scorer: Scorer;
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** What each test expects, in their order; undefined where a person judges. */
  readonly expected: readonly Item['expected'][];
}

/** The scorer that most tests agree with. What the others say is told, and left out. */
export function scorerOf(tests: readonly PromptfooTest[], notes: Notes): ScoredTests {
  const counts = new Map<ScorerKind, number>();
  tests.forEach(({ assert }) => {
    new Set(assert.flatMap((each) => counterpartOf(each) ?? [])).forEach((kind) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    });
  });
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!best) {
    tellAll(tests, notes);
    return { scorer: { kind: 'manual' }, schema: undefined, expected: tests.map(() => undefined) };
  }
  const [kind] = best;
  let [pattern, schema, threshold]: [string | undefined, Task['format']['schema'], number | undefined] = [
    undefined,
    undefined,
    undefined,
  ];
  let expression: string | undefined;
  const expected = tests.map((test, index): string | undefined => {
    let found: string | undefined;
    let isTaken = false;
    for (const assert of test.assert) {
      if (counterpartOf(assert) !== kind || isTaken) {
        tell(assert, index, isTaken || counterpartOf(assert) !== undefined ? kind : undefined, notes);
        continue;
      }
      isTaken = true;
      const value = valueOf(assert, test);
      threshold ??= assert.threshold;
      if (kind === 'javascript') {
        expression ??= value;
        if (value !== expression) {
          isTaken = false;
          notes.add('manyExpressions', index + 1, value);
        }
      } else if (kind === 'regex') {
        pattern ??= patternProblem(value) === undefined ? value : undefined;
        // The pattern is the suite's; an item without an expected answer would be left to a person.
        found = value === pattern ? value : undefined;
        if (value !== pattern) {
          notes.add('manyPatterns', index + 1, value);
        }
      } else if (kind === 'json') {
        const own = fieldsOf(typeof assert.value === 'string' ? undefined : assert.value);
        schema ??= Object.keys(own).length > 0 && schemaProblem(own) === undefined ? own : undefined;
      } else {
        found = value;
      }
      if (assert.type === 'contains' || assert.type === 'equals') {
        notes.add('assertCase', assert.type);
      } else if (assert.type === 'contains-json') {
        notes.add('assertJson');
      }
    }
    return found;
  });
  const scorer = {
    kind,
    ...(pattern === undefined ? {} : { pattern }),
    ...(expression === undefined ? {} : { expression }),
    ...(kind === 'similarity' ? { threshold: threshold ?? 0.75 } : {}),
  };
  return { scorer, schema, expected };
}

/** Programs are carried over where they are one expression of the answer alone: a suite knows no more of them. */
function counterpartOf({ type, value }: PromptfooAssert): ScorerKind | undefined {
  if (type !== 'javascript') {
    return counterparts[type];
  }
  const text = textOf(value).trim();
  const isExpression = /\boutput\b/.test(text) && !/\n|;|^file:|\breturn\b|\bcontext\b|\{\{/.test(text);
  return isExpression ? 'javascript' : undefined;
}

function tellAll(tests: readonly PromptfooTest[], notes: Notes): void {
  tests.forEach(({ assert }, index) => {
    assert.forEach((each) => {
      tell(each, index, undefined, notes);
    });
  });
}

function tell(
  { type, value }: PromptfooAssert,
  index: number,
  kind: ScorerKind | undefined,
  notes: Notes,
): void {
  if (typeof value === 'string' && value.startsWith('file://')) {
    notes.add('assertFile', index + 1, value);
  } else if (kind === undefined) {
    notes.add('assertKind', index + 1, type);
  } else {
    notes.add('assertSecond', index + 1, type, kind);
  }
}

/** Variables may stand in what is expected, too. */
function valueOf({ value }: PromptfooAssert, { vars }: PromptfooTest): string {
  const text =
    typeof value === 'object' && value !== null
      ? plainAnswer(value as Record<string, string>)
      : textOf(value);
  if (!text.includes('{{')) {
    return text;
  }
  try {
    return renderTemplate(text, { ...vars });
  } catch {
    return text;
  }
}
