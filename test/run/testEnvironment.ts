/**
 * What the runner tells the processes in which tests run, by environment variables: the only thing that reaches
 * a Mocha process, the extension host of the desktop and that of a server alike.
 */
export const testEnvironment = {
  /** File for the counts of the run: it exists when all tests have run. */
  counts: 'TRANSFORMER_SCOPE_COUNTS',
  /** File for the lines to be printed, where the process has no output of its own. */
  log: 'TRANSFORMER_SCOPE_TEST_LOG',
  /** Pattern of the titles to run. */
  grep: 'TRANSFORMER_SCOPE_GREP',
  /** Address of the browser's DevTools protocol, when VS Code runs in one: `chromium.connectOverCDP(address)`. */
  cdp: 'TRANSFORMER_SCOPE_CDP',
  /** The Chromium to drive, for tests of pages. */
  chromium: 'CHROMIUM_PATH',
} as const;
