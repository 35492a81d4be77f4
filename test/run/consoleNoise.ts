import type { ConsoleMessage } from 'playwright-core';

/** How the extension is named: its id, its settings and commands, its title, its files. */
const ours =
  /transformer-scope\.transformer-scope|transformerScope|Transformer Scope|\bdist\/(extension|parts|worker|pages)\b/;

/** Where a webview's messages come from: its frames, and the extension's files as webviews load them. */
const webview = /\/webview\/browser\/pre\/fake\.html|vscode-resource\.vscode-cdn\.net/;

/** VS Code's own extensions have webviews, too: the Markdown preview that a report opens in, for one. */
const builtIn = /\/lib\/vscode\/extensions\/|vscode\.markdown-language-features/;

/** Errors of things that are not there in tests, harmless whomever they name. */
const harmless = [
  // Marketplace, updates, chat models, accounts: the network is not needed.
  /net::ERR_|ENOTFOUND|Failed to fetch/,
  // The server's native modules, which are not compiled, and stack traces through its folder.
  /Could not locate the bindings file|\.vscode-test\//,
];

/** The console errors that are the extension's, out of everything that a workbench prints. */
export function isOurConsoleError(message: ConsoleMessage): boolean {
  const text = message.text();
  const isError = message.type() === 'error' || /^%c\s*ERR/.test(text);
  const { url } = message.location();
  return isError && ((webview.test(url) && !builtIn.test(url)) || isOurs(text));
}

/** The same for an exception that nobody caught. */
export function isOurException(error: Error): boolean {
  const text = `${error.message}\n${error.stack ?? ''}`;
  return (webview.test(text) && !builtIn.test(text)) || isOurs(text);
}

function isOurs(text: string): boolean {
  return ours.test(text) && !harmless.some((pattern) => pattern.test(text));
}
