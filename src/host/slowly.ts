import * as vscode from 'vscode';

const patienceMilliseconds = 1000;

/** Does something that mostly takes a moment; when it takes longer, shows that it goes on, and lets it be cancelled. */
export async function slowly<T>(
  title: string,
  task: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const done = task(source.token);
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (_, token) => {
      token.onCancellationRequested(() => source.cancel());
      // How it ends is told by whoever waits for it.
      return done.then(
        () => undefined,
        () => undefined,
      );
    });
  }, patienceMilliseconds);
  try {
    return await done;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
