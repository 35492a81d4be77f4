import type { Path } from './yamlTree';

/** Where a cursor stands in a suite that is being written, hence often broken. */
export interface CursorPlace {
  /** Of the value that the cursor is in or, at a key, of the map that the key belongs to. */
  readonly path: Path;
  readonly at: 'key' | 'value';
  /** What has been typed of it, and where that begins. */
  readonly typed: string;
  readonly start: number;
  /** Keys that the map has already. */
  readonly present: readonly string[];
  /** Between braces or brackets. */
  readonly inFlow: boolean;
  /** The cursor's line continues an element of a list: `- ` stands before it. */
  readonly afterDash: boolean;
}

interface Line {
  readonly indent: number;
  /** Columns of the dashes that begin the line. */
  readonly dashes: readonly number[];
  readonly key: string | undefined;
  readonly text: string;
}

/**
 * Reads the lines around an offset by their indentation, the way a person does: a parser would refuse most texts
 * in which something is just being typed.
 */
export function cursorPlace(text: string, offset: number): CursorPlace {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const lines = text.slice(0, lineStart).split('\n').slice(0, -1).map(readLine);
  const own = readLine(before);
  const flow = flowPlace(text, lineStart, offset);
  if (flow) {
    return { ...flow, path: [...blockPath(lines, own), ...flow.inside], inFlow: true, afterDash: false };
  }
  const after = text.slice(offset).split('\n').slice(1);
  const content = before.slice(contentColumn(own));
  const isValue = own.key !== undefined;
  const typed = isValue ? content.slice(content.indexOf(':') + 1).trimStart() : content;
  const path = blockPath(lines, own);
  return {
    // A key that is being written has no place of its own yet.
    path,
    at: isValue ? 'value' : 'key',
    typed,
    start: offset - typed.length,
    present: isValue ? [] : siblings(lines, own, after.map(readLine)),
    inFlow: false,
    afterDash: own.dashes.length > 0,
  };
}

