import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { diskFailure } from './hubError';
import { isAlive } from './isAlive';
import { pause } from './retry';

/** A held lock; releasing it twice does nothing. */
export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another window holds it. */
  readonly onWait?: () => void;
  /** How often a waiting window looks again, in milliseconds. */
  readonly pollEvery?: number;
  /** A holder that has shown no life for this long is gone. */
  readonly silence?: number;
}

const beatEvery = 5000;

/**
 * One window at a time: a file that exists while somebody works. The file of a process that has died, or of another
 * machine that shows no life, is taken over.
 * @throws {ScopeError} `cancelled` while waiting
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<Lock> {
  const { signal, onWait, pollEvery = 1000, silence = 60_000 } = options;
  const token = randomUUID();
  let hasTold = false;
  for (;;) {
    // Another window that has just finished may have removed the empty folder.
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw diskFailure(error, path);
    });
    if (await create(path, { host: hostname(), pid: process.pid, token })) {
      return hold(path, token);
    }
    if (await takeAway(path, silence)) {
      continue;
    }
    if (!hasTold) {
      hasTold = true;
      onWait?.();
    }
    await pause(pollEvery, signal);
  }
}

/** Written beside and linked: whoever sees the file sees all of it. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.token}`;
  try {
    await writeFile(draft, JSON.stringify(holder));
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') {
        return false;
      }
      // A file system without links.
      await writeFile(path, JSON.stringify(holder), { flag: 'wx' });
      return true;
    }
  } catch (error) {
    if (/^(EEXIST|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? '')) {
      return false;
    }
    throw diskFailure(error, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function hold(path: string, token: string): Lock {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, beatEvery);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      if ((await read(path))?.token === token) {
        await rm(path, { force: true });
      }
    },
  };
}

/** Removes the file of a holder that is gone; false when somebody works. */
async function takeAway(path: string, silence: number): Promise<boolean> {
  const holder = await read(path);
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
  if (age === undefined) {
    return true;
  }
  const isHere = holder?.host === hostname();
  if (isHere ? isAlive(holder.pid) : age < silence) {
    return false;
  }
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  if ((await read(aside))?.token !== holder?.token) {
    // Another window was faster and this is its lock.
    await link(aside, path).catch(() => undefined);
  }
  await rm(aside, { force: true });
  return true;
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.host === 'string' && typeof value.token === 'string'
      ? { pid: value.pid, host: value.host, token: value.token }
      : undefined;
  } catch {
    return undefined;
  }
}
