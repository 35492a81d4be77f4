import * as vscode from 'vscode';
import { uriOfFolder } from '../host/modelUri';
import { graphNames } from '../protocol/graphNames';
import type { Precision } from '../protocol/model';

/** Stands in for `src/study/modelHash.ts` in the browser, where no file can be read in parts. */
export async function modelHash(folder: string, precision: Precision): Promise<string | undefined> {
  for (const name of graphNames(precision)) {
    try {
      const file = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(uriOfFolder(folder), name));
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', file as BufferSource));
      return `${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')} (${name})`;
    } catch {
      // The next name may exist.
    }
  }
  return undefined;
}
