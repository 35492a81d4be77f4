import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths';

export interface DesktopCode {
  readonly command: string;
  readonly version: string;
}

const windows = process.platform === 'win32';

/** The `code` on the PATH, or why it cannot be used to try an extension of this machine. */
export function findDesktop(): DesktopCode | string {
  if (process.env['VSCODE_IPC_HOOK_CLI']) {
    // There `code` only asks the window it belongs to, which knows no development host.
    return 'this is a terminal of a remote window';
  }
  if (process.env['WSL_DISTRO_NAME']) {
    return 'this is WSL, whose "code" opens Windows folders';
  }
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'there is no display';
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return 'the desktop VS Code does not run as root';
  }
  const result = spawnSync('code', ['--version'], { encoding: 'utf8', shell: windows, timeout: 20_000 });
  const version = /^\d+\.\d+\.\d+/.exec(result.stdout ?? '')?.[0];
  if (result.status !== 0 || version === undefined) {
    return 'there is no "code" on the PATH';
  }
  const oldest = oldestVersion();
  if (version.localeCompare(oldest, 'en', { numeric: true }) < 0) {
    return `VS Code ${version} is older than ${oldest}`;
  }
  return { command: 'code', version };
}

/** Opens a window of its own with the extension loaded from its folder; returns when `code` has handed that over. */
export async function openDesktop(desktop: DesktopCode, extensionDir: string, folder: string): Promise<void> {
  const args = [`--extensionDevelopmentPath=${extensionDir}`, '--new-window', folder];
  const child = spawn(desktop.command, windows ? args.map((arg) => `"${arg}"`) : args, {
    stdio: 'inherit',
    shell: windows,
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code !== 0) {
    throw new Error(
      `"${desktop.command}" ended with code ${code}. "npm start -- --browser" does without it.`,
    );
  }
}

/** The oldest VS Code that the manifest allows. */
export function oldestVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return (manifest as { engines: { vscode: string } }).engines.vscode.replace(/^\D*/, '');
}
