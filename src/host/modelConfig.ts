import * as vscode from 'vscode';
import { jsonOf } from './fileText';
import { uriOfFolder } from './modelUri';

/** What a folder's `config.json` says; empty where there is none that can be read. */
export function configOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  return jsonIn(folder, 'config.json');
}

/** How the model's tokenizer writes a mask; undefined where it does not say. */
export async function maskTokenOf(folder: string): Promise<string | undefined> {
  for (const name of ['tokenizer_config.json', 'special_tokens_map.json']) {
    const { mask_token: token } = await jsonIn(folder, name);
    const written = typeof token === 'object' && token !== null && 'content' in token ? token.content : token;
    if (typeof written === 'string' && written !== '') {
      return written;
    }
  }
  return undefined;
}

async function jsonIn(folder: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await jsonOf(vscode.Uri.joinPath(uriOfFolder(folder), name))) as Record<string, unknown>;
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
