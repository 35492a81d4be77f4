import { type Node, type Pair, type YAMLMap, type YAMLSeq, isMap, isScalar, isSeq } from 'yaml';
import { type Style, keyAsYaml, yamlText } from './yamlText';
import { YamlTree, keyText } from './yamlTree';

/** A piece of a text that is replaced; offsets are UTF-16 units of the old text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * What has to be changed in a text so that a value becomes another one. Comments, order, quotes and spacing of
 * whatever stays the same are not touched. `before` is what the text means, with what it leaves out filled in:
 * a field that it leaves out is written only once it differs.
 * @returns splices in the order of the text that do not overlap; null where the text is in a form that cannot be
 * changed in place
 */
export function patchYaml(text: string, before: Fields, after: Fields): Splice[] | null {
  const tree = new YamlTree(text);
  const root = tree.document.contents;
  if (tree.document.errors.length > 0 || !isMap(root)) {
    return null;
  }
  try {
    const patch = new Patch(text);
    patch.map(root, before, after, 0);
    return patch.splices.sort((a, b) => a.start - b.start);
  } catch (error) {
    if (error instanceof NotInPlace) {
      return null;
    }
    throw error;
  }
}

/** The text with its splices in place. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let done = '';
  let at = 0;
  for (const { start, end, text: piece } of splices) {
    done += text.slice(at, start) + piece;
    at = end;
  }
  return done + text.slice(at);
}

export type Fields = Readonly<Record<string, unknown>>;

/** Thrown where only writing the thing around anew helps. */
class NotInPlace extends Error {}

class Patch {
  readonly splices: Splice[] = [];

  constructor(private readonly text: string) {}

  /** @param column where the map's keys stand */
  map(node: YAMLMap, before: Fields, after: Fields, column: number): void {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const added: [string, unknown][] = [];
    for (const key of keys) {
      const [old, next] = [before[key], after[key]];
      if (same(old, next)) {
        continue;
      }
      const pair = node.items.find((each) => keyText(each.key) === key) as
        Pair<Node, Node | null> | undefined;
      if (next === undefined) {
        if (pair) {
          this.removePair(node, pair);
        }
      } else if (!pair) {
        added.push([key, partOf(old, next)]);
      } else {
        this.pair(node, pair, old, next);
      }
    }
    if (added.length > 0) {
      this.addPairs(node, added, column);
    }
  }

  private pair(map: YAMLMap, pair: Pair<Node, Node | null>, old: unknown, next: unknown): void {
    const { value } = pair;
    const column = this.columnOf(pair.key.range![0]);
    if (isMap(value) && value.items.length > 0 && isFields(old) && isFields(next)) {
      const inner = value.flow ? 0 : this.columnOf((value.items[0]!.key as Node).range![0]);
      this.map(value, old, next, inner);
    } else if (
      isSeq(value) &&
      Array.isArray(old) &&
      Array.isArray(next) &&
      value.items.length === old.length &&
      value.items.length > 0 &&
      next.length > 0
    ) {
      this.sequence(value, old, next);
    } else {
      this.replaceValue(pair, next, map.flow ? 'flow' : 'block', column);
    }
  }

  private sequence(node: YAMLSeq, old: readonly unknown[], next: readonly unknown[]): void {
    let head = 0;
    while (head < old.length && head < next.length && same(old[head], next[head])) {
      head++;
    }
    let tail = 0;
    while (
      tail < old.length - head &&
      tail < next.length - head &&
      same(old.at(-1 - tail), next.at(-1 - tail))
    ) {
      tail++;
    }
    const oldEnd = old.length - tail;
    const nextEnd = next.length - tail;
    const both = Math.min(oldEnd, nextEnd) - head;
    for (let index = head; index < head + both; index++) {
      this.element(node, index, old[index], next[index]);
    }
    if (oldEnd > head + both) {
      this.removeElements(node, head + both, oldEnd);
    } else if (nextEnd > head + both) {
      this.addElements(node, head + both, next.slice(head + both, nextEnd));
    }
  }

