import * as vscode from 'vscode';
import { isScopeError, toScopeError } from '../protocol/errors';
import { commandIds } from './ids';
import { errorText } from './errorText';

/** A button on a message. */
export interface MessageAction {
  readonly label: string;
  readonly run: () => unknown;
}

/**
 * The one place that shows messages; for failures that have no panel to be told in. Does not wait until it is
 * read: whoever ran the command would wait as long.
 */
export function notifyFailure(
  error: unknown,
  log: vscode.LogOutputChannel,
  ...actions: readonly MessageAction[]
): void {
  if (isScopeError(error, 'cancelled')) {
    return;
  }
  const failure = toScopeError(error);
  if (failure.code === 'desktopOnly') {
    const run = (): unknown =>
      vscode.env.openExternal(vscode.Uri.parse('https://code.visualstudio.com/download'));
    notify(errorText(failure).message, { label: vscode.l10n.t('Get VS Code'), run });
    return;
  }
  log.error(failure.cause instanceof Error ? failure.cause : failure);
  const { message, detail } = errorText(failure);
  // Which file, which answer: what is to be done about a download depends on it.
  const told = detail !== undefined && aboutModels.test(failure.code) ? `${message} (${detail})` : message;
  const openLog = {
    label: vscode.l10n.t('Open Log'),
    run: () => vscode.commands.executeCommand(commandIds.openLog),
  };
  void act([...actions, openLog], (...labels) => vscode.window.showErrorMessage(told, ...labels));
}

const aboutModels = /^(hub|diskFull|badModelId|modelIncomplete|headMissing)/;

/** Tells of something that went well. Does not wait until it is read. */
export function notify(message: string, ...actions: readonly MessageAction[]): void {
  void act(actions, (...labels) => vscode.window.showInformationMessage(message, ...labels));
}

async function act(
  actions: readonly MessageAction[],
  show: (...labels: string[]) => Thenable<string | undefined>,
): Promise<void> {
  const picked = await show(...actions.map(({ label }) => label));
  await actions.find(({ label }) => label === picked)?.run();
}
