import { type Document, YAMLParseError, isMap, isScalar, isSeq, parseDocument } from 'yaml';

/**
 * YAML of a suite, which comes with whatever folder is opened: a text is measured before it is read, nesting that is
 * too deep is an error like any other, and keys are compared in one pass (the library compares each with each).
 */

const longest = 20_000_000;
/** Signs that may begin a node. A node takes some hundred bytes, so that these bound the memory. */
const mostSigns = 1_000_000;
/** The library unwinds its own recursion slowly. */
const mostOpen = 1000;
const mostInLine = 500;
const beginsNode = new Set([...'\n\r,:[{?'].map((sign) => sign.charCodeAt(0)));
/** Deeper than any suite is; readers and writers call themselves for each level. */
const deepest = 100;

/** The text as a tree. It throws nothing: whatever is wrong stands in `errors`, with its place. */
export function yamlDocument(text: string, keepSourceTokens = false): Document.Parsed {
  const options = { keepSourceTokens, prettyErrors: false, uniqueKeys: false };
  if (text.length > longest || signsOf(text) > mostSigns) {
    return failed('more values than are read');
  }
  let document: Document.Parsed;
  try {
    document = parseDocument(text, options);
  } catch (error) {
    // The library's own recursion.
    return failed(error instanceof RangeError ? 'nested too deeply' : String(error));
  }
  if (document.errors.length === 0) {
    check(document);
  }
  return document;
}

/**
 * The value that a text stands for; aliases are not read.
 * @throws {Error} with a sentence, for what is no YAML
 */
export function yamlValue(text: string, maxAliasCount = 0): unknown {
  const document = yamlDocument(text);
  const [error] = document.errors;
  if (error) {
    throw error;
  }
  return document.toJS({ maxAliasCount }) as unknown;
}

function signsOf(text: string): number {
  let count = 0;
  let open = 0;
  let inLine = 0;
  for (let at = 0; at < text.length && count <= mostSigns; at++) {
    const code = text.charCodeAt(at);
    count += Number(beginsNode.has(code));
    // 91 and 93 are brackets, 123 and 125 braces: so many that stay open are no text either.
    open += Number(code === 91 || code === 123) - Number(code === 93 || code === 125);
    // Colons, dashes and question marks with a blank behind them may each be a level of one line.
    const blank = text.charCodeAt(at + 1);
    const isLevel = (code === 58 || code === 45 || code === 63) && (blank === 32 || blank === 9);
    inLine = code === 10 ? 0 : inLine + Number(isLevel);
    if (open > mostOpen || inLine > mostInLine) {
      return Infinity;
    }
  }
  return count;
}

/** Adds what the library was told not to look for. */
function check(document: Document.Parsed): void {
  const waiting: { readonly node: unknown; readonly depth: number }[] = [
    { node: document.contents, depth: 0 },
  ];
  const complain = (node: unknown, code: 'DUPLICATE_KEY' | 'IMPOSSIBLE', message: string): void => {
    const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
    document.errors.push(new YAMLParseError([range?.[0] ?? 0, range?.[1] ?? 0], code, message));
  };
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next;
    if (depth > deepest) {
      complain(node, 'IMPOSSIBLE', 'nested too deeply');
      return;
    }
    if (isSeq(node)) {
      node.items.forEach((each) => waiting.push({ node: each, depth: depth + 1 }));
    } else if (isMap(node)) {
      const keys = new Set<unknown>();
      for (const { key, value } of node.items) {
        if (isScalar(key)) {
          if (keys.has(key.value)) {
            complain(key, 'DUPLICATE_KEY', 'Map keys must be unique');
          }
          keys.add(key.value);
        }
        waiting.push({ node: key, depth: depth + 1 }, { node: value, depth: depth + 1 });
      }
    }
  }
}

function failed(message: string): Document.Parsed {
  const document = parseDocument('');
  document.errors.push(new YAMLParseError([0, 0], 'IMPOSSIBLE', message));
  return document;
}
