import { presetTask } from '../prompts/presets';
import { taskKinds } from '../protocol/prompts';
import { cursorPlace } from './cursorPlace';
import { type Schema, descriptionAt, resolved, schemasAt } from './schemaWalk';
import type { SuiteContext } from './checkSuite';
import { isWord } from './yamlText';
import { YamlTree } from './yamlTree';

export interface Completion {
  readonly label: string;
  /** What is written in its place; `$0` is where the cursor goes. */
  readonly insert: string;
  /** Offset at which what has been typed of it begins. */
  readonly start: number;
  readonly kind: 'key' | 'value';
  readonly description?: string;
  /** Stands before others that are as near. */
  readonly isRequired?: boolean;
}

/** What can be written at an offset. */
export function completeSuite(text: string, offset: number, { schema, models }: SuiteContext): Completion[] {
  const place = cursorPlace(text, offset);
  if (place.at === 'key') {
    const maps = schemasAt(schema, place.path);
    const keys = maps.flatMap((map) => keysOf(schema, map, place.inFlow));
    const values = place.afterDash ? valuesAt(text, place.path, { schema, models }) : [];
    return [
      ...unique(keys)
        .filter(({ label }) => !place.present.includes(label))
        .map((key) => ({ ...key, start: place.start })),
      ...values.map((value) => ({ ...value, start: place.start })),
    ];
  }
  return valuesAt(text, place.path, { schema, models }).map((value) => ({ ...value, start: place.start }));
}

type Offered = Omit<Completion, 'start'>;

function keysOf(root: Schema, map: Schema, inFlow: boolean): Offered[] {
  return Object.entries(map.properties ?? {}).map(([label, property]) => {
    const own = resolved(root, property);
    const type = own.oneOf ? resolved(root, own.oneOf[0]!).type : own.type;
    return {
      label,
      insert: `${label}:${afterKey(type, inFlow, own)}`,
      kind: 'key',
      isRequired: map.required?.includes(label) ?? false,
      ...(own.description === undefined ? {} : { description: own.description }),
    };
  });
}

function afterKey(type: Schema['type'], inFlow: boolean, { const: only }: Schema): string {
  if (only !== undefined) {
    return ` ${String(only)}`;
  }
  if (inFlow) {
    return type === 'array' ? ' [$0]' : type === 'object' ? ' { $0 }' : ' $0';
  }
  return type === 'array' ? '\n  - $0' : type === 'object' ? '\n  $0' : ' $0';
}

function valuesAt(
  text: string,
  path: readonly (string | number)[],
  { schema, models }: SuiteContext,
): Offered[] {
  const description = descriptionAt(schema, path);
  const value = (label: string): Offered => ({
    label,
    insert: label,
    kind: 'value',
    ...(description === undefined ? {} : { description }),
  });
  const [first, second] = path;
  const last = path.at(-1);
  if (first === 'models' && (path.length === 2 || last === 'id')) {
    return models.map(value);
  }
  const answers =
    first === 'task' &&
    ((second === 'items' && last === 'expected') || (second === 'examples' && last === 'output'));
  if (answers) {
    return labelsOf(text).map((label) => value(isWord(label) ? label : JSON.stringify(label)));
  }
  return unique(
    schemasAt(schema, path).flatMap(({ enum: values, examples, const: only, default: usual }) =>
      [
        ...(values ?? []),
        ...(examples ?? []),
        ...(only === undefined ? [] : [only]),
        ...(usual === undefined ? [] : [usual]),
      ].map((each) => value(String(each))),
    ),
  );
}

/** The labels of the task, as written or as its kind has them. */
function labelsOf(text: string): readonly string[] {
  const root = new YamlTree(text).value();
  const task = fieldsOf(fieldsOf(root)['task']);
  if (Array.isArray(task['labels'])) {
    return task['labels'].map(String);
  }
  const kind = taskKinds.find((each) => each === task['kind']);
  return kind ? presetTask(kind, task['language'] === 'zh' ? 'zh' : 'en').labels : [];
}

function unique(offered: readonly Offered[]): Offered[] {
  return [...new Map(offered.map((each) => [each.label, each])).values()];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
