import type * as vscode from 'vscode';
import { type CellAddress, type CellResult, cellKey } from '../protocol/prompts';
import type { SuiteSession } from './suiteSession';

/** Who is told how a run of some cells goes. */
export interface AskHearer {
  started(cell: CellAddress): void;
  answered(result: CellResult): void;
}

/** Asks cells of a suite. Resolves when all of them are answered, or when the run was stopped, here or in the grid. */
export function askCells(
  suite: SuiteSession,
  cells: readonly CellAddress[],
  token: vscode.CancellationToken,
  hearer: AskHearer,
): Promise<void> {
  const { session } = suite;
  const waiting = new Set(cells.map(cellKey));
  if (waiting.size === 0) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const start = (cell: CellAddress | null): void => {
      if (cell && waiting.has(cellKey(cell))) {
        hearer.started(cell);
      }
    };
    const listening = suite.listen({
      changed: () => undefined,
      streamed: start,
      cellsChanged: ({ results, progress }) => {
        for (const result of results) {
          if (waiting.delete(cellKey(result))) {
            hearer.answered(result);
          }
        }
        start(progress.cell);
        if (waiting.size === 0 || progress.state === 'idle') {
          listening.dispose();
          stopping.dispose();
          resolve();
        }
      },
    });
    const stopping = token.onCancellationRequested(() => session.stop());
    // The first of an item's repeats stands for all of them.
    session.run(cells.filter(({ repeat }) => !repeat));
  });
}
