import * as vscode from 'vscode';
import { rawPicture } from '../host/selectedPicture';
import { ScopeError } from '../protocol/errors';
import type { ShownPicture } from '../protocol/imagePage';

/** The pictures that a page may ask for, by number: a page names no files. */
export class PictureBook {
  private readonly uris: vscode.Uri[] = [];
  private readonly ids = new Map<string, number>();

  shown(uri: vscode.Uri): ShownPicture {
    const key = uri.toString();
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.uris.push(uri) - 1;
      this.ids.set(key, id);
    }
    return { id, name: nameOf(uri), path: vscode.workspace.asRelativePath(uri) };
  }

  /** From now on files get new numbers, since what they hold may have changed; the old ones stay good. */
  renew(): void {
    this.ids.clear();
  }

  /** @throws {ScopeError} `badRequest` for a number that was never given */
  uri(id: number): vscode.Uri {
    const uri = Number.isSafeInteger(id) ? this.uris[id] : undefined;
    if (!uri) {
      throw new ScopeError('badRequest', `picture ${id}`);
    }
    return uri;
  }

  /** The file, for showing it. @throws {ScopeError} `pictureUnreadable` */
  async file(id: number): Promise<{ readonly type: string; readonly bytes: ArrayBuffer }> {
    const uri = this.uri(id);
    const { type, bytes } = await rawPicture(uri, nameOf(uri));
    return { type, bytes: bytes.buffer };
  }
}

export function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}
