import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';

/** A template's own complaint, raised by `raise_exception` for the person who wrote the messages. */
export class TemplateRefusal extends Error {}

const maxSteps = 2_000_000;
const maxSource = 1_000_000;
const maxBlanks = 500;
const maxValue = 8_000_000;
const maxList = 100_000;
/** A loop with an empty body takes no steps, so what loops run over is counted too. */
const maxItems = 200_000;

type Evaluate = Interpreter['evaluate'];
type Value = ReturnType<Evaluate>;

/** A `for` statement: what it runs over, behind an `if` perhaps. */
interface LoopLike {
  readonly iterable?: object & { readonly lhs?: object };
}

/**
 * Templates come with downloaded models, so each step and each value is counted. Not bounded: the sum of
 * many values that are alive at once (each is), and one filter call before its result is looked at, up to
 * the engine's longest string (half a gigabyte).
 */
class BoundedInterpreter extends Interpreter {
  private steps = 0;
  private items = 0;
  private readonly loopedOver = new WeakSet<object>();

  override evaluate(...args: Parameters<Evaluate>): Value {
    if (++this.steps > maxSteps) {
      throw new Error(`more than ${maxSteps} steps`);
    }
    const statement = args[0] as LoopLike | undefined;
    if (statement?.iterable) {
      this.loopedOver.add(statement.iterable.lhs ?? statement.iterable);
    }
    const value = super.evaluate(...args);
    const content: unknown = value.value;
    if (typeof content === 'string' && content.length > maxValue) {
      throw new Error(`a text of ${content.length} characters`);
    }
    const length = Array.isArray(content) ? content.length : content instanceof Map ? content.size : 0;
    this.items += statement && this.loopedOver.has(statement) ? length : 0;
    if (length > maxList || this.items > maxItems) {
      throw new Error(`a list of ${length} items, after loops over ${this.items}`);
    }
    return value;
  }
}

/**
 * Renders a Jinja template as Hugging Face does: `trim_blocks`, `lstrip_blocks`, loop controls, `tojson`.
 * @throws {TemplateRefusal} with the template's sentence
 * @throws {Error} for a template that is wrong, or too much work
 */
export function renderTemplate(source: string, variables: Readonly<Record<string, unknown>>): string {
  if (source.length > maxSource) {
    throw new Error(`a template of ${source.length} characters`);
  }
  // The engine looks at a row of blanks from each of them on.
  if (longestBlank(source) > maxBlanks) {
    throw new Error(`more than ${maxBlanks} blanks in a row`);
  }
  const environment = new Environment();
  const globals: Readonly<Record<string, unknown>> = {
    ...{ true: true, false: false, none: null, True: true, False: false, None: null },
    range: boundedRange,
    strftime_now: formatNow,
    raise_exception: (sentence: unknown) => {
      throw new TemplateRefusal(String(sentence));
    },
    ...variables,
  };
  for (const [name, value] of Object.entries(globals)) {
    environment.set(name, value);
  }
  const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  return String(new BoundedInterpreter(environment).run(program).value);
}

function longestBlank(source: string): number {
  let [longest, run] = [0, 0];
  for (const sign of source) {
    run = sign.trim() === '' ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function boundedRange(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= maxList)) {
    throw new Error(`a range of ${length} numbers`);
  }
  return Array.from({ length }, (_, index) => from + index * step);
}

/** Python's `strftime` for the fields that chat templates write a date with. */
function formatNow(format: string): string {
  const now = new Date();
  const part = (options: Intl.DateTimeFormatOptions): string => now.toLocaleDateString('en-US', options);
  const two = (value: number): string => String(value).padStart(2, '0');
  const fields: Readonly<Record<string, string>> = {
    ...{ Y: String(now.getFullYear()), m: two(now.getMonth() + 1), d: two(now.getDate()) },
    ...{ H: two(now.getHours()), M: two(now.getMinutes()), S: two(now.getSeconds()) },
    ...{ b: part({ month: 'short' }), B: part({ month: 'long' }) },
    ...{ a: part({ weekday: 'short' }), A: part({ weekday: 'long' }), '%': '%' },
  };
  return format.replace(/%(.)/g, (whole, field: string) => fields[field] ?? whole);
}
