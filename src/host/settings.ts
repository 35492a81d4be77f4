import * as vscode from 'vscode';
import { settingsSection } from './ids';
import { type Settings, settingDefaults } from './settingDefaults';

/** What is set now; the settings file may hold anything, so a value is of its type only as far as VS Code sees to it. */
export function setting<K extends keyof Settings>(key: K): Settings[K] {
  return vscode.workspace.getConfiguration(settingsSection).get<Settings[K]>(key, settingDefaults[key]);
}

/** Sets a value for all windows; `undefined` goes back to the default. */
export async function changeSetting<K extends keyof Settings>(
  key: K,
  value: Settings[K] | undefined,
): Promise<void> {
  await vscode.workspace
    .getConfiguration(settingsSection)
    .update(key, value, vscode.ConfigurationTarget.Global);
}

/** Calls back when a setting changes: the one that is named, else any of ours. */
export function onSettingChanged(changed: () => void, key?: keyof Settings): vscode.Disposable {
  const name = key === undefined ? settingsSection : `${settingsSection}.${key}`;
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(name)) {
      changed();
    }
  });
}
