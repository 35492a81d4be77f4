import * as vscode from 'vscode';
import { type CancellationToken, CancellationTokenSource } from '../protocol/jsonrpc';

/** Tells how far something is: a share from 0 to 1, and a few words. */
export type TellProgress = (share: number, words: string) => void;

/** What is faster than this needs no message. */
const patienceMilliseconds = 700;

/** Runs something that may take long; then a message with a Cancel button shows how far it is. */
export async function patientProgress<T>(
  title: string,
  work: (tell: TellProgress, token: CancellationToken) => Promise<T>,
): Promise<T> {
  const cancellation = new CancellationTokenSource();
  let last: readonly [share: number, words: string] = [0, ''];
  let show: TellProgress = () => undefined;
  const running = work((share, words) => {
    last = [share, words];
    show(share, words);
  }, cancellation.token);
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => cancellation.cancel());
      let shown = 0;
      show = (share, words) => {
        progress.report({ increment: (share - shown) * 100, message: words });
        shown = share;
      };
      show(...last);
      return ended;
    });
  }, patienceMilliseconds);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
  }
}
