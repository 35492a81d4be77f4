import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureCached } from './cacheFolder';
import { ensureNode24 } from './node24';
import { npm } from './npm';

/** code-server 4.139 is VS Code 1.139: the workbench in the browser, with a Node extension host. */
export const codeServerVersion = '4.139.1';

export interface CodeServerInstall {
  /** The Node that runs it. */
  readonly node: string;
  /** The server's entry. */
  readonly main: string;
}

/**
 * VS Code for the browser, from npm, without compiling anything: its native modules (terminal, file watcher,
 * keyring) stay absent, which it logs and gets by without.
 */
export async function ensureCodeServer(): Promise<CodeServerInstall> {
  const node = await ensureNode24();
  const dir = await ensureCached({
    name: `code-server-${codeServerVersion}`,
    what: `VS Code for the browser, code-server ${codeServerVersion} from npm (600 MB on disk, about 30 s)`,
    fill: async (dir) => {
      const flags = ['--ignore-scripts', '--no-package-lock'];
      await writeFile(join(dir, 'package.json'), '{ "private": true }');
      await npm(['install', `code-server@${codeServerVersion}`, ...flags], dir);
      await npm(['install', '--omit=dev', ...flags], vscodeDir(dir));
    },
    verify: async (dir) => {
      const { stdout } = await promisify(execFile)(node, [mainScript(dir), '--version']);
      const version = codeServerVersion.replace('4.', '1.');
      if (!stdout.includes(version)) {
        throw new Error(`The server says "${stdout.trim()}", not ${version}.`);
      }
    },
  });
  return { node, main: mainScript(dir) };
}

function vscodeDir(dir: string): string {
  return join(dir, 'node_modules', 'code-server', 'lib', 'vscode');
}

function mainScript(dir: string): string {
  return join(vscodeDir(dir), 'out', 'server-main.js');
}
