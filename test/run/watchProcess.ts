import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedProcess } from './guarded';

/** How long a process may take to end after its last test: longer means that something was left open. */
const graceMs = 20_000;

/** Waits for a test process to end, at most as long as it may take; returns what was wrong, if anything. */
export async function watchProcess(
  child: GuardedProcess,
  countsFile: string,
  limitMs: number,
): Promise<string[]> {
  const began = Date.now();
  let countedAt: number | undefined;
  let code: number | undefined;
  void child.exited.then((value) => (code = value));
  while (code === undefined) {
    await sleep(100);
    countedAt ??= existsSync(countsFile) ? Date.now() : undefined;
    if (Date.now() - began > limitMs) {
      await child.stop();
      return [`It was stopped: it took longer than ${limitMs / 60_000} minutes.`];
    }
    if (countedAt !== undefined && Date.now() - countedAt > graceMs && code === undefined) {
      await child.stop();
      return [`It did not end within ${graceMs / 1000} s of its last test: a test left something open.`];
    }
  }
  return countedAt === undefined && !existsSync(countsFile)
    ? [`Its process ended with code ${code} before its tests did.`]
    : [];
}