  private element(seq: YAMLSeq, index: number, old: unknown, next: unknown): void {
    const node = seq.items[index] as Node;
    const mark = this.splices.length;
    if (isMap(node) && node.items.length > 0 && isFields(old) && isFields(next)) {
      try {
        this.map(node, old, next, node.flow ? 0 : this.columnOf((node.items[0]!.key as Node).range![0]));
        return;
      } catch (error) {
        if (!(error instanceof NotInPlace)) {
          throw error;
        }
        this.splices.length = mark;
      }
    }
    const { start, end } = this.spanOf(node);
    const isFlow = seq.flow === true || (node as { flow?: boolean }).flow === true;
    if (isFlow) {
      this.splice(start, end, yamlText(next, 'flow', 0));
    } else {
      this.splice(start, end, yamlText(next, 'block', this.columnOf(start), node));
    }
  }

  private addElements(seq: YAMLSeq, index: number, values: readonly unknown[]): void {
    if (seq.flow) {
      const texts = values.map((value) => yamlText(value, 'flow', 0));
      const following = seq.items[index] as Node | undefined;
      if (following) {
        const { start } = this.spanOf(following);
        this.splice(start, start, texts.map((each) => `${each}, `).join(''));
      } else {
        const { end } = this.spanOf(seq.items[index - 1] as Node);
        this.splice(end, end, texts.map((each) => `, ${each}`).join(''));
      }
      return;
    }
    const model = seq.items[Math.max(0, index - 1)] as Node;
    const dash = this.dashOf(model);
    const column = this.columnOf(dash);
    const style: Style = isMap(model) && model.flow ? 'flow' : 'block';
    const lines = values.map((value) => `${' '.repeat(column)}- ${yamlText(value, style, column + 2)}`);
    if (index === 0) {
      const start = this.lineStart(this.dashOf(seq.items[0] as Node));
      this.requireAlone(start, dash);
      this.splice(start, start, lines.map((line) => `${line}\n`).join(''));
    } else {
      const end = this.lineEnd(this.spanOf(seq.items[index - 1] as Node).end);
      this.splice(end, end, lines.map((line) => `\n${line}`).join(''));
    }
  }

  private removeElements(seq: YAMLSeq, from: number, to: number): void {
    if (from === 0 && to === seq.items.length) {
      throw new NotInPlace();
    }
    if (seq.flow) {
      const first = this.spanOf(seq.items[from] as Node);
      const last = this.spanOf(seq.items[to - 1] as Node);
      if (to < seq.items.length) {
        this.splice(first.start, this.spanOf(seq.items[to] as Node).start, '');
      } else {
        this.splice(this.spanOf(seq.items[from - 1] as Node).end, last.end, '');
      }
      return;
    }
    // One by one: what stands between two of them, comments above all, stays.
    for (let index = from; index < to; index++) {
      const node = seq.items[index] as Node;
      const dash = this.dashOf(node);
      const start = this.lineStart(dash);
      this.requireAlone(start, dash);
      this.splice(start, this.afterLine(this.spanOf(node).end), '');
    }
  }

  private addPairs(map: YAMLMap, added: readonly (readonly [string, unknown])[], column: number): void {
    if (map.items.length === 0) {
      throw new NotInPlace();
    }
    const last = map.items.at(-1) as Pair<Node, Node | null>;
    const { end } = this.spanOf(last.value ?? last.key, last.key);
    if (map.flow) {
      this.splice(
        end,
        end,
        added.map(([key, value]) => `, ${keyAsYaml(key)}: ${yamlText(value, 'flow', 0)}`).join(''),
      );
      return;
    }
    const at = this.lineEnd(end);
    const lines = added.map(([key, value]) => `\n${' '.repeat(column)}${this.pairText(key, value, column)}`);
    this.splice(at, at, lines.join(''));
  }

