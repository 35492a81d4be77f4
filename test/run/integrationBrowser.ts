import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium';
import { startServer } from './codeServer';
import { readCounts } from './counts';
import { onInterrupt } from './interrupt';
import { root, uriPath } from './paths';
import { testEnvironment } from './testEnvironment';
import { type PageWatch, watchPage } from './watchPage';

export interface IntegrationRun {
  /** The module whose `run()` runs the tests. */
  readonly testsPath: string;
  readonly workspace: string;
  readonly countsFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
  /** Asked when the tests have run: whether the window is to be loaded again for them to run once more. */
  readonly again?: () => boolean;
}

/** Runs the tests in the extension host of VS Code's server, with its workbench in Chromium. */
export async function runInBrowser(run: IntegrationRun): Promise<string[]> {
  const debuggingPort = await freePort();
  const cdp = { [testEnvironment.cdp]: `http://127.0.0.1:${debuggingPort}` };
  const server = await startServer({ testDriver: true, env: { ...run.env, ...cdp } });
  let browser: Browser | undefined;
  const close = onInterrupt(async () => {
    await browser?.close();
    await server.stop();
  });
  try {
    browser = await launchChromium({ debuggingPort });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const watch = watchPage(page);
    await page.goto(address(server.port, run));
    let failure = await untilCounted(run, watch);
    while (failure === undefined && run.again?.()) {
      await page.reload();
      failure = await untilCounted(run, watch);
    }
    return failure === undefined
      ? [...watch.problems]
      : [...watch.problems, `${failure} The console's last lines:\n${watch.recentConsole()}`];
  } finally {
    await close();
  }
}

/** Waits until the tests have run; returns why that will not happen. */
async function untilCounted(run: IntegrationRun, watch: PageWatch): Promise<string | undefined> {
  const deadline = Date.now() + run.limitMs;
  while (readCounts(run.countsFile) === undefined) {
    if (watch.isHostLost()) {
      return 'The extension host died before the tests ended.';
    }
    if (Date.now() > deadline) {
      return `The tests did not end within ${run.limitMs / 60_000} minutes.`;
    }
    await sleep(200);
  }
  return undefined;
}

/** A page of the workbench that loads the extension from the checkout and starts the tests by itself. */
function address(port: number, run: IntegrationRun): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${uriPath(path)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(run.testsPath)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: uriPath(run.workspace), payload: JSON.stringify(payload) });
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
