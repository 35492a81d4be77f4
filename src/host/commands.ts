import * as vscode from 'vscode';
import { commandIds } from './ids';
import { notifyFailure } from './notify';

export type CommandTable = {
  readonly [K in keyof typeof commandIds]: (
    argument?: unknown,
    selected?: unknown,
  ) => Promise<unknown> | unknown;
};

/**
 * Registers every command of {@link commandIds}; a missing one is a compile error. What a command finds is what
 * `executeCommand` resolves to. `done` hears what went well.
 */
export function registerCommands(
  table: CommandTable,
  log: vscode.LogOutputChannel,
  done: (name: string) => void,
): vscode.Disposable {
  const registered = Object.entries(commandIds).map(([name, id]) =>
    vscode.commands.registerCommand(id, async (argument?: unknown, selected?: unknown) => {
      try {
        const found = await table[name as keyof CommandTable](argument, selected);
        done(name);
        return found;
      } catch (error) {
        notifyFailure(error, log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
