/** Values that no parameter is meant to be, as structured clone brings them from a page or a process. */

const circle: Record<string, unknown> = { runId: 1 };
circle['self'] = circle;

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) {
    value = { runId: 1, inside: value };
  }
  return value;
}

/** As a whole in the place of parameters. */
export const noParameters: readonly unknown[] = [
  ...[null, undefined, true, 0, -1, 1e308, NaN, Infinity, 12n, '', 'runId', '../../etc/passwd'],
  ...[[], [1, 2], new Date(), /(a+)+$/, new Map([['runId', 1]]), new Set([1]), new Error('no')],
  ...[new ArrayBuffer(8), Float64Array.of(1), circle, nested(500)],
];

/** In the place of one parameter. */
export const wrongValues: readonly unknown[] = [
  ...[
    undefined,
    null,
    true,
    NaN,
    -Infinity,
    -1,
    -0.5,
    1.5,
    2 ** 53,
    1e308,
    7n,
    '',
    '1',
    '../../../x',
    '\0',
    '__proto__',
  ],
  ...[[], ['__proto__'], {}, { length: 1e9 }, { valueOf: 1 }, new Date(NaN), circle, nested(500)],
  ...[new ArrayBuffer(4), new Map(), '<img src=x onerror=alert(1)>', 'x'.repeat(300_000)],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
];
