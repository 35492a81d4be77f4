import type * as vscode from 'vscode';

/** The picture that a command was run on, else one that is asked for. What finds it is loaded when it is needed. */
export async function askedPicture(argument: unknown): Promise<vscode.Uri | undefined> {
  const { pictureUri } = await import('./selectedPicture');
  return pictureUri(argument);
}
