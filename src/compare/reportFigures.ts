import { type Architecture, parameterParts } from '../protocol/architecture';
import type { Interval } from '../prompts/trials';
import { escaped } from '../report/document';
import { type Speech, shortened } from './reportSpeech';

/** The report's drawings. Lines and letters take the page's colour; the fills are told apart on light and dark. */

const sideColours = ['#2f7ed8', '#d9772b'] as const;
const partColours = [
  '#4e79a7',
  '#a0cbe8',
  '#86bcb6',
  '#bab0ac',
  '#499894',
  '#e15759',
  '#ff9d9a',
  '#f1a340',
  '#b6992d',
  '#79706e',
  '#b07aa1',
  '#d37295',
] as const;

const labelWidth = 190;
const plotWidth = 420;

function drawing(title: string, width: number, height: number, marks: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${escaped(title)}" font-size="12" font-family="system-ui, sans-serif" fill="currentColor">` +
    `${marks.join('')}</svg>`
  );
}

function label(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function bar(x: number, y: number, width: number, height: number, fill: string, hover = ''): string {
  const title = hover === '' ? '' : `<title>${escaped(hover)}</title>`;
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${height}" fill="${fill}">${title}</rect>`;
}

function gridLine(x: number, top: number, bottom: number): string {
  return `<path d="M${round(x)} ${top}V${bottom}" stroke="currentColor" stroke-opacity="0.2"/>`;
}

function round(value: number): string {
  return String(Math.round(10 * value) / 10);
}

/** Ticks of 1, 2 or 5 times a power of ten, at most six, from 0. */
export function ticksUpTo(most: number): number[] {
  if (!(most > 0)) {
    return [0];
  }
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(6)),
  );
}

/** A model and what it is called here. */
export interface Column {
  readonly name: string;
  readonly architecture: Architecture;
}

/** One stacked bar for each model, all at the same scale. */
export function parametersFigure(columns: readonly Column[], speech: Speech): string {
  const most = Math.max(...columns.map(({ architecture }) => architecture.parameters.total), 1);
  const used = parameterParts.filter((part) =>
    columns.some(({ architecture }) =>
      architecture.parameters.parts.some((each) => each.part === part && each.count > 0),
    ),
  );
  const top = 8;
  const rows = columns.map(({ name, architecture }, index) => {
    const y = top + index * 32;
    let x = labelWidth;
    const pieces = used.map((part) => {
      // Of two stacks, each has a count of its own.
      const count = architecture.parameters.parts.reduce(
        (sum, each) => sum + (each.part === part ? each.count : 0),
        0,
      );
      const width = (plotWidth * count) / most;
      const piece = bar(
        x,
        y,
        width,
        20,
        partColour(part),
        `${speech.say(`part_${part}`)}: ${speech.count(count)}`,
      );
      x += width;
      return piece;
    });
    return [
      label(labelWidth - 8, y + 14, shortened(name, 24), 'end'),
      ...pieces,
      label(x + 6, y + 14, speech.amount(architecture.parameters.total)),
    ].join('');
  });
  const legendTop = top + columns.length * 32 + 10;
  const legend = used.map((part, index) => {
    const [x, y] = [labelWidth + (index % 3) * 170, legendTop + Math.floor(index / 3) * 20];
    return bar(x, y, 12, 12, partColour(part)) + label(x + 18, y + 10, speech.say(`part_${part}`));
  });
  const height = legendTop + Math.ceil(used.length / 3) * 20 + 4;
  return drawing(speech.say('paramFigure'), labelWidth + plotWidth + 100, height, [...rows, ...legend]);
}

function partColour(part: (typeof parameterParts)[number]): string {
  return partColours[parameterParts.indexOf(part)] as string;
}

export interface AccuracyRow {
  readonly name: string;
  readonly share: number;
  readonly interval: Interval;
  readonly told: string;
}

/** A bar and its interval for each model. */
export function accuracyFigure(rows: readonly AccuracyRow[], speech: Speech): string {
  const bottom = rows.length * 30 + 4;
  const x = (share: number): number => labelWidth + share * plotWidth;
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => gridLine(x(share), 0, bottom) + label(x(share), bottom + 16, speech.percent(share), 'middle'),
  );
  const bars = rows.map(({ name, share, interval, told }, index) => {
    const y = index * 30 + 17;
    const [low, high] = [round(x(interval.low)), round(x(interval.high))];
    return (
      label(labelWidth - 8, y + 4, shortened(name, 24), 'end') +
      bar(x(0), y - 8, share * plotWidth, 16, sideColours[index % 2] as string) +
      `<path d="M${low} ${y}H${high}M${low} ${y - 5}v10M${high} ${y - 5}v10" stroke="currentColor" stroke-width="1.5" fill="none"/>` +
      label(labelWidth + plotWidth + 8, y + 4, told)
    );
  });
  return drawing(speech.say('clozeFigure'), labelWidth + plotWidth + 110, bottom + 22, [...grid, ...bars]);
}

export interface PairRow {
  readonly name: string;
  readonly left: number | null;
  readonly right: number | null;
}

