import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths';
import type { Theme, VscodePage } from './vscodePage';

/** One picture that `npm run screenshots` takes. */
export interface Shot {
  /** The picture's file name, without `.png`. */
  readonly name: string;
  readonly theme: Theme;
  readonly locale?: string;
  /** Taken at once, while things still move; else when all is still and the mouse is away. */
  readonly atOnce?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly viewport: { readonly width: number; readonly height: number };
  /** In the web worker extension host, as on vscode.dev. */
  readonly inBrowser?: boolean;
  /** What is done in the open workbench before the picture is taken. */
  readonly steps: (vscode: VscodePage) => Promise<void>;
}

export const wide = { width: 1400, height: 900 };
export const narrow = { width: 900, height: 900 };
export const tall = { width: 1400, height: 1250 };

export const catSentence = 'The cat sat on the mat because it was warm.';
export const chineseCatSentence = '小猫坐在垫子上，因为那里很暖和。';

/** A sentence selected, its attention beside it. */
export async function showAttention(vscode: VscodePage, file: string, text: string): Promise<void> {
  await vscode.openFile(file);
  await vscode.toggleSideBar();
  await vscode.selectText(text);
  await vscode.runCommand(`${await english('category')}: ${await english('command.visualizeAttention')}`);
  await vscode.webviewFrame();
}

/** A string of the manifest. The command palette finds a translated command by its English title too. */
export function english(key: string): Promise<string> {
  return manifestText(key, '');
}

export async function manifestText(key: string, language: '' | '.zh-cn'): Promise<string> {
  const strings: unknown = JSON.parse(await readFile(join(root, `package.nls${language}.json`), 'utf8'));
  return (strings as Record<string, string>)[key] ?? key;
}
