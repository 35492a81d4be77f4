import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths';
import type { Theme, VscodePage } from './vscodePage';

export interface Shot {
  /** The picture's file name, without `.png`. */
  readonly name: string;
  readonly theme: Theme;
  readonly locale?: string;
  readonly viewport: { readonly width: number; readonly height: number };
  /** What is done in the open workbench before the picture is taken. */
  readonly steps: (vscode: VscodePage) => Promise<void>;
}

const wide = { width: 1400, height: 900 };
const narrow = { width: 900, height: 900 };

export const shots: readonly Shot[] = [
  { name: 'attention-dark', theme: 'dark', viewport: wide, steps: showAttention },
  { name: 'attention-light', theme: 'light', viewport: wide, steps: showAttention },
  { name: 'attention-hc', theme: 'high-contrast', viewport: wide, steps: showAttention },
  { name: 'attention-zh', theme: 'dark', locale: 'zh-cn', viewport: wide, steps: showAttention },
  { name: 'attention-narrow', theme: 'dark', viewport: narrow, steps: showAttention },
];

/** The sample sentence selected, its attention beside it. */
async function showAttention(vscode: VscodePage): Promise<void> {
  await vscode.openFile('english.md');
  await vscode.toggleSideBar();
  await vscode.selectText('The cat sat on the mat');
  await vscode.runCommand(`${await english('category')}: ${await english('command.visualizeAttention')}`);
  await vscode.webviewFrame();
}

/** A string of the manifest. The command palette finds a translated command by its English title too. */
async function english(key: string): Promise<string> {
  const strings: unknown = JSON.parse(await readFile(join(root, 'package.nls.json'), 'utf8'));
  return (strings as Record<string, string>)[key] ?? key;
}
