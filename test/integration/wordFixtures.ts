import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import expected from '../fixtures/words/expected.json';
import { theExtension } from './extension';

/** What `test/fixtures/words/generate.py` found without this extension. */
export const golden = expected;

export function assertNear(actual: number | undefined, wanted: number, tolerance = 1e-4): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - wanted) <= tolerance,
    `${actual} is not ${wanted} ± ${tolerance}`,
  );
}

export async function activated(): Promise<ExtensionApi> {
  return (await theExtension()).exports;
}

/** Selects the places where these texts stand, in their order. */
export function select(editor: vscode.TextEditor, ...texts: readonly string[]): void {
  let from = 0;
  editor.selections = texts.map((text) => {
    const start = editor.document.getText().indexOf(text, from);
    assert.ok(start >= 0, text);
    from = start + text.length;
    return new vscode.Selection(editor.document.positionAt(start), editor.document.positionAt(from));
  });
}

/** Accepts what a list offers first, again and again, until the command is done. */
export async function acceptUntilDone<T>(running: Thenable<T>): Promise<T> {
  return pressUntilDone(running, 'workbench.action.acceptSelectedQuickOpenItem');
}

/** Closes the list that a command shows. */
export async function closeUntilDone<T>(running: Thenable<T>): Promise<T> {
  return pressUntilDone(running, 'workbench.action.closeQuickOpen');
}

async function pressUntilDone<T>(running: Thenable<T>, command: string): Promise<T> {
  let done = false;
  const finished = Promise.resolve(running).finally(() => (done = true));
  for (let tries = 0; tries === 0 || (!done && tries < 300); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await vscode.commands.executeCommand(command);
  }
  return finished;
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
