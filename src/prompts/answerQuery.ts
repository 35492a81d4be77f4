import {
  type AnswerRow,
  type QueryProblem,
  type choiceFields,
  type numberFields,
  queryFields,
  type textFields,
} from '../protocol/promptRuns';

/**
 * A query over answers: terms with spaces between, all of which must hold; a minus before a term turns it round.
 *
 * - `word`, `"some words"`: in the input, the output or the expected answer
 * - `text:`, `input:`, `output:`, `answer:`, `expected:`, `error:`, `strategy:`, `model:`: contains this
 * - the same with `=` instead of the colon: is exactly this
 * - `failure:` one of `empty`, `format`, `wrong`, `cut`, `error`, `any`, `none`
 * - `pass:` `yes`, `no` or `open`; `judged:` (by a person) and `format:` (kept) `yes` or `no`; `answer:none` where
 *   none could be read
 * - `item` (from 1; 0 is the study's own input), `repeat` (from 1), `ms`, `tokens`, `prompt` (tokens), `bits`, `score`
 *   and `price` with `:` or `=`, `>`, `>=`, `<`, `<=` and a number
 *
 * Upper and lower case are the same, except after `=`.
 */
export interface Query {
  matches(row: AnswerRow): boolean;
}

const texts: Readonly<Record<(typeof textFields)[number], (row: AnswerRow) => string>> = {
  text: ({ input, expected, result }) => [input, expected ?? '', result.output].join('\n'),
  input: ({ input }) => input,
  output: ({ result }) => result.output,
  answer: ({ result }) => result.answer ?? '',
  expected: ({ expected }) => expected ?? '',
  error: ({ result }) => result.error ?? '',
  strategy: ({ cell }) => cell.strategy,
  model: ({ cell }) => cell.model,
};

const numbers: Readonly<Record<(typeof numberFields)[number], (row: AnswerRow) => number | null>> = {
  item: ({ cell }) => cell.item + 1,
  repeat: ({ cell }) => (cell.repeat ?? 0) + 1,
  ms: ({ result }) => result.milliseconds,
  tokens: ({ result }) => result.numNewTokens,
  prompt: ({ result }) => result.numPromptTokens,
  bits: ({ result }) => result.meanBits,
  score: ({ result }) => result.score ?? null,
  price: ({ result }) => result.price ?? null,
};

const yesNo = (is: boolean | null): string => (is === null ? 'open' : is ? 'yes' : 'no');

interface Choice {
  readonly values: readonly string[];
  holds(row: AnswerRow, value: string): boolean;
}

const choices: Readonly<Record<(typeof choiceFields)[number], Choice>> = {
  failure: {
    values: ['empty', 'format', 'wrong', 'cut', 'error', 'any', 'none'],
    holds: ({ result }, value) =>
      value === 'any' ? result.failure !== null : (result.failure ?? 'none') === value,
  },
  pass: { values: ['yes', 'no', 'open'], holds: ({ result }, value) => yesNo(result.pass) === value },
  judged: {
    values: ['yes', 'no'],
    holds: ({ result }, value) => yesNo(result.judged === true) === value,
  },
  format: { values: ['yes', 'no'], holds: ({ result }, value) => yesNo(result.formatKept) === value },
};

/** Thrown for what cannot be read as a query. */
export class QueryError extends Error {
  constructor(readonly problem: QueryProblem) {
    super(`${problem.kind}: ${problem.piece}`);
    this.name = 'QueryError';
  }
}

type Test = (row: AnswerRow) => boolean;

/** @throws {QueryError} for what is none */
export function parseQuery(text: string): Query {
  const tests = pieces(text).map((piece): Test => {
    const negated = piece.startsWith('-') && piece.length > 1;
    const test = termOf(negated ? piece.slice(1) : piece);
    return negated ? (row) => !test(row) : test;
  });
  return { matches: (row) => tests.every((test) => test(row)) };
}

/** A value as a query writes it: in quotes where it would be read as something else. */
export function quoted(value: string): string {
  return /^[\p{L}\p{N}_.+/-]+$/u.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Splits at spaces outside quotes; in quotes a backslash takes the next character as it is. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let piece = '';
  let quote = -1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote >= 0 && char === '\\') {
      piece += char + text.charAt(++at);
    } else if (quote < 0 && /\s/.test(char)) {
      found.push(piece);
      piece = '';
    } else {
      piece += char;
      quote = char !== '"' ? quote : quote < 0 ? at : -1;
    }
  }
  if (quote >= 0) {
    throw new QueryError({ kind: 'openQuote', piece: text.slice(quote), choices: [] });
  }
  return [...found, piece].filter((each) => each !== '');
}

function termOf(piece: string): Test {
  const parts = /^([\p{L}]+)(:|>=|<=|=|>|<)(.*)$/su.exec(piece);
  if (!parts) {
    return contains(texts.text, unquoted(piece));
  }
  const [, name = '', sign = '', raw = ''] = parts;
  const field = name.toLowerCase();
  const value = unquoted(raw);
  if (value === '' && raw !== '""') {
    throw new QueryError({ kind: 'emptyValue', piece, choices: [] });
  }
  const number = own(numbers, field);
  if (number) {
    return compares(number, sign, value, piece);
  }
  const choice = own(choices, field);
  if (choice && /[:=]$/.test(sign) && sign.length === 1) {
    const wanted = value.toLowerCase();
    if (!choice.values.includes(wanted)) {
      throw new QueryError({ kind: 'unknownValue', piece, choices: choice.values });
    }
    return (row) => choice.holds(row, wanted);
  }
  const text = own(texts, field);
  if (text && (sign === ':' || sign === '=')) {
    if (field === 'answer' && piece.toLowerCase() === 'answer:none') {
      return ({ result }) => result.answer === null;
    }
    return sign === '=' ? (row) => text(row) === value : contains(text, value);
  }
  throw new QueryError({ kind: 'unknownField', piece, choices: queryFields });
}

/** What a table has under a name that a person wrote. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function contains(text: (row: AnswerRow) => string, value: string): Test {
  const wanted = value.toLowerCase();
  return (row) => text(row).toLowerCase().includes(wanted);
}

function compares(of: (row: AnswerRow) => number | null, sign: string, text: string, piece: string): Test {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new QueryError({ kind: 'notANumber', piece, choices: [] });
  }
  const holds = {
    ':': (own: number) => own === value,
    '=': (own: number) => own === value,
    '>': (own: number) => own > value,
    '>=': (own: number) => own >= value,
    '<': (own: number) => own < value,
    '<=': (own: number) => own <= value,
  }[sign] as (own: number) => boolean;
  return (row) => {
    const own = of(row);
    return own !== null && holds(own);
  };
}

function unquoted(text: string): string {
  return text.replace(/"((?:\\.|[^"\\])*)"/gsu, (_, inside: string) => inside.replace(/\\(.)/gsu, '$1'));
}
