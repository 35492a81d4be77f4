import * as vscode from 'vscode';

/** A title and lines below it, as plain text: what stands in a document or a model's name is no Markdown. */
export function tooltipOf(title: string, lines: readonly (string | undefined)[]): vscode.MarkdownString {
  const told = new vscode.MarkdownString();
  told.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
  for (const line of lines) {
    if (line !== undefined && line !== '') {
      told.appendText(line).appendMarkdown('  \n');
    }
  }
  return told;
}

/** Names one after the other, as the reader's language does it. */
export function listOf(names: readonly string[]): string {
  return new Intl.ListFormat(vscode.env.language, { type: 'conjunction', style: 'narrow' }).format(names);
}
