import { isMap, isScalar, isSeq } from 'yaml';
import { presetTask } from '../prompts/presets';
import { taskKinds } from '../protocol/prompts';
import { type Schema, descriptionAt, schemasAt } from './schemaWalk';
import { type Path, type Span, YamlTree, keyText } from './yamlTree';

export interface SuiteHover extends Span {
  /** Dotted, as a person would name it. */
  readonly name: string;
  readonly description: string;
  /** What may stand here, where the schema lists it. */
  readonly values: readonly string[];
  /** What it is when the suite does not say it. */
  readonly usual?: string;
}

/** What the name or the value under an offset is for. */
export function hoverSuite(text: string, offset: number, schema: Schema): SuiteHover | undefined {
  const tree = new YamlTree(text);
  const found = pathAt(tree, offset);
  const description = found && descriptionAt(schema, found.path);
  if (!found || description === undefined) {
    return undefined;
  }
  const usual = usualValue(tree, found.path, schema);
  return {
    ...found.span,
    name: found.path.filter((step) => typeof step === 'string').join('.'),
    description,
    values: schemasAt(schema, found.path).flatMap(({ enum: values, examples }) =>
      [...(values ?? []), ...(examples ?? [])].map(String),
    ),
    ...(usual === undefined ? {} : { usual }),
  };
}

/** The innermost name or single value at an offset. */
function pathAt(tree: YamlTree, offset: number): { path: Path; span: Span } | undefined {
  const visit = (node: unknown, path: Path): { path: Path; span: Span } | undefined => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const own = [...path, keyText(key)];
        const span = tree.keySpan(own);
        if (span && offset >= span.start && offset <= span.end) {
          return { path: own, span };
        }
        const inside = visit(value, own);
        if (inside) {
          return inside;
        }
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const inside = visit(item, [...path, index]);
        if (inside) {
          return inside;
        }
      }
    } else if (isScalar(node) && node.range && offset >= node.range[0] && offset <= node.range[1]) {
      return { path, span: { start: node.range[0], end: node.range[1] } };
    }
    return undefined;
  };
  return visit(tree.document.contents, []);
}

/** What the task's kind, or the format itself, puts in place of what is left out. */
function usualValue(tree: YamlTree, path: Path, schema: Schema): string | undefined {
  const [first, ...rest] = path;
  const isOfTask = first === 'task' && rest.length > 0 && rest.every((step) => typeof step === 'string');
  if (isOfTask && rest[0] !== 'kind' && rest[0] !== 'language') {
    const root = tree.value() as { task?: { kind?: unknown; language?: unknown } } | undefined;
    const kind = taskKinds.find((each) => each === root?.task?.kind);
    let value: unknown = kind && presetTask(kind, root?.task?.language === 'zh' ? 'zh' : 'en');
    for (const step of rest) {
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
    }
    return typeof value === 'string' && value !== '' ? value : undefined;
  }
  const usual = schemasAt(schema, path).find((each) => each.default !== undefined)?.default;
  return usual === undefined ? undefined : String(usual);
}