/** Two dots for each word, joined: a word's bits for the one model and for the other. */
export function pairsFigure(
  title: string,
  names: readonly [string, string],
  rows: readonly PairRow[],
): string {
  const top = 28;
  const bottom = top + rows.length * 18;
  const most = Math.max(1, ...rows.flatMap(({ left, right }) => [left ?? 0, right ?? 0]));
  const x = (value: number): number => labelWidth + (value / most) * plotWidth;
  const grid = ticksUpTo(most).map(
    (tick) => gridLine(x(tick), top, bottom) + label(x(tick), bottom + 16, String(tick), 'middle'),
  );
  const marks = rows.map(({ name, left, right }, index) => {
    const y = top + index * 18 + 9;
    const line =
      left === null || right === null
        ? ''
        : `<path d="M${round(x(left))} ${y}H${round(x(right))}" stroke="currentColor" stroke-opacity="0.45"/>`;
    const dots = [left, right].map((value, side) =>
      value === null ? '' : dot(x(value), y, side, `${names[side]}: ${value.toFixed(1)}`),
    );
    return label(labelWidth - 8, y + 4, shortened(name, 24), 'end') + line + dots.join('');
  });
  return drawing(title, labelWidth + plotWidth + 40, bottom + 22, [...sideLegend(names), ...grid, ...marks]);
}

/** Told apart by form as well as by colour. */
function dot(x: number, y: number, side: number, hover: string): string {
  const title = `<title>${escaped(hover)}</title>`;
  const colour = sideColours[side] as string;
  return side === 0
    ? `<circle cx="${round(x)}" cy="${y}" r="5" fill="${colour}">${title}</circle>`
    : `<path d="M${round(x)} ${y - 6}l6 6l-6 6l-6 -6z" fill="${colour}">${title}</path>`;
}

function sideLegend(names: readonly [string, string]): string[] {
  return names.map((name, side) => {
    const x = labelWidth + side * 210;
    return dot(x + 6, 12, side, name) + label(x + 18, 16, shortened(name, 26));
  });
}

/** A bar for each token with its loss. */
export function lossFigure(
  title: string,
  side: 0 | 1,
  rows: readonly { readonly name: string; readonly loss: number }[],
): string {
  const bottom = rows.length * 18 + 2;
  const most = Math.max(1, ...rows.map(({ loss }) => loss));
  const x = (value: number): number => labelWidth + (value / most) * plotWidth;
  const grid = ticksUpTo(most).map(
    (tick) => gridLine(x(tick), 0, bottom) + label(x(tick), bottom + 16, String(tick), 'middle'),
  );
  const bars = rows.map(({ name, loss }, index) => {
    const y = index * 18 + 3;
    return (
      label(labelWidth - 8, y + 10, shortened(name, 24), 'end') +
      bar(x(0), y, x(loss) - labelWidth, 12, sideColours[side]) +
      label(x(loss) + 5, y + 10, loss.toFixed(1))
    );
  });
  return drawing(title, labelWidth + plotWidth + 40, bottom + 22, [...grid, ...bars]);
}

/** Measured losses as dots over a logarithmic axis of parameters, with the fitted curve. */
export function scalingFigure(
  title: string,
  points: readonly { readonly size: number; readonly loss: number }[],
  curve: (size: number) => number,
  speech: Speech,
): string {
  const [low, high] = [
    Math.min(...points.map(({ size }) => size)),
    Math.max(...points.map(({ size }) => size)),
  ];
  const samples = Array.from({ length: 41 }, (_, index) => low * (high / low) ** (index / 40));
  const losses = [...points.map(({ loss }) => loss), ...samples.map(curve)];
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const spread = Math.max(1e-6, most - least);
  const [left, top, width, height] = [60, 12, 520, 220];
  const x = (size: number): number =>
    left + 20 + (width - 40) * (high > low ? Math.log(size / low) / Math.log(high / low) : 0.5);
  const y = (loss: number): number => top + 10 + ((height - 20) * (most - loss)) / spread;
  const line = samples.map(
    (size, index) => `${index === 0 ? 'M' : 'L'}${round(x(size))} ${round(y(curve(size)))}`,
  );
  return drawing(title, left + width + 20, top + height + 30, [
    `<path d="M${left} ${top}V${top + height}H${left + width}" stroke="currentColor" stroke-opacity="0.5" fill="none"/>`,
    label(left - 6, y(most) + 4, most.toFixed(2), 'end'),
    label(left - 6, y(least) + 4, least.toFixed(2), 'end'),
    `<path d="${line.join('')}" stroke="${sideColours[1]}" stroke-width="2" fill="none"/>`,
    ...points.map(({ size, loss }, index) => {
      const before = points[index - 1];
      // Sizes that stand close share a label.
      const room = !before || x(size) - x(before.size) > 70;
      return (
        dot(x(size), Number(round(y(loss))), 0, `${speech.count(size)}: ${loss.toFixed(3)}`) +
        (room ? label(x(size), top + height + 18, speech.amount(size), 'middle') : '')
      );
    }),
  ]);
}
