import * as vscode from 'vscode';

/** Tells how far something is: a share from 0 to 1, and a few words where they say more. */
export type Tell = (share: number, words?: string) => void;

/** What is over sooner needs no message. */
const patienceMilliseconds = 700;

/**
 * Runs something that can be stopped. Where it takes longer than a moment, a message shows how far it is and lets
 * the person stop it; then the task is expected to reject with `cancelled`.
 */
export async function whileBusy<T>(
  title: string,
  task: (token: vscode.CancellationToken, tell: Tell) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  let reached: readonly [share: number, words: string | undefined] = [0, undefined];
  let shown = 0;
  let progress: vscode.Progress<{ increment: number; message?: string }> | undefined;
  const tell: Tell = (share, words) => {
    reached = [share, words];
    if (progress && share > shown) {
      progress.report({
        increment: 100 * (share - shown),
        ...(words === undefined ? {} : { message: words }),
      });
      shown = share;
    }
  };
  const running = task(source.token, tell);
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (shownProgress, token) => {
      token.onCancellationRequested(() => source.cancel());
      progress = shownProgress;
      tell(...reached);
      return ended;
    });
  }, patienceMilliseconds);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
