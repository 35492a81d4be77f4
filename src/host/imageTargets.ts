import * as vscode from 'vscode';
import { isPictureName, picturesIn } from './folderPictures';
import { pictureExtensions } from './pictureType';
import { pictureUri } from './selectedPicture';

/** What commands about pictures were run on. */
export interface PictureTargets {
  readonly uris: readonly vscode.Uri[];
  /** How many there are, when not all were taken. */
  readonly numOffered: number;
}

/**
 * The files that were selected in the explorer, with the pictures of selected folders; else the picture in the
 * active editor, else what the person picks.
 * @returns undefined when nothing was picked
 */
export async function pictureTargets(
  argument: unknown,
  selected: unknown,
  most: number,
): Promise<PictureTargets | undefined> {
  const chosen =
    Array.isArray(selected) && selected.every((each) => each instanceof vscode.Uri) ? selected : [];
  if (!(argument instanceof vscode.Uri)) {
    const uri = await pictureUri(undefined);
    return uri && { uris: [uri], numOffered: 1 };
  }
  // The explorer's selection does not count where the menu was opened on something outside of it.
  const isSelected = chosen.some((each) => each.toString() === argument.toString());
  const uris: vscode.Uri[] = [];
  let isLimited = false;
  for (const uri of isSelected ? chosen : [argument]) {
    if (isPictureName(uri.path) || !(await isFolder(uri))) {
      uris.push(uri);
    } else {
      const found = await picturesIn(uri, most, { found: () => undefined, stopped: () => false });
      uris.push(...found.uris);
      isLimited ||= found.isLimited;
    }
  }
  const kept = [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
  return { uris: kept.slice(0, most), numOffered: Math.max(kept.length, isLimited ? most + 1 : 0) };
}

/** The folder that a menu was opened on, or that of a file; else one of the workspace, else one that is picked. */
export async function folderTarget(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) {
    return (await isFolder(argument)) ? argument : vscode.Uri.joinPath(argument, '..');
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    return pickPictureFolder();
  }
  const [first] = folders;
  return folders.length === 1
    ? first?.uri
    : (
        await vscode.window.showWorkspaceFolderPick({
          placeHolder: vscode.l10n.t('Folder whose pictures are searched'),
        })
      )?.uri;
}

/** Asks for a folder of pictures. */
export async function pickPictureFolder(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Search Its Pictures'),
  });
  return picked?.[0];
}

/** Asks for several picture files. */
export async function pickPictures(): Promise<readonly vscode.Uri[]> {
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: true,
    filters: { [vscode.l10n.t('Pictures')]: [...pictureExtensions] },
    openLabel: vscode.l10n.t('Classify'),
  });
  return picked ?? [];
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    return false;
  }
}
