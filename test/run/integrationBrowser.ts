import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from './chromium';
import { startServer } from './codeServer';
import { isOurConsoleError, isOurException } from './consoleNoise';
import { readCounts } from './counts';
import { onInterrupt } from './interrupt';
import { root } from './paths';
import { testEnvironment } from './testEnvironment';

export interface IntegrationRun {
  /** The module whose `run()` runs the tests. */
  readonly testsPath: string;
  readonly workspace: string;
  readonly countsFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

const shownConsoleLines = 30;

/** Runs the tests in the extension host of VS Code's server, with its workbench in Chromium. */
export async function runInBrowser(run: IntegrationRun): Promise<string[]> {
  const debuggingPort = await freePort();
  const cdp = { [testEnvironment.cdp]: `http://127.0.0.1:${debuggingPort}` };
  const server = await startServer({ testDriver: true, env: { ...run.env, ...cdp } });
  const browser = await launchChromium({ debuggingPort });
  const close = onInterrupt(async () => {
    await browser.close();
    await server.stop();
  });
  const consoleLines: string[] = [];
  const problems = new Set<string>();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => {
      consoleLines.push(message.text());
      if (isOurConsoleError(message)) {
        problems.add(`The console shows an error of the extension: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => {
      if (isOurException(error)) {
        problems.add(`An exception of the extension's was not caught: ${error.stack ?? error.message}`);
      }
    });
    await page.goto(address(server.port, run));
    const deadline = Date.now() + run.limitMs;
    while (readCounts(run.countsFile) === undefined) {
      if (Date.now() > deadline) {
        problems.add(
          `The tests did not end within ${run.limitMs / 60_000} minutes. The console's last lines:\n` +
            consoleLines.slice(-shownConsoleLines).join('\n'),
        );
        break;
      }
      await sleep(200);
    }
  } finally {
    await close();
  }
  return [...problems];
}

/** A page of the workbench that loads the extension from the checkout and starts the tests by itself. */
function address(port: number, run: IntegrationRun): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(run.testsPath)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: run.workspace, payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
