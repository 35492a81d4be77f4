import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { step } from './log';

export interface LaunchOptions {
  /** Lets other processes attach to the browser by the DevTools protocol. */
  readonly debuggingPort?: number;
}

/** Quiet, and fit for root, containers and machines without a graphics card. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium, without a window and with a fresh profile. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  const port = options.debuggingPort;
  return chromium.launch({
    executablePath: ensureChromium(),
    headless: true,
    // interrupt.ts does this, in order; Playwright would end the process in the middle of it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...flags,
      ...(root ? ['--no-sandbox'] : []),
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  });
}

/** The browser to use, installed first where that is possible. */
export function ensureChromium(): string {
  return findChromium() ?? installChromium();
}

function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    if (!existsSync(named)) {
      throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
    }
    return named;
  }
  return usualPaths().find((path) => existsSync(path));
}

function usualPaths(): string[] {
  const env = (name: string): string => process.env[name] ?? '';
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
    );
  }
  if (process.platform === 'win32') {
    const parts = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    const places = [env('ProgramFiles'), env('ProgramFiles(x86)'), env('LocalAppData')].filter(Boolean);
    return places.flatMap((place) => parts.map((part) => join(place, part)));
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = env('PATH').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

/** Only where it surprises nobody: root on Debian or Ubuntu, as in a container. */
function installChromium(): string {
  const root = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (root) {
    const command = 'apt-get update && apt-get install -y chromium fonts-noto-cjk';
    step(`No Chromium found, installing it (about a minute): ${command}`);
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, encoding: 'utf8' } as const;
    const result = spawnSync('sh', ['-c', `(${command}) 2>&1`], options);
    const found = usualPaths().find((path) => existsSync(path));
    if (result.status === 0 && found !== undefined) {
      return found;
    }
    step(`That failed:\n${result.stdout.split('\n').slice(-15).join('\n')}`);
  }
  throw new Error(
    'No Chromium, Chrome or Edge found. Install one (Debian: "apt install chromium"; others: Google Chrome ' +
      'from its site), or name one in the environment variable CHROMIUM_PATH.',
  );
}
