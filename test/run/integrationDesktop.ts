import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { oldestVersion } from './desktopCode';
import { startGuarded } from './guarded';
import type { IntegrationRun } from './integrationBrowser';
import { onInterrupt } from './interrupt';
import { messageOf, step } from './log';
import { cacheDir, root } from './paths';
import { quietSettings } from './serverSettings';
import { watchProcess } from './watchProcess';

export interface DesktopVscode {
  readonly version: string;
  readonly executable: string;
}

/** How long the network may be silent before the download counts as impossible. */
const silenceMs = 15_000;

/** The desktop versions to test in: the oldest that the manifest allows and the current one. None: it says why. */
export async function desktopVersions(): Promise<DesktopVscode[] | string> {
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (!hasDisplay && !hasXvfb()) {
    return 'there is neither a display nor xvfb-run';
  }
  const found: DesktopVscode[] = [];
  for (const version of [oldestVersion(), 'stable']) {
    step(`Getting VS Code ${version} (150 MB the first time)…`);
    try {
      const executable = await downloadAndUnzipVSCode({ version, cachePath: cacheDir, timeout: silenceMs });
      found.push({ version, executable });
    } catch (error) {
      if (found.length === 0) {
        return `VS Code ${version} cannot be downloaded (${messageOf(error)})`;
      }
      step(`VS Code ${version} cannot be downloaded and is left out: ${messageOf(error)}`);
    }
  }
  return found;
}

/** Runs the tests in the extension host of a desktop VS Code. */
export async function runOnDesktop(
  vscode: DesktopVscode,
  run: IntegrationRun,
  dataDir: string,
): Promise<string[]> {
  await mkdir(join(dataDir, 'User'), { recursive: true });
  await writeFile(join(dataDir, 'User', 'settings.json'), JSON.stringify(quietSettings));
  const command = [
    ...(process.env['DISPLAY'] || !hasXvfb() ? [] : ['xvfb-run', '-a']),
    vscode.executable,
    run.workspace,
    ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-gpu', '--disable-updates', '--disable-telemetry'],
    ...['--skip-welcome', '--skip-release-notes', '--disable-workspace-trust'],
    `--user-data-dir=${dataDir}`,
    `--extensions-dir=${join(dataDir, 'extensions')}`,
    `--extensionDevelopmentPath=${root}`,
    `--extensionTestsPath=${run.testsPath}`,
  ];
  const child = startGuarded(command[0] ?? '', command.slice(1), { env: { ...process.env, ...run.env } });
  const stop = onInterrupt(() => child.stop());
  const problems = await watchProcess(child, run.countsFile, run.limitMs);
  await stop();
  return problems.map((problem) => `${problem}\n${child.recentOutput()}`);
}

function hasXvfb(): boolean {
  return process.platform === 'linux' && spawnSync('xvfb-run', ['--help']).status === 0;
}
