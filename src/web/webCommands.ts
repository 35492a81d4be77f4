import type * as vscode from 'vscode';
import type { CommandTable } from '../host/commands';
import type { EditorTracker } from '../host/editorTracker';
import { commandIds } from '../host/ids';
import { showMenu } from '../host/statusItem';
import { type EverydayParts, everydayCommands } from '../panels/everydayCommands';
import { ScopeError } from '../protocol/errors';

/** What each command does in the browser; what cannot work there says so. */
export function webCommands(
  parts: EverydayParts,
  editors: EditorTracker,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): CommandTable {
  const refuse = (): never => {
    throw new ScopeError('desktopOnly');
  };
  const refused = Object.fromEntries(
    Object.keys(commandIds).map((name) => [name, refuse]),
  ) as unknown as CommandTable;
  return {
    ...refused,
    ...everydayCommands(parts, editors, context, log),
    showMenu: () => showMenu(parts.overlay.current !== undefined || parts.glow.current !== undefined),
  };
}
