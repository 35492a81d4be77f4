import { fork } from 'node:child_process';
import type { WorkerHandle } from './client';

/**
 * Starts a script as a process of its own, apart from the extension host: its faults stay its own.
 * @param onOutput what the process prints, for the log
 * @param defaults of the environment, where the person's own does not say otherwise
 */
export function forkScript(
  script: string,
  environment: Readonly<Record<string, string>>,
  onOutput: (text: string) => void,
  defaults: Readonly<Record<string, string>> = {},
): WorkerHandle {
  const child = fork(script, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...defaults,
      ...process.env,
      // In the desktop's extension host `process.execPath` is Electron.
      ELECTRON_RUN_AS_NODE: '1',
      ...environment,
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => onOutput(text.trimEnd()));
  }
  return {
    processId: child.pid,
    transport: {
      send: (message) => {
        if (!child.connected) {
          throw new Error('The process is gone.');
        }
        child.send(message as object);
      },
      onMessage: (listener) => {
        child.on('message', listener);
        return { dispose: () => child.off('message', listener) };
      },
    },
    onExit: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (!told) {
          told = true;
          listener(reason);
        }
      };
      child.on('error', (error) => tell(error.message));
      child.on('exit', (code, signal) => tell(signal ?? `exit code ${code ?? 'unknown'}`));
    },
    kill: () => child.kill('SIGKILL'),
  };
}
