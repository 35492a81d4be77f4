import type { Page } from 'playwright-core';
import { isOurConsoleError, isOurException } from './consoleNoise';

export interface PageWatch {
  /** What of the extension's went wrong, each once. */
  readonly problems: ReadonlySet<string>;
  /** Whether the extension host, and the tests in it, are gone. */
  isHostLost(): boolean;
  /** The console's last lines, for messages. */
  recentConsole(): string;
}

const keptLines = 30;
/** VS Code's words when the extension host does not come back. */
const hostLost = /\[ExtensionHost\].*permanent error/i;

/** Listens to what a workbench says while tests run in it. */
export function watchPage(page: Page): PageWatch {
  const problems = new Set<string>();
  const lines: string[] = [];
  let lost = false;
  page.on('console', (message) => {
    const text = message.text();
    lines.push(text);
    lines.splice(0, lines.length - keptLines);
    lost ||= hostLost.test(text);
    if (isOurConsoleError(message)) {
      problems.add(`The console shows an error of the extension: ${text}`);
    }
  });
  page.on('pageerror', (error) => {
    if (isOurException(error)) {
      problems.add(`An exception of the extension was not caught: ${error.stack ?? error.message}`);
    }
  });
  page.on('crash', () => (lost = true));
  return { problems, isHostLost: () => lost, recentConsole: () => lines.join('\n') };
}
