import { type Node, type YAMLMap, type YAMLSeq, isMap, isScalar, isSeq } from 'yaml';
import { NotInPlace, type YamlPair, YamlPlaces } from './yamlPlaces';
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

/** Gathers the splices that turn what a text means into something else. */
class Patch {
  readonly splices: Splice[] = [];

  private readonly places: YamlPlaces;

  constructor(text: string) {
    this.places = new YamlPlaces(text);
  }

  /** @param column where the map's keys stand */
  map(node: YAMLMap, before: Fields, after: Fields, column: number): void {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const added: [string, unknown][] = [];
    for (const key of keys) {
      const [old, next] = [before[key], after[key]];
      if (same(old, next)) {
        continue;
      }
      const pair = node.items.find((each) => keyText(each.key) === key) as YamlPair | undefined;
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

  private pair(map: YAMLMap, pair: YamlPair, old: unknown, next: unknown): void {
    const { value } = pair;
    const column = this.places.columnOf(pair.key.range![0]);
    if (isMap(value) && value.items.length > 0 && isFields(old) && isFields(next)) {
      const inner = value.flow ? 0 : this.places.columnOf((value.items[0]!.key as Node).range![0]);
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
        this.map(
          node,
          old,
          next,
          node.flow ? 0 : this.places.columnOf((node.items[0]!.key as Node).range![0]),
        );
        return;
      } catch (error) {
        if (!(error instanceof NotInPlace)) {
          throw error;
        }
        this.splices.length = mark;
      }
    }
    const { start, end } = this.places.spanOf(node);
    const isFlow = seq.flow === true || (node as { flow?: boolean }).flow === true;
    if (isFlow) {
      this.splice(start, end, yamlText(next, 'flow', 0));
    } else {
      this.splice(start, end, yamlText(next, 'block', this.places.columnOf(start), node));
    }
  }

  private addElements(seq: YAMLSeq, index: number, values: readonly unknown[]): void {
    if (seq.flow) {
      const texts = values.map((value) => yamlText(value, 'flow', 0));
      const following = seq.items[index] as Node | undefined;
      if (following) {
        const { start } = this.places.spanOf(following);
        this.splice(start, start, texts.map((each) => `${each}, `).join(''));
      } else {
        const { end } = this.places.spanOf(seq.items[index - 1] as Node);
        this.splice(end, end, texts.map((each) => `, ${each}`).join(''));
      }
      return;
    }
    const model = seq.items[Math.max(0, index - 1)] as Node;
    const dash = this.places.dashOf(model);
    const column = this.places.columnOf(dash);
    const style: Style = isMap(model) && model.flow ? 'flow' : 'block';
    const lines = values.map((value) => `${' '.repeat(column)}- ${yamlText(value, style, column + 2)}`);
    if (index === 0) {
      const start = this.places.lineStart(this.places.dashOf(seq.items[0] as Node));
      this.places.requireAlone(start, dash);
      this.splice(start, start, lines.map((line) => `${line}\n`).join(''));
    } else {
      const end = this.places.lineEnd(this.places.spanOf(seq.items[index - 1] as Node).end);
      this.splice(end, end, lines.map((line) => `\n${line}`).join(''));
    }
  }

  private removeElements(seq: YAMLSeq, from: number, to: number): void {
    if (from === 0 && to === seq.items.length) {
      throw new NotInPlace();
    }
    if (seq.flow) {
      const first = this.places.spanOf(seq.items[from] as Node);
      const last = this.places.spanOf(seq.items[to - 1] as Node);
      if (to < seq.items.length) {
        this.splice(first.start, this.places.spanOf(seq.items[to] as Node).start, '');
      } else {
        this.splice(this.places.spanOf(seq.items[from - 1] as Node).end, last.end, '');
      }
      return;
    }
    // One by one: what stands between two of them, comments above all, stays.
    for (let index = from; index < to; index++) {
      const node = seq.items[index] as Node;
      const dash = this.places.dashOf(node);
      const start = this.places.lineStart(dash);
      this.places.requireAlone(start, dash);
      this.splice(start, this.places.afterLine(this.places.spanOf(node).end), '');
    }
  }

  private addPairs(map: YAMLMap, added: readonly (readonly [string, unknown])[], column: number): void {
    if (map.items.length === 0) {
      throw new NotInPlace();
    }
    const last = map.items.at(-1) as YamlPair;
    const { end } = this.places.spanOf(last.value ?? last.key, last.key);
    if (map.flow) {
      this.splice(
        end,
        end,
        added.map(([key, value]) => `, ${keyAsYaml(key)}: ${yamlText(value, 'flow', 0)}`).join(''),
      );
      return;
    }
    const at = this.places.lineEnd(end);
    const lines = added.map(([key, value]) => `\n${' '.repeat(column)}${this.pairText(key, value, column)}`);
    this.splice(at, at, lines.join(''));
  }

  private removePair(map: YAMLMap, pair: YamlPair): void {
    const index = map.items.indexOf(pair);
    if (map.items.length === 1 || map.flow) {
      if (!map.flow || map.items.length === 1) {
        throw new NotInPlace();
      }
      const span = this.places.pairSpan(pair);
      const other = map.items[index === 0 ? 1 : index - 1] as YamlPair;
      this.splice(
        index === 0 ? span.start : this.places.pairSpan(other).end,
        index === 0 ? this.places.pairSpan(other).start : span.end,
        '',
      );
      return;
    }
    const { start, end } = this.places.pairSpan(pair);
    const line = this.places.lineStart(start);
    this.places.requireAlone(line, start);
    this.splice(line, this.places.afterLine(end), '');
  }

  private replaceValue(pair: YamlPair, next: unknown, style: Style, column: number): void {
    const { key, value } = pair;
    const isOneLine = typeof next !== 'object' && !String(next).includes('\n');
    if (isScalar(value) && value.range && value.range[1] > value.range[0] && isOneLine) {
      const { start, end } = this.places.spanOf(value);
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
    this.splice(keyEnd, this.places.pairSpan(pair).end, after);
  }

  /** `key: value`, its further lines indented beyond the key. */
  private pairText(key: string, value: unknown, column: number): string {
    return yamlText({ [key]: value }, 'block', column);
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

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
