import { Ajv, type ErrorObject } from 'ajv';
import { type ProblemKind, type SuiteProblem } from './problems';
import { semanticProblems } from './semantics';
import { type Schema, schemasAt } from './schemaWalk';
import { type Path, type Span, YamlTree } from './yamlTree';

/** What a suite is checked against besides its own text. */
export interface SuiteContext {
  readonly schema: Schema;
  /** Ids of models that need no folder; none: models are not checked. */
  readonly models: readonly string[];
  /** Longest text that is checked; 20 MB without it. */
  readonly mostCharacters?: number;
}

const maxCharacters = 20_000_000;
/** A text that is longer is not looked through at every letter that is typed; a run reads it all the same. */
export const mostWhileTyping = 1_000_000;
/** More are not read by anybody, and drawing them takes long. */
const mostProblems = 500;

/** Everything that is wrong with a suite's text, with the exact places, in the order of the text. */
export function checkSuite(text: string, { schema, models, mostCharacters }: SuiteContext): SuiteProblem[] {
  const found: SuiteProblem[] = [];
  const add = (
    kind: ProblemKind,
    span: Span,
    severity: SuiteProblem['severity'],
    ...args: (string | number)[]
  ): void => {
    // Twenty times as many as are told: which of them come first in the text is known at the end.
    if (found.length < 20 * mostProblems) {
      found.push({ kind, args, severity, start: span.start, end: Math.max(span.end, span.start) });
    }
  };
  if (text.length > maxCharacters) {
    add('tooLong', { start: 0, end: Math.max(0, text.search(/\r?\n|$/)) }, 'error');
    return found;
  }
  if (text.length > (mostCharacters ?? maxCharacters)) {
    add('unchecked', { start: 0, end: Math.max(0, text.search(/\r?\n|$/)) }, 'hint');
    return found;
  }
  const tree = new YamlTree(text);
  const { errors } = tree.document;
  if (errors.length > 0) {
    for (const { message, pos } of errors) {
      const start = Math.min(pos[0], text.length);
      add('syntax', { start, end: Math.min(Math.max(pos[1], start + 1), text.length) }, 'error', message);
    }
    return ordered(found).slice(0, mostProblems);
  }
  const aliases = tree.aliases();
  if (aliases.length > 0) {
    aliases.forEach((span) => {
      add('alias', span, 'error');
    });
    return ordered(found).slice(0, mostProblems);
  }
  const value = tree.value();
  const isSuite =
    typeof value === 'object' &&
    value !== null &&
    'transformerScope' in value &&
    value.transformerScope === 1;
  if (!isSuite) {
    const span = tree.keySpan(['transformerScope']) ? tree.span(['transformerScope']) : tree.firstLine();
    add('notASuite', span, 'error');
    return found;
  }
  for (const { path, ...problem } of schemaProblems(schema, value)) {
    // What is missing is missing from the thing around it; what is too much is its own name.
    const span =
      problem.kind === 'missingKey'
        ? tree.headSpan(path)
        : problem.atKey
          ? (tree.keySpan(path) ?? tree.span(path))
          : tree.span(path);
    add(problem.kind, span, problem.severity, ...problem.args);
  }
  semanticProblems(tree, value as Readonly<Record<string, unknown>>, models, add);
  return ordered(found).slice(0, mostProblems);
}

function ordered(problems: readonly SuiteProblem[]): SuiteProblem[] {
  return [...problems].sort((a, b) => a.start - b.start || a.end - b.end);
}

interface Complaint {
  readonly kind: ProblemKind;
  readonly args: readonly (string | number)[];
  readonly severity: SuiteProblem['severity'];
  readonly path: Path;
  /** The name is what is wrong, not the value. */
  readonly atKey?: boolean;
}

const compiled = new WeakMap<object, ReturnType<Ajv['compile']>>();

function schemaProblems(schema: Schema, value: unknown): Complaint[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = new Ajv({ strict: false, allErrors: true, verbose: true }).compile(schema);
    compiled.set(schema, validate);
  }
  validate(withoutNulls(value));
  const complaints = new Map<string, Complaint>();
  for (const error of validate.errors ?? []) {
    if (complaints.size >= mostProblems) {
      break;
    }
    const complaint = complaintOf(schema, error, value);
    if (complaint) {
      // Each branch of a choice complains: one sentence says it for all.
      const key = JSON.stringify([
        complaint.path,
        complaint.kind.startsWith('unknownKey') ? complaint.args : '',
      ]);
      if (!complaints.has(key)) {
        complaints.set(key, complaint);
      }
    }
  }
  // What is wrong inside a value says more than that the value as a whole fits nothing.
  const all = [...complaints.values()];
  return all.filter(
    ({ kind, path }) =>
      kind !== 'wrongType' ||
      !all.some(
        (other) => other.path.length > path.length && path.every((step, index) => other.path[index] === step),
      ),
  );
}

function complaintOf(schema: Schema, error: ErrorObject, value: unknown): Complaint | undefined {
  const path = pathOf(error.instancePath, value);
  const params = error.params as Readonly<Record<string, unknown>>;
  const complaint = (kind: ProblemKind, ...args: (string | number)[]): Complaint => ({
    kind,
    args,
    severity: 'error',
    path,
  });
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = schemasAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {}));
      const meant = nearest(key, known);
      return {
        ...(meant === undefined ? complaint('unknownKey', key) : complaint('unknownKeyMeant', key, meant)),
        severity: 'warning',
        path: [...path, key],
        atKey: true,
      };
    }
    case 'required':
      return complaint('missingKey', String(params['missingProperty']));
    case 'enum':
      return complaint('notOneOf', (params['allowedValues'] as unknown[]).join(', '));
    case 'minimum':
    case 'maximum': {
      const { minimum, maximum } = error.parentSchema as Schema;
      return complaint('outOfRange', minimum ?? 0, maximum ?? '…');
    }
    case 'pattern':
      // The name of a field is complained about under `propertyNames`.
      return error.propertyName === undefined ? complaint('strategy') : undefined;
    case 'propertyNames':
      return { ...complaint('strategy'), path: [...path, String(params['propertyName'])], atKey: true };
    case 'type':
    case 'const':
    case 'oneOf':
    case 'minLength':
      return complaint('wrongType', typesAt(schema, path));
    default:
      return undefined;
  }
}

/** What may stand at a path, in words of JSON. */
function typesAt(schema: Schema, path: Path): string {
  const types = schemasAt(schema, path).flatMap(({ type, enum: values, const: only }) =>
    only !== undefined ? [JSON.stringify(only)] : values ? values.map(String) : (type ?? []),
  );
  return [...new Set(types)].join(', ');
}

/** A key without a value means what a missing one does, as the reader has it. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, withoutNulls(each)]])),
    );
  }
  return value;
}

function pathOf(pointer: string, root: unknown): Path {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(name) : name;
      value = (value as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}

/** No name that is known is nearly as long. */
const longestName = 100;

/** The name that was probably meant: at most a third of its letters are wrong. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > longestName) {
    return undefined;
  }
  const rated = known
    .map((each) => ({ each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = rated;
  return best && best.distance <= Math.ceil(best.each.length / 3) ? best.each : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
