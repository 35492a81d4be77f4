import * as vscode from 'vscode';
import { jsonOf } from '../host/fileText';
import { loadedOnce } from '../host/loadedOnce';
import { folderOf } from '../host/modelUri';
import type { BundledModel } from '../host/models';

/**
 * The files of the bundled models, which are all that there is in the browser. The manifest says which exist, so that
 * none is asked for in vain where asking is a request on the network.
 */
export class BundledFiles {
  private readonly list = loadedOnce(() => this.readManifest());

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** Bytes; undefined where there is no such file. */
  async size(folder: string, name: string): Promise<number | undefined> {
    return (await this.list()).get(folder)?.get(name);
  }

  /** Undefined where there is no such file. */
  async read(folder: string, name: string): Promise<Uint8Array | undefined> {
    return (await this.size(folder, name)) === undefined
      ? undefined
      : vscode.workspace.fs.readFile(vscode.Uri.joinPath(vscode.Uri.parse(folder), name));
  }

  private async readManifest(): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
    const models = vscode.Uri.joinPath(this.extensionUri, 'models');
    const read = await jsonOf(vscode.Uri.joinPath(models, 'manifest.json'));
    const manifest = read as { readonly models: BundledModel[] };
    return new Map(
      manifest.models.map(({ id, files }) => [
        folderOf(vscode.Uri.joinPath(models, id)),
        new Map(files.map(({ path, size }) => [path, size])),
      ]),
    );
  }
}
