import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureCodeServer } from './codeServerInstall';

/** Installs a package into a server's data folder, over an older version too, as a person does who has the file. */
export async function installVsix(dataDir: string, file: string): Promise<void> {
  await runServer(dataDir, ['--install-extension', file, '--force']);
}

export async function uninstallExtension(dataDir: string, id: string): Promise<void> {
  await runServer(dataDir, ['--uninstall-extension', id]);
}

/** Ids with their versions, `publisher.name@1.2.3`. */
export async function installedExtensions(dataDir: string): Promise<string[]> {
  const output = await runServer(dataDir, ['--list-extensions', '--show-versions']);
  return output.split('\n').filter((line) => /^[\w-]+\.[\w-]+@/.test(line));
}

async function runServer(dataDir: string, args: readonly string[]): Promise<string> {
  const { node, main } = await ensureCodeServer();
  const common = ['--accept-server-license-terms', '--server-data-dir', dataDir];
  const { stdout } = await promisify(execFile)(node, [main, ...args, ...common], { timeout: 120_000 });
  return stdout;
}
