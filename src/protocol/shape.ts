import { ScopeError } from './errors';

/**
 * Reads a value that came from outside (a page, storage, a file) as what it should be, or refuses it. What it gives
 * is built anew from the parts that are named, so that nothing else of the value travels on: no further fields, no
 * prototype, no accessor.
 * @param at how to call the value in a complaint
 * @throws {ScopeError} `badRequest` naming the place
 */
export type Shape<T> = (value: unknown, at: string) => T;

/** A text of at most so many UTF-16 units; a longer one is refused. */
export function text(most = 20_000_000): Shape<string> {
  return (value, at) => (typeof value === 'string' && value.length <= most ? value : refuse(at));
}

/** A value that also has to be right in another way. */
export function checked<T>(shape: Shape<T>, isRight: (value: T) => boolean): Shape<T> {
  return (value, at) => {
    const read = shape(value, at);
    return isRight(read) ? read : refuse(at);
  };
}

/** A number from `least` to `most`, both included; never NaN. */
export function number(least: number, most: number): Shape<number> {
  return (value, at) => (typeof value === 'number' && value >= least && value <= most ? value : refuse(at));
}

/** Any number, also one that is none: what was measured may be infinite or unknown. */
export const figure: Shape<number> = (value, at) => (typeof value === 'number' ? value : refuse(at));

/** A whole number from `least` on. */
export function whole(least: number, most = 2 ** 31 - 1): Shape<number> {
  return (value, at) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : refuse(at);
}

/** A place in a list, counted from 0. */
export const index: Shape<number> = whole(0);

export const flag: Shape<boolean> = (value, at) => (typeof value === 'boolean' ? value : refuse(at));

export function oneOf<const T extends string | number | boolean | null>(values: readonly T[]): Shape<T> {
  return (value, at) => (values.includes(value as T) ? (value as T) : refuse(at));
}

/** One of the names that are listed, all of which must be. */
export function nameOf<T extends string>(all: Readonly<Record<T, true>>): Shape<T> {
  return oneOf(Object.keys(all) as T[]);
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, at) => (value === null ? null : shape(value, at));
}

export function listOf<T>(shape: Shape<T>, most = 100_000): Shape<readonly T[]> {
  return (value, at) =>
    Array.isArray(value) && value.length <= most
      ? Array.from(value, (each: unknown, place) => shape(each, `${at}[${place}]`))
      : refuse(at);
}

/** Bytes of their own; a view or a number in their place would be copied, or reserve as much memory as it says. */
export function bytes(most: number): Shape<ArrayBuffer> {
  return (value, at) => (value instanceof ArrayBuffer && value.byteLength <= most ? value : refuse(at));
}

/** A map of names that nobody has listed. */
export function record<T>(shape: Shape<T>, most = 10_000): Shape<Readonly<Record<string, T>>> {
  return (value, at) => {
    const entries = Object.entries(object(value, at));
    return entries.length <= most
      ? Object.fromEntries(entries.map(([name, each]) => [name, shape(each, `${at}.${name.slice(0, 40)}`)]))
      : refuse(at);
  };
}

/** A field that may be missing; only inside {@link fields}, which then leaves it out. */
export function maybe<T>(shape: Shape<T>): Shape<T> {
  return (value, at) => (value === undefined ? (undefined as T) : shape(value, at));
}

/** An object with these fields. They stay in the order in which they came: what is written of them does not change. */
export function fields<T extends object>(shapes: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const listed = new Map(Object.entries(shapes) as [string, Shape<unknown>][]);
  return (value, at) => {
    const given = object(value, at);
    const read: [string, unknown][] = [];
    for (const name of new Set([...Object.keys(given), ...listed.keys()])) {
      const shape = listed.get(name);
      const found = shape?.(Object.hasOwn(given, name) ? given[name] : undefined, `${at}.${name}`);
      if (found !== undefined) {
        read.push([name, found]);
      }
    }
    return Object.fromEntries(read) as T;
  };
}

/** The first of these that fits. */
export function either<T>(...shapes: readonly Shape<T>[]): Shape<T> {
  return (value, at) => {
    for (const shape of shapes) {
      const read = attempt(shape, value, at);
      if (read !== undefined) {
        return read;
      }
    }
    return refuse(at);
  };
}

/** Plain data of any form, at most so long as JSON. */
export function json(most: number): Shape<unknown> {
  return (value, at) => {
    let written: string | undefined;
    try {
      written = JSON.stringify(value) as string | undefined;
    } catch {
      // In circles, too deep, or no data.
    }
    return written !== undefined && written.length <= most ? (JSON.parse(written) as unknown) : refuse(at);
  };
}

/** The value as it should be; undefined for anything else. For storage, which another version may have written. */
export function attempt<T>(shape: Shape<T>, value: unknown, at = ''): T | undefined {
  try {
    return shape(value, at);
  } catch (error) {
    if (error instanceof ScopeError) {
      return undefined;
    }
    throw error;
  }
}

function object(value: unknown, at: string): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : refuse(at);
}

function refuse(at: string): never {
  throw new ScopeError('badRequest', at);
}
