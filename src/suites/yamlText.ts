import { Document, type Node, Scalar, isScalar, isSeq, visit } from 'yaml';

/** How a value is written: on lines of its own, or between braces on one. */
export type Style = 'block' | 'flow';

/**
 * A value as YAML text, without a line break at its end. In block style its further lines are indented by `indent`
 * spaces; the first is not, since it stands behind a key or a dash.
 * @param like a scalar whose quotes are kept where the new text allows it
 */
export function yamlText(value: unknown, style: Style, indent: number, like?: Node): string {
  if (style === 'flow') {
    const wasPlain = isScalar(like) && like.type === Scalar.PLAIN;
    return wasPlain && typeof value === 'string' && isWord(value) ? value : flowText(value);
  }
  const document = new Document(value);
  const { contents } = document;
  if (isScalar(contents) && isScalar(like) && typeof contents.value === 'string' && like.type) {
    const fits =
      like.type !== Scalar.PLAIN && like.type.startsWith('QUOTE') && !contents.value.includes('\n');
    if (fits) {
      contents.type = like.type;
    }
  }
  // Short lists of words stay in one line, as people write labels and ways of asking.
  visit(document, {
    Seq: (_, node) => {
      const isShort =
        node.items.length <= 8 &&
        node.items.every((item) => isScalar(item) && String(item.value).length <= 24);
      node.flow = isShort;
    },
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false }).replace(/\n$/, '');
  const isBlock = isSeq(contents) ? contents.flow !== true : !isScalar(contents);
  return (isBlock ? text.trimEnd() : text)
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(indent) + line))
    .join('\n');
}

/** One line: JSON is YAML too, with spaces as people set them and without quotes on names. */
function flowText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(flowText).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, each]) => `${flowKey(key)}: ${flowText(each)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return JSON.stringify(value);
}

function flowKey(key: string): string {
  return /^[A-Za-z][\w-]*$/.test(key) && !/^(true|false|null|yes|no|on|off)$/i.test(key)
    ? key
    : JSON.stringify(key);
}

/** Whether a text reads as itself without quotes, wherever it stands. */
export function isWord(text: string): boolean {
  return (
    /^\p{L}(?:[\p{L}\p{N} _-]*[\p{L}\p{N}_-])?$/u.test(text) &&
    !/^(true|false|null|yes|no|on|off)$/i.test(text)
  );
}

/** A name as it stands before a colon. */
export function keyAsYaml(key: string): string {
  return flowKey(key);
}
