import { type Document, type Node, type Pair, type YAMLMap, isAlias, isMap, isScalar, isSeq } from 'yaml';
import { yamlDocument } from '../prompts/yamlDocument';

/** Where a value stands in a text, in UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Path = readonly (string | number)[];

/** A suite's text as a tree that knows where everything stands. Nothing of it is thrown for a broken text. */
export class YamlTree {
  readonly document: Document.Parsed;
  private readonly pairs = new WeakMap<YAMLMap, Map<string, Pair>>();
  /** Where lines end, once somebody has asked for a line. */
  private breaks: readonly number[] | undefined;

  constructor(readonly text: string) {
    this.document = yamlDocument(text, true);
  }

  /** The plain value, as far as the text could be read. */
  value(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: 0 }) as unknown;
    } catch {
      return undefined;
    }
  }

  node(path: Path): Node | undefined {
    let found: unknown = this.document.contents;
    for (const step of path) {
      if (isMap(found)) {
        found = this.pairOf(found, String(step))?.value;
      } else if (isSeq(found)) {
        found = found.items[Number(step)];
      } else {
        return undefined;
      }
    }
    return (found ?? undefined) as Node | undefined;
  }

  /** Where a value stands; the nearest value around it where there is none. */
  span(path: Path): Span {
    for (let length = path.length; length > 0; length--) {
      const own = path.slice(0, length);
      const range = this.node(own)?.range;
      if (range && range[1] > range[0]) {
        return trimmed(this.text, range[0], range[1]);
      }
      const key = this.keySpan(own);
      if (key) {
        return key;
      }
    }
    return this.firstLine();
  }

  /** Where the name of a value stands; undefined for an element of a list. */
  keySpan(path: Path): Span | undefined {
    const parent = this.node(path.slice(0, -1));
    const name = path.at(-1);
    const key = isMap(parent) ? this.pairOf(parent, String(name))?.key : undefined;
    const range = (key as Node | undefined)?.range;
    return range ? { start: range[0], end: range[1] } : undefined;
  }

  /** Looked up: a map of very many keys is asked for each of them. */
  private pairOf(map: YAMLMap, name: string): Pair | undefined {
    let known = this.pairs.get(map);
    if (!known) {
      known = new Map();
      for (const pair of map.items) {
        const text = keyText(pair.key);
        if (!known.has(text)) {
          known.set(text, pair);
        }
      }
      this.pairs.set(map, known);
    }
    return known.get(name);
  }

  /** What a complaint about a thing as a whole points at: its name, else its first line. */
  headSpan(path: Path): Span {
    const key = this.keySpan(path);
    if (key) {
      return key;
    }
    const { start, end } = this.span(path);
    const line = this.text.indexOf('\n', start);
    return { start, end: line >= 0 && line < end ? line : end };
  }

  firstLine(): Span {
    const end = this.text.search(/\r?\n|$/);
    return { start: 0, end };
  }

  /** The line of an offset, counted from 1. */
  line(offset: number): number {
    this.breaks ??= Array.from(this.text.matchAll(/\n/g), ({ index }) => index);
    let [low, high] = [0, this.breaks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.breaks[middle]! < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low + 1;
  }

  /** Every alias of the document: what they stand for is not read. */
  aliases(): Span[] {
    const found: Span[] = [];
    const visit = (node: unknown): void => {
      if (isAlias(node) && node.range) {
        found.push({ start: node.range[0], end: node.range[1] });
      } else if (isMap(node)) {
        node.items.forEach(({ key, value }) => {
          visit(key);
          visit(value);
        });
      } else if (isSeq(node)) {
        node.items.forEach(visit);
      }
    };
    visit(this.document.contents);
    return found;
  }
}

/** The text of a map's key. */
export function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function trimmed(text: string, start: number, end: number): Span {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? '')) {
    last--;
  }
  return { start, end: Math.max(last, start) };
}
