import { type Node, type Pair, isMap, isSeq } from 'yaml';

export type YamlPair = Pair<Node, Node | null>;

/** Thrown where a thing cannot be changed in its place, so that only writing what is around it anew helps. */
export class NotInPlace extends Error {}

/** Where the parts of a YAML text stand in it; offsets are UTF-16 units. */
export class YamlPlaces {
  constructor(private readonly text: string) {}

  /** From the key to the end of the value. */
  pairSpan(pair: YamlPair): { start: number; end: number } {
    return { start: pair.key.range![0], end: this.spanOf(pair.value ?? pair.key, pair.key).end };
  }

  /**
   * A node's own text, without the space, the line breaks and the comments behind it.
   * @param key the name before the node, where it has one
   */
  spanOf(node: Node, key?: Node): { start: number; end: number } {
    const range = node.range;
    if (!range) {
      throw new NotInPlace();
    }
    if (range[1] <= range[0] && key?.range) {
      // A name with nothing behind its colon.
      const colon = this.text.indexOf(':', key.range[1]);
      return { start: colon + 1, end: colon + 1 };
    }
    let end = isLeaf(node) ? range[1] : this.endOfLast(node, range[1]);
    while (end > range[0] && /\s/.test(this.text[end - 1]!)) {
      end--;
    }
    return { start: range[0], end };
  }

  /** A block's range goes on to whatever follows it; its last value's does not. */
  private endOfLast(node: Node, otherwise: number): number {
    if (isMap(node) && !node.flow) {
      const last = node.items.at(-1) as YamlPair | undefined;
      return last ? this.spanOf(last.value ?? last.key, last.key).end : otherwise;
    }
    if (isSeq(node) && !node.flow) {
      const last = node.items.at(-1) as Node | undefined;
      return last ? this.spanOf(last).end : otherwise;
    }
    return otherwise;
  }

  /** The dash before an element. @throws {NotInPlace} */
  dashOf(node: Node): number {
    const start = node.range?.[0];
    const found = start === undefined ? -1 : this.text.lastIndexOf('-', start - 1);
    if (start === undefined || found < 0 || this.text.slice(found + 1, start).trim() !== '') {
      throw new NotInPlace();
    }
    return found;
  }

  /** How far into its line an offset is, in UTF-16 units. */
  columnOf(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** The first character of the line that an offset is in. */
  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Before the line break, with the comment that ends the line. */
  lineEnd(offset: number): number {
    const found = this.text.indexOf('\n', offset);
    const end = found < 0 ? this.text.length : found;
    return this.text[end - 1] === '\r' && end > offset ? end - 1 : end;
  }

  /** Behind the line break that follows. */
  afterLine(offset: number): number {
    const found = this.text.indexOf('\n', offset);
    return found < 0 ? this.text.length : found + 1;
  }

  /** Nothing but space may stand before what is removed with its line. @throws {NotInPlace} */
  requireAlone(lineStart: number, offset: number): void {
    if (this.text.slice(lineStart, offset).trim() !== '') {
      throw new NotInPlace();
    }
  }
}

function isLeaf(node: Node): boolean {
  return !isMap(node) && !isSeq(node);
}
