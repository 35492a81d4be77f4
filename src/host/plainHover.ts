import * as vscode from 'vscode';

/** Lines for a hover, of which nothing is read as Markdown: they quote documents and vocabularies. */
export function plainHover(...lines: readonly string[]): vscode.MarkdownString {
  const hover = new vscode.MarkdownString();
  lines.forEach((line, index) => {
    hover.appendMarkdown(index === 0 ? '' : '\n\n').appendText(line);
  });
  return hover;
}