  private removePair(map: YAMLMap, pair: Pair<Node, Node | null>): void {
    const index = map.items.indexOf(pair);
    if (map.items.length === 1 || map.flow) {
      if (!map.flow || map.items.length === 1) {
        throw new NotInPlace();
      }
      const span = this.pairSpan(pair);
      const other = map.items[index === 0 ? 1 : index - 1] as Pair<Node, Node | null>;
      this.splice(
        index === 0 ? span.start : this.pairSpan(other).end,
        index === 0 ? this.pairSpan(other).start : span.end,
        '',
      );
      return;
    }
    const { start, end } = this.pairSpan(pair);
    const line = this.lineStart(start);
    this.requireAlone(line, start);
    this.splice(line, this.afterLine(end), '');
  }

  private replaceValue(pair: Pair<Node, Node | null>, next: unknown, style: Style, column: number): void {
    const { key, value } = pair;
    const isOneLine = typeof next !== 'object' && !String(next).includes('\n');
    if (isScalar(value) && value.range && value.range[1] > value.range[0] && isOneLine) {
      const { start, end } = this.spanOf(value);
      this.splice(start, end, yamlText(next, style, 0, value));
      return;
    }
    const text =
      style === 'flow'
        ? `${keyAsYaml(keyText(key))}: ${yamlText(next, 'flow', 0)}`
        : this.pairText(keyText(key), next, column);
    // The name stays as it is written; only what follows it is new.
    const keyEnd = key.range![1];
    const after = text.slice(text.indexOf(':', keyAsYaml(keyText(key)).length));
    this.splice(keyEnd, this.pairSpan(pair).end, after);
  }

  /** `key: value`, its further lines indented beyond the key. */
  private pairText(key: string, value: unknown, column: number): string {
    const text = yamlText({ [key]: value }, 'block', column);
    return text;
  }

  private pairSpan(pair: Pair<Node, Node | null>): { start: number; end: number } {
    return { start: pair.key.range![0], end: this.spanOf(pair.value ?? pair.key, pair.key).end };
  }

  /** A node's own text, without the space, the line breaks and the comments behind it. */
  private spanOf(node: Node, key?: Node): { start: number; end: number } {
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
      const last = node.items.at(-1) as Pair<Node, Node | null> | undefined;
      return last ? this.spanOf(last.value ?? last.key, last.key).end : otherwise;
    }
    if (isSeq(node) && !node.flow) {
      const last = node.items.at(-1) as Node | undefined;
      return last ? this.spanOf(last).end : otherwise;
    }
    return otherwise;
  }

  /** The dash before an element. */
  private dashOf(node: Node): number {
    const start = node.range?.[0];
    const found = start === undefined ? -1 : this.text.lastIndexOf('-', start - 1);
    if (start === undefined || found < 0 || this.text.slice(found + 1, start).trim() !== '') {
      throw new NotInPlace();
    }
    return found;
  }

  private columnOf(offset: number): number {
    return offset - this.lineStart(offset);
  }

  private lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Before the line break, with the comment that ends the line. */
  private lineEnd(offset: number): number {
    const found = this.text.indexOf('\n', offset);
    const end = found < 0 ? this.text.length : found;
    return this.text[end - 1] === '\r' && end > offset ? end - 1 : end;
  }

  private afterLine(offset: number): number {
    const found = this.text.indexOf('\n', offset);
    return found < 0 ? this.text.length : found + 1;
  }

  /** Nothing but space may stand before what is removed with its line. */
  private requireAlone(lineStart: number, offset: number): void {
    if (this.text.slice(lineStart, offset).trim() !== '') {
      throw new NotInPlace();
    }
  }

  private splice(start: number, end: number, text: string): void {
    this.splices.push({ start, end, text });
  }
}

/** Of a map that the text leaves out only what differs from what it means anyway is written. */
function partOf(old: unknown, next: unknown): unknown {
  if (!isFields(old) || !isFields(next) || Object.keys(old).some((key) => !(key in next))) {
    return next;
  }
  return Object.fromEntries(
    Object.entries(next)
      .filter(([key, value]) => !same(old[key], value))
      .map(([key, value]) => [key, partOf(old[key], value)]),
  );
}

function isLeaf(node: Node): boolean {
  return !isMap(node) && !isSeq(node);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
