import type { ConsoleMessage } from 'playwright-core';

/** Whether a line is about this extension: VS Code names it, one of its files or its webviews. */
const ours = /transformer-?\s?scope/i;
/** A webview's own messages come from its frames, whatever they say. */
const webview = /\/webview\/browser\/pre\/fake\.html/;

/** Errors that VS Code or the browser reports of things that are not there in tests, and that harm nothing. */
const harmless = [
  // Marketplace, updates, chat models, accounts: the network is not needed.
  /net::ERR_|Failed to fetch|open-vsx|api\.github\.com/,
];

/** The console errors that are the extension's, out of everything that a workbench prints. */
export function isOurError(message: ConsoleMessage): boolean {
  const text = message.text();
  const isError = message.type() === 'error' || /^%c\s*ERR/.test(text);
  const isOurs = ours.test(text) || webview.test(message.location().url);
  return isError && isOurs && !harmless.some((pattern) => pattern.test(text));
}
