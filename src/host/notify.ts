import * as vscode from 'vscode';
import { isScopeError, toScopeError } from '../protocol/errors';
import { commandIds } from './ids';
import { errorText } from './errorText';

/** The one place that shows messages; for failures that have no panel to be told in. */
export async function notifyFailure(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (isScopeError(error, 'cancelled')) {
    return;
  }
  const failure = toScopeError(error);
  log.error(failure.cause instanceof Error ? failure.cause : failure);
  const openLog = vscode.l10n.t('Open Log');
  const picked = await vscode.window.showErrorMessage(errorText(failure).message, openLog);
  if (picked === openLog) {
    await vscode.commands.executeCommand(commandIds.openLog);
  }
}
