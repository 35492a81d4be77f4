import * as vscode from 'vscode';

/** A file as UTF-8 text, wherever it lies. @throws {vscode.FileSystemError} where it cannot be read */
export async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** A JSON file. @throws {vscode.FileSystemError} where it cannot be read @throws {SyntaxError} where it is no JSON */
export async function jsonOf(uri: vscode.Uri): Promise<unknown> {
  return JSON.parse(await textOf(uri));
}
