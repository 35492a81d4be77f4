import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface GuardedProcess {
  /** Resolves with the exit code when the command has ended, for whatever reason. */
  readonly exited: Promise<number>;
  /** The last lines it printed, for error messages. */
  recentOutput(): string;
  /** Ends the command and everything it started. */
  stop(): Promise<void>;
}

export interface GuardedOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Lines that are not worth keeping. */
  readonly forget?: RegExp;
  readonly onLine?: (line: string) => void;
}

const keptLines = 40;

/** Starts a long-running command that cannot outlive this process: see guard.mjs. */
export function startGuarded(
  command: string,
  args: readonly string[],
  options: GuardedOptions,
): GuardedProcess {
  const guard = spawn(process.execPath, [join(__dirname, 'guard.mjs'), command, ...args], {
    // Of its own group: whoever kills ours at once must not take the guard before it has done its work.
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env ?? process.env,
  });
  const lines: string[] = [];
  for (const stream of [guard.stdout, guard.stderr]) {
    createInterface(stream).on('line', (line) => {
      if (!options.forget?.test(line)) {
        lines.push(line);
        lines.splice(0, lines.length - keptLines);
      }
      options.onLine?.(line);
    });
  }
  const exited = new Promise<number>((resolve) => guard.on('exit', (code) => resolve(code ?? 1)));
  return {
    exited,
    recentOutput: () => lines.join('\n'),
    stop: async () => {
      guard.stdin.end();
      await exited;
    },
  };
}
