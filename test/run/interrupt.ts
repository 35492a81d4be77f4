const cleanups = new Set<() => Promise<void>>();
let listening = false;

/**
 * Registers what has to be undone when the script is interrupted, and returns the function that undoes it now.
 * Either way it happens once.
 */
export function onInterrupt(cleanup: () => Promise<void>): () => Promise<void> {
  listen();
  let running: Promise<void> | undefined;
  const once = (): Promise<void> => {
    cleanups.delete(once);
    return (running ??= cleanup());
  };
  cleanups.add(once);
  return once;
}

function listen(): void {
  if (listening) {
    return;
  }
  listening = true;
  let interrupted = false;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (interrupted) {
        process.exit(code);
      }
      interrupted = true;
      console.log('\nStopping…');
      void Promise.allSettled([...cleanups].reverse().map((cleanup) => cleanup())).then(() => {
        console.log('Stopped.');
        process.exit(code);
      });
    });
  }
}
