import * as vscode from 'vscode';
import { errorText } from '../host/errorText';
import type { ScopeError } from '../protocol/errors';
import type { PromptSnapshot } from '../protocol/promptPage';
import type { PromptSession } from '../study/promptSession';

/** What can be picked in the page, beside the session that it shows. */
export type BenchParts = Pick<PromptSnapshot, 'tasks' | 'strings' | 'suite'>;

const idle = { state: 'idle', done: 0, total: 0, secondsLeft: null, cell: null, running: [] } as const;

/** What a page of the prompt workbench shows of a session. */
export function benchSnapshot(parts: BenchParts, session: PromptSession | undefined): PromptSnapshot {
  const summary = session?.summary() ?? null;
  return {
    locale: vscode.env.language,
    ...parts,
    study: session?.study ?? null,
    inputCells: session?.inputCells ?? [],
    results: session?.results() ?? [],
    numOutdated: session?.numOutdated ?? 0,
    summary,
    findings: session?.findings(summary) ?? [],
    advice: session?.advice(summary) ?? [],
    isTrusted: vscode.workspace.isTrusted,
    progress: session?.progress ?? idle,
    places: session?.places() ?? [],
    canUndo: session?.canUndo ?? false,
    canRedo: session?.canRedo ?? false,
  };
}

/** A failure in one line of the reader's language, as a cell shows it. */
export function describeFailure(error: ScopeError): string {
  const { message, detail } = errorText(error);
  return detail === undefined ? message : `${message} (${detail})`;
}
