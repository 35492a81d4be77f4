import { ScopeError } from '../protocol/errors';
import type { Answer } from '../protocol/prompts';

/** What is wrong with a study's file, for {@link Place} and its readers. */
export function studyUnreadable(detail: string): ScopeError {
  return new ScopeError('studyUnreadable', detail);
}

/** A value of the file, with the path by which a person finds it. */
export class Place {
  constructor(
    readonly value: unknown,
    private readonly path: string,
  ) {}

  has(name: string): boolean {
    return this.field(name).value !== undefined;
  }

  field(name: string): Place {
    const { value } = this;
    const inside =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined;
    return new Place(inside ?? undefined, this.path === '' ? name : `${this.path}.${name}`);
  }

  /** The same, once it is known to be a map or left out. */
  fields(): this {
    const { value } = this;
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    return value === undefined || isMap ? this : this.wrong('fields');
  }

  /** A number stands for its own digits: `expected: 9` is meant as "9". */
  text(fallback?: string): string {
    const { value } = this;
    if (value === undefined && fallback !== undefined) {
      return fallback;
    }
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : this.wrong('text');
  }

  number(least: number, most: number, fallback?: number): number {
    const value = this.value === undefined ? fallback : this.value;
    return typeof value === 'number' && value >= least && value <= most
      ? value
      : this.wrong(`${least} … ${most}`);
  }

  flag(fallback: boolean): boolean {
    const value = this.value ?? fallback;
    return typeof value === 'boolean' ? value : this.wrong('true, false');
  }

  oneOf<T extends string>(values: readonly T[], fallback: T): T {
    return this.value === undefined
      ? fallback
      : (values.find((each) => each === this.value) ?? this.wrong(values.join(', ')));
  }

  answer(): Answer {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.text();
    }
    return Object.fromEntries(
      this.entries().map(([name, each]) => [name, typeof each.value === 'number' ? each.value : each.text()]),
    );
  }

  list<T>(read: (at: Place) => T): T[] {
    const { value } = this;
    if (value === undefined) {
      return [];
    }
    return Array.isArray(value)
      ? value.map((each: unknown, index) => read(new Place(each, `${this.path}[${index}]`)))
      : this.wrong('a list');
  }

  entries(): [string, Place][] {
    const { value } = this;
    if (value === undefined) {
      return [];
    }
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).map((name) => [name, this.field(name)])
      : this.wrong('fields');
  }

  wrong(expected: string): never {
    throw studyUnreadable(`${this.path}: ${expected}`);
  }
}
