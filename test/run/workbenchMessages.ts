import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ensureCached } from './cacheFolder';
import { messageOf, step } from './log';
import { npm } from './npm';

/** The workbench's strings by module and key. */
export type WorkbenchMessages = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Repackages Microsoft's language packs for npm; later versions lack the keys. Half of today's strings are in it. */
const packages: Readonly<Record<string, string>> = {
  'zh-cn': '@codingame/monaco-vscode-language-pack-zh-hans@4.3.2',
};

/** What the workbench itself says in a language. Where that cannot be had it says it in English: only a step back. */
export async function workbenchMessages(locale: string): Promise<WorkbenchMessages> {
  const name = packages[locale];
  if (name === undefined) {
    return {};
  }
  try {
    const dir = await ensureCached({
      name: `workbench-${locale}-4.3.2`,
      what: `the workbench's strings in ${locale} (1 MB)`,
      fill: (dir) => download(name, dir),
      verify: async (dir) => void (await read(dir)),
    });
    return await read(dir);
  } catch (error) {
    step(`The workbench stays English, its extensions do not: ${messageOf(error)}`);
    return {};
  }
}

/** Only the package itself: its dependencies are a whole editor. */
async function download(name: string, dir: string): Promise<void> {
  await npm(['pack', name], dir);
  const archive = (await readdir(dir)).find((file) => file.endsWith('.tgz')) ?? '';
  // tar is part of Windows too.
  await promisify(execFile)('tar', ['-xzf', archive], { cwd: dir });
  const script = join(dir, 'package', 'translations', 'main.i18n.json.js');
  const { default: messages } = (await import(pathToFileURL(script).href)) as { default: WorkbenchMessages };
  await writeFile(join(dir, 'messages.json'), JSON.stringify(messages));
}

async function read(dir: string): Promise<WorkbenchMessages> {
  return JSON.parse(await readFile(join(dir, 'messages.json'), 'utf8')) as WorkbenchMessages;
}
