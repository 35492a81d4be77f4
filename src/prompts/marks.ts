import type { Part, PartRange } from '../protocol/prompts';

/**
 * Marks travel inside the values of a template and come out in the rendered text, so that it is known which
 * stretch of it is what, whoever wrote the template. They are private-use characters, which no text keeps.
 */
const open = 0xe100;
const close = 0xe1ff;
const parts: readonly Part[] = ['role', 'instruction', 'format', 'examples', 'input', 'reasoning'];
const anyMark = /[\ue100-\ue1ff]/g;

/** A value with its marks; an empty one stays empty, for templates ask whether it is. */
export function marked(part: Part, text: string): string {
  const plain = text.replace(anyMark, '');
  return plain === ''
    ? ''
    : String.fromCharCode(open + parts.indexOf(part)) + plain + String.fromCharCode(close);
}

/** Takes the marks out again. Ranges do not overlap, come in order and cover the text; the rest is `frame`. */
export function unmarked(text: string): { text: string; parts: PartRange[] } {
  const ranges: PartRange[] = [];
  let plain = '';
  let part: Part = 'frame';
  let start = 0;
  const end = (): void => {
    if (plain.length > start) {
      ranges.push({ part, start, end: plain.length });
    }
    start = plain.length;
  };
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (code < open || code > close) {
      plain += char;
      continue;
    }
    end();
    part = code === close ? 'frame' : (parts[code - open] ?? 'frame');
  }
  end();
  return { text: plain, parts: joined(plain, ranges) };
}

/** The words around examples belong to them: from the line of the first to the end of the last one's line. */
function joined(text: string, ranges: readonly PartRange[]): PartRange[] {
  const first = ranges.findIndex(({ part }) => part === 'examples');
  const last = ranges.findLastIndex(({ part }) => part === 'examples');
  const begin = ranges[first];
  const end = ranges[last];
  if (!begin || !end) {
    return [...ranges];
  }
  const floor = ranges[first - 1]?.part === 'frame' ? (ranges[first - 1] as PartRange).start : begin.start;
  const start = Math.max(floor, text.lastIndexOf('\n', begin.start - 1) + 1);
  const lineEnd = text.indexOf('\n', end.end);
  const ceiling = ranges[last + 1]?.part === 'frame' ? (ranges[last + 1] as PartRange).end : end.end;
  const stop = Math.min(ceiling, lineEnd < 0 ? text.length : lineEnd + 1);
  return [
    ...ranges.slice(0, first).map((range) => ({ ...range, end: Math.min(range.end, start) })),
    { part: 'examples' as const, start, end: stop },
    ...ranges.slice(last + 1).map((range) => ({ ...range, start: Math.max(range.start, stop) })),
  ].filter((range) => range.end > range.start);
}
