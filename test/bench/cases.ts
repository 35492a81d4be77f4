import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { RuntimeKind } from '../../src/inference/runtime';
import { keptMemory } from '../../src/worker/allocator';
import type { Precision } from './graphWriter';

/** What the parent asks of a child process, and what comes back: JSON both ways. */

interface Case {
  readonly folder: string;
  readonly precision: Precision;
  readonly threads: number;
}

export interface ForwardCase extends Case {
  readonly runtime: RuntimeKind;
  readonly rounds: number;
  readonly lengths: readonly number[];
}

/** Milliseconds. */
export interface ForwardRow {
  readonly tokens: number;
  readonly plain: number;
  readonly tapped: number;
  /** Self-check and thumbnails, after the pass. */
  readonly picture: number;
  /** Native code only. */
  readonly direct?: number;
  readonly transformersJs?: number;
}

export interface ForwardFigures {
  readonly readMilliseconds: number;
  readonly prepareMilliseconds: number;
  readonly createMilliseconds: number;
  readonly rows: readonly ForwardRow[];
}

export interface MemoryCase extends Case {
  readonly runtime: RuntimeKind;
  readonly tokens: number;
  readonly tap: boolean;
}

export interface MemoryFigures {
  readonly peakMegabytes: number;
  /** After the runs, the model still loaded. */
  readonly residentMegabytes: number;
}

export interface TokenizingCase {
  /** Model folders. */
  readonly folders: readonly string[];
  readonly text: string;
  readonly rounds: number;
}

/** Tokens per second. */
export interface TokenizingRow {
  readonly name: string;
  readonly kind: string;
  readonly tokens: number;
  /** With the range of each token in the text. */
  readonly ours: number;
  /** Ids only: it knows no ranges. */
  readonly transformersJs: number;
}

export interface GenerationCase extends Case {
  readonly rounds: number;
  readonly newTokens: number;
}

/** Tokens per second. */
export interface GenerationFigures {
  readonly ours: number;
  readonly transformersJs: number;
  /** Whether both wrote the same text. */
  readonly sameTokens: boolean;
}

export interface SharingCase {
  readonly folder: string;
  /** Which graph of the folder, e.g. `onnx/model_quantized.onnx`. */
  readonly graph: string;
  readonly threads: number;
  readonly rounds: number;
  readonly newTokens: number;
  readonly numExamples: number;
}

/** Of a prompt in the mean; times are milliseconds of an answer, reading and writing. */
export interface SharingFigures {
  readonly promptTokens: number;
  readonly reusedTokens: number;
  readonly apart: number;
  readonly shared: number;
}

export interface WorkbenchCase {
  readonly root: string;
  readonly numItems: number;
  readonly numCells: number;
  readonly rounds: number;
}

/** Milliseconds. */
export interface WorkbenchFigures {
  /** Around each answer, beyond the model's own time. */
  readonly overhead: number;
  /** A study with this many answers, until the page can be told. */
  readonly opening: number;
  /** The summary anew, after an answer. */
  readonly update: number;
}

/** Runs a script of this folder in a fresh process and reads the JSON of its last line. */
export function inChild<Result>(script: string, given: object): Result {
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', join(__dirname, script), JSON.stringify(given)],
    {
      ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      // As the extension starts its process.
      env: { ...keptMemory, ...process.env },
    },
  );
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Result;
}
