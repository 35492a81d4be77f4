import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';
import type { Picture } from '../protocol/picture';
import { type PictureType, pictureExtensions, pictureType, statedSize } from './pictureType';
import type { PictureFile, SelectedPicture } from './subject';

/** Makes a PNG of a picture that only a browser can read. */
export type ToPng = (file: Picture, type: PictureType) => Promise<Uint8Array>;

const maxMegabytes = 64;
const maxMegapixels = 64;

export function selectedPicture(uri: vscode.Uri, toPng: ToPng): SelectedPicture {
  const name = uri.path.split('/').at(-1) ?? uri.path;
  return { uri: uri.toString(), name, read: () => readPicture(uri, name, toPng) };
}

async function readPicture(uri: vscode.Uri, name: string, toPng: ToPng): Promise<PictureFile> {
  const { type, bytes } = await rawPicture(uri, name);
  const isReadable = type === 'image/png' || type === 'image/jpeg';
  return {
    type,
    bytes,
    readable: { name, bytes: isReadable ? bytes : await toPng({ name, bytes }, type) },
  };
}

/** The file as it is. @throws {ScopeError} `pictureUnreadable` for no picture, and for an enormous one */
export async function rawPicture(
  uri: vscode.Uri,
  name: string,
): Promise<{ readonly type: PictureType; readonly bytes: Uint8Array<ArrayBuffer> }> {
  const unreadable = (why: string, cause?: unknown): ScopeError =>
    new ScopeError('pictureUnreadable', `${name}: ${why}`, { cause });
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > maxMegabytes * 1e6) {
      throw unreadable(`${Math.round(size / 1e6)} MB; at most ${maxMegabytes} MB are read`);
    }
    // Copied: what comes may be Node's Buffer, a view of a larger one, which VS Code's messages do not carry.
    bytes = new Uint8Array(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    throw error instanceof ScopeError ? error : unreadable(String(error), error);
  }
  const type = pictureType(bytes);
  if (type === undefined) {
    throw unreadable(bytes.length === 0 ? 'the file is empty' : 'PNG, JPEG, WebP, GIF, BMP and SVG are read');
  }
  const size = statedSize(bytes, type);
  if (size && size.width * size.height > maxMegapixels * 1024 * 1024) {
    throw unreadable(`${size.width} × ${size.height} pixels; at most ${maxMegapixels} megapixels are read`);
  }
  return { type, bytes };
}

/** The file that a menu was opened on, else the picture in the active editor, else one that the person picks. */
export async function pictureUri(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) {
    return argument;
  }
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const open =
    input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
  const extension = open?.path.split('.').at(-1)?.toLowerCase() ?? '';
  return open && pictureExtensions.some((each) => each === extension) ? open : pickPicture();
}

/** Asks for a picture file. */
export async function pickPicture(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: false,
    filters: { [vscode.l10n.t('Pictures')]: [...pictureExtensions] },
    openLabel: vscode.l10n.t('Look Inside'),
  });
  return picked?.[0];
}
