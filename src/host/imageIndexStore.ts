import * as vscode from 'vscode';
import { ImageIndex } from './imageIndex';

/** Indexes of folders that were not searched for long are dropped beyond this number. */
const mostIndexes = 20;

/** Keeps the indexes of folders in the extension's storage. */
export class ImageIndexStore {
  constructor(
    private readonly storage: vscode.Uri,
    private readonly log: (message: string) => void,
  ) {}

  /** What is known of a folder by a model; empty when nothing is. */
  async read(folder: vscode.Uri, model: string): Promise<ImageIndex> {
    try {
      return ImageIndex.fromBytes(await vscode.workspace.fs.readFile(await this.file(folder, model)), model);
    } catch {
      return new ImageIndex(model);
    }
  }

  /** Writes an index beside the old one and swaps them. A full disk costs the memory of a search, not the search. */
  async write(folder: vscode.Uri, index: ImageIndex): Promise<void> {
    const file = await this.file(folder, index.model);
    const fresh = file.with({ path: `${file.path}.new` });
    try {
      await vscode.workspace.fs.createDirectory(this.storage);
      await vscode.workspace.fs.writeFile(fresh, index.toBytes());
      await vscode.workspace.fs.rename(fresh, file, { overwrite: true });
      await this.forgetOldest();
    } catch (error) {
      this.log(`The index of ${folder.path} could not be kept: ${String(error)}`);
    }
  }

  private async forgetOldest(): Promise<void> {
    const names = (await vscode.workspace.fs.readDirectory(this.storage)).map(([name]) => name);
    const dated = await Promise.all(
      names
        .filter((name) => name.endsWith('.vectors'))
        .map(async (name) => {
          const uri = vscode.Uri.joinPath(this.storage, name);
          return { uri, time: (await vscode.workspace.fs.stat(uri)).mtime };
        }),
    );
    const old = dated.sort((a, b) => b.time - a.time).slice(mostIndexes);
    await Promise.all(old.map(({ uri }) => vscode.workspace.fs.delete(uri)));
  }

  private async file(folder: vscode.Uri, model: string): Promise<vscode.Uri> {
    const about = new TextEncoder().encode(`${folder.toString()}\n${model}`);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', about));
    const name = Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return vscode.Uri.joinPath(this.storage, `${name}.vectors`);
  }
}
