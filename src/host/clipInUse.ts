import * as vscode from 'vscode';
import type { ModelSource } from '../protocol/model';
import { jsonOf } from './fileText';
import type { Models } from './models';
import { uriOfFolder } from './modelUri';

const bundled = 'scope-clip';

/** The chosen model of pictures where it reads texts too, else the bundled CLIP in its place. */
export async function clipInUse(
  models: Models,
): Promise<{ readonly source: ModelSource; readonly insteadOf: string | null }> {
  const current = models.current('picture');
  return (await readsTexts(current.folder))
    ? { source: current, insteadOf: null }
    : { source: models.bundledSource(bundled), insteadOf: current.id };
}

/** Whether a folder's configuration tells of a tower for texts. One that cannot be read is left to whoever loads it. */
async function readsTexts(folder: string): Promise<boolean> {
  try {
    const config = await jsonOf(vscode.Uri.joinPath(uriOfFolder(folder), 'config.json'));
    return typeof config !== 'object' || config === null || 'text_config' in config;
  } catch {
    return true;
  }
}
