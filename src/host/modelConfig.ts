import * as vscode from 'vscode';

/** What a folder's `config.json` says; empty where there is none that can be read. */
export async function configOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const bytes = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(vscode.Uri.file(folder), 'config.json'),
    );
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The classes that a folder's configuration names, e.g. `BertForMaskedLM`, with a space between them. */
export async function classesOf(folder: string): Promise<string> {
  const { architectures } = await configOf(folder);
  return Array.isArray(architectures) ? architectures.join(' ') : '';
}

/** Whether a folder's configuration tells of a vision transformer or of CLIP. */
export async function readsImages(folder: string): Promise<boolean> {
  const { vision_config: tower, patch_size: patch } = await configOf(folder);
  return tower !== undefined || patch !== undefined;
}
