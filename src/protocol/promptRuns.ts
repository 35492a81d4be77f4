import type { ErrorData } from './errors';
import { RequestType } from './requestType';
import type { Bounds } from './promptSummary';
import type { CellAddress, CellResult, Failure } from './prompts';

/** The runs of a study: what is kept of each, and what can be asked about them. */

/** Who was asked in a run, and on what. */
export interface RunCircumstances {
  readonly models: readonly {
    readonly id: string;
    /** SHA-256 of the graph, and its file. */
    readonly hash?: string;
    readonly precision?: string;
    readonly runtime?: string;
    readonly provider: string;
  }[];
  /** Versions by name: the extension, the editor, Node, the system. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One run: what was asked from one press of a button to its end. */
export interface RunRecord {
  readonly id: number;
  /** Runs of the same number asked the same study. */
  readonly definition: number;
  /** Milliseconds since 1970. */
  readonly began: number;
  /** When its last answer was recorded. */
  readonly ended: number;
  /** Asked here, or brought along by a file. */
  readonly origin: 'asked' | 'brought';
  readonly numAnswers: number;
  /** Of these, answers to test items. */
  readonly numTested: number;
  readonly circumstances?: RunCircumstances;
}

/** How a way of asking did, of all answers that counted when a run ended. */
export interface RunWay {
  readonly strategy: string;
  readonly model: string;
  /** Items with a verdict. */
  readonly numJudged: number;
  /** Of items asked several times the sum of their shares of right answers. */
  readonly numPassed: number;
  readonly accuracy: number;
  /** 95 %: Wilson, or where an item was asked several times a bootstrap over items. */
  readonly interval: Bounds;
}

export interface RunFigures {
  readonly ways: readonly RunWay[];
  readonly numItems: number;
}

export interface RunListing extends RunRecord {
  readonly figures: RunFigures;
  /** What was changed in the study since the run before, as paths such as `task.instruction`. */
  readonly changes: readonly string[];
}

/** An answer with what it was an answer to. */
export interface AnswerRow {
  readonly cell: CellAddress;
  readonly input: string;
  /** Null where only a person can tell. */
  readonly expected: string | null;
  readonly result: CellResult;
}

export const groupKinds = ['kind', 'confusion', 'strategy', 'model'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** Failures that have something in common. */
export interface FailureGroup {
  readonly by: GroupKind;
  /** The failure's kind, a strategy or a model; for confusions what was expected. */
  readonly name: string;
  /** For confusions: what was answered instead, null where no answer could be read. */
  readonly answered?: string | null;
  readonly count: number;
  /** Out of how many answers of the same strategy, model or expected answer; of all for kinds. */
  readonly of: number;
  /** The query that finds them. */
  readonly query: string;
  readonly examples: readonly AnswerRow[];
}

/** The fields of a query over answers; `prompts/answerQuery.ts` says what each takes. */
export const choiceFields = ['failure', 'pass', 'judged', 'format'] as const;
export const textFields = [
  'text',
  'input',
  'output',
  'answer',
  'expected',
  'error',
  'strategy',
  'model',
] as const;
export const numberFields = ['item', 'repeat', 'ms', 'tokens', 'prompt', 'bits', 'score', 'price'] as const;
export const queryFields: readonly string[] = [...choiceFields, ...textFields, ...numberFields];

/** Why a query cannot be read. */
export interface QueryProblem {
  readonly kind: 'unknownField' | 'notANumber' | 'unknownValue' | 'openQuote' | 'emptyValue';
  /** The piece of the query. */
  readonly piece: string;
  /** What could stand there. */
  readonly choices: readonly string[];
}

export interface RunLook {
  readonly run: number;
  readonly numAnswers: number;
  readonly numFailures: number;
  readonly groups: readonly FailureGroup[];
  /** The first of those that the query found. */
  readonly rows: readonly AnswerRow[];
  readonly numFound: number;
  readonly problem: QueryProblem | null;
}

export interface AnswerSide {
  readonly output: string;
  readonly answer: string | null;
  readonly pass: boolean | null;
  readonly failure: Failure | null;
  readonly error?: string;
}

export const cellChanges = ['lost', 'gained', 'other', 'same', 'only'] as const;
/** `other`: another text with the same verdict, or without one; `only`: in one of the two runs. */
export type CellChange = (typeof cellChanges)[number];

/** The same question in two runs. */
export interface ComparedCell {
  readonly strategy: string;
  readonly model: string;
  readonly repeat: number;
  readonly input: string;
  readonly expected: string | null;
  readonly change: CellChange;
  /** Whether the model read the same prompt; null where that was not recorded. */
  readonly samePrompt: boolean | null;
  readonly before: AnswerSide | null;
  readonly after: AnswerSide | null;
}

/** One way of asking in two runs, on the items that both have a verdict on. */
export interface ComparedWay {
  readonly strategy: string;
  readonly model: string;
  readonly numItems: number;
  readonly before: number;
  readonly after: number;
  readonly gained: number;
  readonly lost: number;
  readonly difference: number;
  /** 95 %, paired bootstrap over items. */
  readonly interval: Bounds;
  /** Exact McNemar, corrected for the number of ways (Holm). */
  readonly p: number;
}

export interface RunComparison {
  readonly before: number;
  readonly after: number;
  readonly ways: readonly ComparedWay[];
  readonly changes: readonly string[];
  readonly counts: Readonly<Record<CellChange, number>>;
  /** The first of those that were asked for. */
  readonly cells: readonly ComparedCell[];
}

export const answerFormats = ['csv', 'json', 'jsonl', 'md', 'html'] as const;
export type AnswerFormat = (typeof answerFormats)[number];

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`prompts/${method}`);

/** The study's runs, the last one first. */
export const ListRuns = request<
  { readonly most: number },
  { readonly runs: readonly RunListing[]; readonly numRuns: number }
>('runs');
/** What failed in a run, and what a query finds in it. */
export const LookAtRun = request<
  { readonly run: number; readonly query: string; readonly most: number },
  RunLook
>('run/look');
/** Null shows every change. */
export const CompareRuns = request<
  {
    readonly before: number;
    readonly after: number;
    readonly change: CellChange | null;
    readonly most: number;
  },
  RunComparison
>('runs/compare');
/** Writes what is on show as a file. */
export const ExportAnswers = request<
  {
    readonly format: AnswerFormat;
    readonly shown:
      | { readonly run: number; readonly query: string }
      | { readonly before: number; readonly after: number; readonly change: CellChange | null };
  },
  { readonly saved: boolean }
>('runs/export');
