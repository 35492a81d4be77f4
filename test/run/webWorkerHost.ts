import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium';
import { startServer } from './codeServer';
import { type Counts, type StageResult, noCounts } from './counts';
import { onInterrupt } from './interrupt';
import { root, sampleDir, uriPath } from './paths';
import { makeWebExtension, webExtensionDir } from './webExtension';
import { withTemporaryFolder } from './temporaryFolder';
import { watchPage } from './watchPage';
import { readResult, refusal, seenFile } from './webResult';

const limitMs = 5 * 60_000;

/** Runs the tests of `test/web` in VS Code's web worker extension host, where an extension has no Node. */
export async function runInWebWorker(grep: string | undefined): Promise<StageResult> {
  const name = 'web (web worker extension host)';
  await makeWebExtension();
  const testsPath = await bundleTests(grep);
  return withTemporaryFolder(async (dir) => {
    const workspace = join(dir, 'sample');
    await cp(sampleDir, workspace, { recursive: true });
    const server = await startServer({ testDriver: true });
    let browser: Browser | undefined;
    const close = onInterrupt(async () => {
      await browser?.close();
      await server.stop();
    });
    try {
      browser = await launchChromium();
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const watch = watchPage(page);
      const strangers = strangeRequests(page, server.origin);
      const counted = untilCounted(page);
      tellWhatIsSeen(page, workspace);
      await page.goto(address(server.port, workspace, testsPath));
      const counts = await counted;
      const problems = [
        ...watch.problems,
        ...[...strangers].map((url) => `Something was asked of the network: ${url}`),
        ...(counts ? [] : [`The tests did not end. The console's last lines:\n${watch.recentConsole()}`]),
      ];
      return { name, counts: counts ?? noCounts, problems };
    } finally {
      await close();
    }
  });
}

/**
 * Tells the tests what stands on the screen, which they cannot see themselves: a file appears in their folder. The host
 * takes its messages with it when the tests have ended, so this is done while they run.
 */
function tellWhatIsSeen(page: Page, workspace: string): void {
  page
    .locator('.notifications-center .notification-list-item', { hasText: refusal })
    .first()
    .waitFor({ timeout: limitMs })
    .then(
      () => writeFile(join(workspace, seenFile), ''),
      () => undefined,
    );
}

async function bundleTests(grep: string | undefined): Promise<string> {
  const outfile = join(webExtensionDir, 'tests', 'index.js');
  await build({
    entryPoints: [join(root, 'test', 'web', 'entry.ts')],
    outfile,
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    target: 'chrome120',
    sourcemap: 'inline',
    external: ['vscode'],
    define: { testGrep: JSON.stringify(grep ?? '') },
    logLevel: 'warning',
  });
  return outfile;
}

/** Resolves to what the tests came to; undefined when they have not ended in time. */
function untilCounted(page: Page): Promise<Counts | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), limitMs);
    const seen = new Set<string>();
    page.on('console', (message) => {
      const result = readResult(message.text());
      if (result && 'counts' in result) {
        clearTimeout(timer);
        resolve(result.counts);
      } else if (result && !seen.has(result.line)) {
        // The worker's own console shows it, and the workbench once more.
        seen.add(result.line);
        console.log(result.line);
      }
    });
  });
}

/** Addresses that the workbench asks by itself, whatever extension runs in it. */
const workbenchOwn =
  /^https:\/\/(open-vsx\.org|api\.github\.com|[^/]*\.vscode-cdn\.net|raw\.githubusercontent\.com)\//;

/** What is asked of other servers than the one that VS Code came from, as it comes. */
function strangeRequests(page: Page, origin: string): ReadonlySet<string> {
  const found = new Set<string>();
  page.on('request', (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && !url.startsWith(origin) && !workbenchOwn.test(url)) {
      found.add(url);
    }
  });
  return found;
}

function address(port: number, workspace: string, testsPath: string): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${uriPath(path)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(webExtensionDir)],
    ['extensionTestsPath', remote(testsPath)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: uriPath(workspace), payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}
