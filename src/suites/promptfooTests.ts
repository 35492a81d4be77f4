import { yamlValue } from '../prompts/yamlDocument';
import type { Notes } from './carriedNotes';
import { testsOfCsv } from './promptfooCsv';
import {
  type Fields,
  type PromptfooAssert,
  type PromptfooTest,
  type ReadBeside,
  fieldsOf,
  mostAliases,
  textOf,
} from './promptfooShapes';

/** More are a data set, not a suite. */
const mostTests = 2000;
/** Files name files, and assertions others; in circles they would for ever. */
const mostSteps = 8;
const mostFiles = 200;
const mostAsserts = 10_000;

/** Reads the tests of a configuration, its scenarios among them, and multiplies lists of values out. */
export class TestReader {
  private numFiles = 0;
  private numAsserts = 0;
  /** Those that a table gave, which are read already. */
  private readonly whole = new WeakSet<object>();

  constructor(
    private readonly root: Fields,
    private readonly read: ReadBeside,
    private readonly notes: Notes,
  ) {}

  async all(): Promise<PromptfooTest[]> {
    const common = await this.one(await this.loaded(this.root['defaultTest']));
    const tests = (await this.list(this.root['tests'])).slice(0, mostTests + 1);
    for (const scenario of await this.entries(this.root['scenarios'])) {
      const { config, tests: own } = fieldsOf(scenario);
      const inner = await this.list(own);
      for (const each of await this.list(config)) {
        tests.push(...inner.slice(0, mostTests + 1 - tests.length).map((test) => joined(each, test)));
      }
    }
    const whole: PromptfooTest[] = [];
    for (const test of tests) {
      whole.push(...multiplied(joined(common, test), mostTests + 1 - whole.length));
    }
    if (whole.length > mostTests) {
      this.notes.add('manyItems', mostTests);
    }
    return whole.slice(0, mostTests);
  }

  private async list(value: unknown): Promise<PromptfooTest[]> {
    const found: PromptfooTest[] = [];
    for (const each of await this.entries(value)) {
      found.push(this.isWhole(each) ? each : await this.one(each));
    }
    return found;
  }

  /** The elements of a list, whose files are read; those of a table are tests already. */
  private async entries(value: unknown, steps = 0): Promise<unknown[]> {
    if (steps > mostSteps) {
      return [];
    }
    if (typeof value === 'string') {
      const loaded = await this.file(value);
      return Array.isArray(loaded) ? (loaded as unknown[]) : loaded === undefined ? [] : [loaded];
    }
    const found: unknown[] = [];
    for (const each of Array.isArray(value) ? (value as unknown[]) : []) {
      if (typeof each === 'string') {
        (await this.entries(each, steps + 1)).forEach((one) => found.push(one));
      } else {
        found.push(each);
      }
    }
    return found;
  }

  private async one(value: unknown): Promise<PromptfooTest> {
    const { vars, assert, options, description, ...rest } = fieldsOf(value);
    void description;
    const { prefix, suffix, ...otherOptions } = fieldsOf(options);
    return {
      vars: await this.vars(vars),
      assert: (Array.isArray(assert) ? (assert as unknown[]) : []).flatMap((each) => this.asserts(each)),
      prefix: textOf(prefix),
      suffix: textOf(suffix),
      left: [...Object.keys(rest), ...Object.keys(otherOptions).map((name) => `options.${name}`)],
    };
  }

  private async vars(value: unknown): Promise<Fields> {
    const all = typeof value === 'string' ? fieldsOf(await this.file(value)) : fieldsOf(value);
    const found: [string, unknown][] = [];
    for (const [name, each] of Object.entries(all)) {
      const isFile = typeof each === 'string' && each.startsWith('file://');
      found.push([name, isFile ? ((await this.file(each, true)) ?? '') : each]);
    }
    return Object.fromEntries(found);
  }

  /** An assertion, or those of a set; a reference into the configuration is followed. */
  private asserts(value: unknown, steps = 0): PromptfooAssert[] {
    if (steps > mostSteps || this.numAsserts++ > mostAsserts) {
      return [];
    }
    const { $ref, type, value: wanted, threshold, assert } = fieldsOf(value);
    if (typeof $ref === 'string') {
      const target = $ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((at, step) => fieldsOf(at)[step], this.root);
      return target === undefined ? [] : this.asserts(target, steps + 1);
    }
    if (type === 'assert-set') {
      const set = Array.isArray(assert) ? (assert as unknown[]) : [];
      return set.flatMap((each) => this.asserts(each, steps + 1));
    }
    return [
      {
        type: textOf(type),
        ...(wanted === undefined ? {} : { value: wanted }),
        ...(typeof threshold === 'number' ? { threshold } : {}),
      },
    ];
  }

  private isWhole(value: unknown): value is PromptfooTest {
    return typeof value === 'object' && value !== null && this.whole.has(value);
  }

  private async loaded(value: unknown): Promise<unknown> {
    return typeof value === 'string' ? this.file(value) : value;
  }

  /** What a file holds, by its ending; a program or an address is only told of. */
  private async file(name: string, asText = false): Promise<unknown> {
    const path = name.replace(/^file:\/\//, '');
    const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    if (/^[a-z]+:\/\//i.test(path) || ['js', 'ts', 'mjs', 'cjs', 'py', 'xlsx', 'xls'].includes(ending)) {
      this.notes.add('fileKind', name);
      return undefined;
    }
    const text = this.numFiles++ < mostFiles ? await this.read(path) : undefined;
    if (text === undefined) {
      this.notes.add('fileMissing', path);
      return undefined;
    }
    try {
      switch (ending) {
        case 'csv':
          return testsOfCsv(text).map((test) => {
            this.whole.add(test);
            return test;
          });
        case 'jsonl':
          return text
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line) => JSON.parse(line) as unknown);
        case 'yaml':
        case 'yml':
        case 'json':
          return yamlValue(text, mostAliases);
        default:
          return asText ? text.trim() : undefined;
      }
    } catch {
      this.notes.add('fileKind', name);
      return undefined;
    }
  }
}

function joined(common: PromptfooTest, test: PromptfooTest): PromptfooTest {
  return {
    vars: { ...common.vars, ...test.vars },
    assert: [...common.assert, ...test.assert],
    prefix: test.prefix || common.prefix,
    suffix: test.suffix || common.suffix,
    left: [...common.left, ...test.left],
  };
}

/** A test for each combination of values where a variable has several. */
function multiplied(test: PromptfooTest, most: number): PromptfooTest[] {
  let all: Fields[] = [{}];
  for (const [name, value] of Object.entries(test.vars)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    const more: Fields[] = [];
    for (const vars of all) {
      values.slice(0, most - more.length).forEach((each) => more.push({ ...vars, [name]: each }));
    }
    all = more;
  }
  return all.map((vars) => ({ ...test, vars }));
}