function readLine(text: string): Line {
  const plain = text.replace(/\r$/, '');
  const dashes: number[] = [];
  let column = /^ */.exec(plain)?.[0].length ?? 0;
  const indent = column;
  for (
    let found = /^-(?: +|$)/.exec(plain.slice(column));
    found;
    found = /^-(?: +|$)/.exec(plain.slice(column))
  ) {
    dashes.push(column);
    column += found[0].length;
  }
  // What a bare key may hold has its blanks in it: tried apart, they would be counted again from each of them.
  const key = /^(?:(?:"([^"]*)"|'([^']*)')\s*|([^\s#:{}[\],&*!|>'"%@`][^#:{}[\],]*)):(?:\s|$)/.exec(
    plain.slice(column),
  );
  return { indent, dashes, key: key ? (key[1] ?? key[2] ?? key[3]?.trimEnd()) : undefined, text: plain };
}

/** Where what a line says begins, behind its dashes. */
function contentColumn({ indent, dashes, text }: Line): number {
  const last = dashes.at(-1);
  if (last === undefined) {
    return indent;
  }
  return last + (/^-( *)/.exec(text.slice(last))?.[0].length ?? 1);
}

/** The path down to a line: its own key where it has one. */
function blockPath(lines: readonly Line[], own: Line): (string | number)[] {
  const path: (string | number)[] = own.key === undefined ? [] : [own.key];
  let column = contentColumn(own);
  let line = own;
  for (let index = lines.length; ;) {
    // Elements that this line itself begins.
    for (const dash of [...line.dashes].reverse()) {
      if (dash < column) {
        path.unshift(elementsBefore(lines, index, dash));
        column = dash;
      }
    }
    // The nearest line above that stands further to the left; a list may stand under its key without more space.
    const isList = line.dashes.length > 0 && column === line.dashes[0];
    do {
      index--;
    } while (index >= 0 && !isAbove(lines[index]!, column, isList));
    if (index < 0) {
      return path;
    }
    line = lines[index]!;
    const at = contentColumn(line);
    if (line.key !== undefined && (at < column || isList)) {
      path.unshift(line.key);
      column = at;
    } else {
      column = Math.min(column, at);
    }
  }
}

function isAbove(line: Line, column: number, isList: boolean): boolean {
  if (line.text.trim() === '' || line.text.trimStart().startsWith('#')) {
    return false;
  }
  const at = contentColumn(line);
  const isKeyOfList = isList && line.key !== undefined && at === column && line.dashes.length === 0;
  return isKeyOfList || (line.key !== undefined && at < column) || (line.dashes[0] ?? column) < column;
}

/** How many elements of the same list stand above. */
function elementsBefore(lines: readonly Line[], index: number, dash: number): number {
  let count = 0;
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at]!;
    if (line.text.trim() === '' || line.text.trimStart().startsWith('#')) {
      continue;
    }
    if (line.dashes.includes(dash)) {
      count++;
    }
    if (line.indent < dash && !line.dashes.includes(dash)) {
      break;
    }
    if (line.indent === dash && line.dashes.length === 0) {
      break;
    }
  }
  return count;
}

/** Keys of the same map, above and below. */
function siblings(above: readonly Line[], own: Line, below: readonly Line[]): string[] {
  const column = contentColumn(own);
  const found: string[] = [];
  if (own.dashes.length === 0) {
    for (const line of [...above].reverse()) {
      if (line.text.trim() !== '' && contentColumn(line) < column) {
        break;
      }
      if (line.key !== undefined && contentColumn(line) === column) {
        found.push(line.key);
        if (line.dashes.length > 0) {
          break;
        }
      }
    }
  }
  for (const line of below) {
    if (line.text.trim() !== '' && (line.indent < column || line.dashes.length > 0)) {
      break;
    }
    if (line.key !== undefined && contentColumn(line) === column) {
      found.push(line.key);
    }
  }
  return found;
}

/** The place within braces and brackets that were opened in the cursor's line. */
function flowPlace(
  text: string,
  lineStart: number,
  offset: number,
): (Pick<CursorPlace, 'at' | 'typed' | 'start' | 'present'> & { inside: (string | number)[] }) | undefined {
  interface Level {
    readonly kind: '{' | '[';
    index: number;
    key: string | undefined;
    readonly keys: string[];
    start: number;
  }
  const levels: Level[] = [];
  let quote = '';
  for (let at = lineStart; at < offset; at++) {
    const letter = text[at]!;
    const top = levels.at(-1);
    if (quote !== '') {
      quote = letter === quote && text[at - 1] !== '\\' ? '' : quote;
    } else if ((letter === '"' || letter === "'") && /[\s:{[,-]/.test(text[at - 1] ?? ' ')) {
      quote = letter;
    } else if (
      (letter === '{' || letter === '[') &&
      (top !== undefined || /[\s:-]/.test(text[at - 1] ?? ' '))
    ) {
      levels.push({ kind: letter, index: 0, key: undefined, keys: [], start: at + 1 });
    } else if (top && (letter === '}' || letter === ']')) {
      levels.pop();
    } else if (top && letter === ',') {
      top.index++;
      top.key = undefined;
      top.start = at + 1;
    } else if (top?.kind === '{' && letter === ':' && top.key === undefined) {
      top.key = text
        .slice(top.start, at)
        .trim()
        .replace(/^["']|["']$/g, '');
      top.keys.push(top.key);
      top.start = at + 1;
    }
  }
  const top = levels.at(-1);
  if (!top) {
    return undefined;
  }
  const typed = text.slice(top.start, offset).trimStart();
  const inside = levels.flatMap(({ kind, index, key }, depth): (string | number)[] =>
    kind === '['
      ? [index]
      : key !== undefined && (depth < levels.length - 1 || top.key !== undefined)
        ? [key]
        : [],
  );
  const isValue = top.kind === '[' || top.key !== undefined;
  return {
    inside,
    at: isValue ? 'value' : 'key',
    typed,
    start: offset - typed.length,
    present: isValue ? [] : top.keys,
  };
}
