import { ScopeError } from '../protocol/errors';
import { maxPixels } from './imageRgb';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An exact size, or one that keeps the proportions. */
export type SizeRule = Size | { readonly shortestEdge: number; readonly longestEdge?: number };

/** @param square whether a single number means both edges, not the shorter one */
export function sizeRule(value: unknown, square: boolean): SizeRule {
  if (isCount(value)) {
    return square ? { width: value, height: value } : { shortestEdge: value };
  }
  const { height, width, shortest_edge, longest_edge } = asObject(value);
  if (isCount(height) && isCount(width)) {
    return { width, height };
  }
  if (isCount(shortest_edge)) {
    return isCount(longest_edge)
      ? { shortestEdge: shortest_edge, longestEdge: longest_edge }
      : { shortestEdge: shortest_edge };
  }
  throw unknownSize('size', value);
}

/** `crop_size`: a number is a square. */
export function cropRule(value: unknown): Size {
  const rule = sizeRule(value, true);
  if ('shortestEdge' in rule || rule.width * rule.height > maxPixels) {
    throw unknownSize('crop_size', value);
  }
  return rule;
}

/** The size after resizing, rounded as transformers rounds it. @throws {ScopeError} when it is too large. */
export function resizedSize(image: Size, rule: SizeRule): Size {
  const size = 'shortestEdge' in rule ? proportional(image, rule.shortestEdge, rule.longestEdge) : rule;
  if (size.width * size.height > maxPixels || size.width < 1 || size.height < 1) {
    throw new ScopeError(
      'badRequest',
      `a picture of ${image.width} × ${image.height} pixels would become ${size.width} × ${size.height}`,
    );
  }
  return size;
}

function proportional({ width, height }: Size, shortestEdge: number, longestEdge?: number): Size {
  const short = Math.min(width, height);
  const long = Math.max(width, height);
  let edge = shortestEdge;
  let exact = shortestEdge;
  if (longestEdge !== undefined && (long / short) * shortestEdge > longestEdge) {
    exact = (longestEdge * short) / long;
    edge = roundHalfEven(exact);
  }
  if (short === edge) {
    return { width, height };
  }
  const other = Math.trunc((exact * long) / short);
  return width < height ? { width: edge, height: other } : { width: other, height: edge };
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

function asObject(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

function unknownSize(name: string, value: unknown): ScopeError {
  return new ScopeError('modelUnsupported', `preprocessor_config.json: “${name}” ${JSON.stringify(value)}`);
}
