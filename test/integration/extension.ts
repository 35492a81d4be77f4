import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { Workbench } from './workbench';

/** The extension under test, awake: `exports` is what it offers to tests. */
export async function theExtension(): Promise<vscode.Extension<ExtensionApi>> {
  const found = vscode.extensions.getExtension<ExtensionApi>('transformer-scope.transformer-scope');
  assert.ok(found, 'the extension is installed');
  await found.activate();
  return found;
}

/** Runs one of its commands, by the name behind the dot. */
export function run<Result = unknown>(command: string, ...values: unknown[]): Thenable<Result> {
  return vscode.commands.executeCommand<Result>(`transformerScope.${command}`, ...values);
}

/** Writes one of its settings for the person; undefined takes it back. */
export function set(key: string, value: unknown): Thenable<void> {
  return vscode.workspace
    .getConfiguration('transformerScope')
    .update(key, value, vscode.ConfigurationTarget.Global);
}

/** The window to be driven as a person does; undefined on the desktop, which nothing connects to. */
export function theWorkbench(): Promise<Workbench | undefined> {
  const address = process.env['TRANSFORMER_SCOPE_CDP'];
  return address === undefined ? Promise.resolve(undefined) : Workbench.connect(address);
}
