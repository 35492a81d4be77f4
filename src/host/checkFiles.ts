import { join } from 'node:path';
import * as vscode from 'vscode';
import { checkFolder } from '../hub/checkFolder';
import type { RemoteFile } from '../hub/hub';
import { damagedFiles } from '../hub/hubCache';
import { hasListedContent } from '../hub/verify';
import { ScopeError } from '../protocol/errors';
import type { ModelRow } from './modelRows';
import { notify } from './notify';

/** Reads the files of a model anew and compares them with whatever is known of them. */
export async function checkModel({ source, origin }: ModelRow): Promise<void> {
  const { id, folder } = source;
  const { t } = vscode.l10n;
  if (origin.from === 'bundle') {
    const damaged = await damagedOf(id, folder, origin.model.files);
    if (damaged.length > 0) {
      throw new ScopeError('modelIncomplete', damaged.join(', '));
    }
    notify(t('{0}: all {1} files are as shipped.', id, origin.model.files.length));
  } else if (origin.from === 'hub') {
    await checkFiles(id, folder, origin.model.files);
  } else {
    const damaged = await checking(id, async (signal) => [
      ...(await checkFolder(folder)).problems.map(({ path }) => path),
      ...(origin.from === 'cache' ? await damagedFiles(origin.model, signal) : []),
    ]);
    if (damaged.length > 0) {
      throw new ScopeError('modelIncomplete', damaged.join(', '));
    }
    notify(
      origin.from === 'cache'
        ? t('{0}: the files are complete, and their content is what the cache records.', id)
        : t('{0}: the files are complete. There is no record to compare their content with.', id),
    );
  }
}

/** The same for files that the hub has listed. */
export async function checkFiles(id: string, folder: string, files: readonly RemoteFile[]): Promise<void> {
  const damaged = await damagedOf(id, folder, files);
  if (damaged.length > 0) {
    throw new ScopeError('hubWrongContent', damaged.join(', '));
  }
  notify(vscode.l10n.t('{0}: all {1} files match the hub’s list.', id, files.length));
}

function damagedOf(id: string, folder: string, files: readonly RemoteFile[]): Promise<string[]> {
  return checking(id, async (signal, progress) => {
    const found: string[] = [];
    for (const file of files) {
      progress.report({ message: file.path, increment: 100 / files.length });
      const path = join(folder, ...file.path.split('/'));
      if (!(await hasListedContent(path, file, signal).catch(ignoreMissing))) {
        found.push(file.path);
      }
    }
    return found;
  });
}

function checking(
  id: string,
  task: (
    signal: AbortSignal,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
  ) => Promise<string[]>,
): Promise<string[]> {
  const title = vscode.l10n.t('Checking {0}', id);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return task(controller.signal, progress);
    }),
  );
}

function ignoreMissing(error: unknown): boolean {
  if (error instanceof ScopeError) {
    throw error;
  }
  return false;
}
