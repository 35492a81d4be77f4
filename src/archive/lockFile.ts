import { closeSync, openSync, readFileSync, statSync, unlinkSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from '../hub/isAlive';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly nonce: string;
}

/** A holder shows this often that it lives; who watches a lock for so long without a sign takes it. Milliseconds. */
export const signOfLife = 5000;
const patience = 4 * signOfLife;
/** A file whose holder died before it had written its name is nobody's after this time. */
const namelessMilliseconds = 2000;

/**
 * A lock between processes: a file that names its holder. Node has no lock that the operating system gives back when
 * a process is killed, so who finds the file looks whether its holder still lives.
 */
export class LockFile {
  private own: string | undefined;
  private watched: { readonly sign: string; readonly since: number } | undefined;

  constructor(private readonly path: string) {}

  /**
   * Takes the lock if it is free, or its holder is gone. @returns whether it is ours now
   * @throws the file system's error where no file can be made
   */
  take(): boolean {
    const nonce = newNonce();
    if (create(this.path, nonce) || (this.clearDead() && create(this.path, nonce))) {
      this.own = nonce;
      this.watched = undefined;
      return true;
    }
    return false;
  }

  /** Whether the lock is still ours: a computer that slept may have lost it. */
  isHeld(): boolean {
    return this.own !== undefined && holderOf(this.path)?.nonce === this.own;
  }

  /** Says that the holder lives. */
  touch(): void {
    try {
      utimesSync(this.path, new Date(), new Date());
    } catch {
      // It was taken away; the next look will find that.
    }
  }

  release(): void {
    if (this.isHeld()) {
      unlinkSync(this.path);
    }
    this.own = undefined;
  }

  /** Removes the file of a holder that is gone. @returns whether it may be free now */
  private clearDead(): boolean {
    const holder = holderOf(this.path);
    const dead = holder ? this.isGone(holder) : isNameless(this.path);
    if (!dead) {
      return false;
    }
    // Two who find the same dead holder must not both remove a file: the second would remove the first one's lock.
    // So only who holds the lock on this very removal does it, after having looked once more.
    const claim = new LockFile(`${this.path}.${holder?.nonce ?? 'nameless'}`);
    if (!claim.take()) {
      return false;
    }
    try {
      if (holder ? holderOf(this.path)?.nonce === holder.nonce : isNameless(this.path)) {
        unlinkSync(this.path);
      }
    } finally {
      claim.release();
    }
    return true;
  }

  private isGone({ pid, host, nonce }: Holder): boolean {
    if (host === hostname() && !isAlive(pid)) {
      return true;
    }
    // The number may be another process's by now, or the holder another computer's: then only signs of life tell.
    const sign = `${nonce} ${statSync(this.path, { throwIfNoEntry: false })?.mtimeMs}`;
    if (this.watched?.sign !== sign) {
      this.watched = { sign, since: performance.now() };
    }
    return performance.now() - this.watched.since > patience;
  }
}

function newNonce(): string {
  return `${process.pid.toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}

function create(path: string, nonce: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // On Windows a file that is being removed cannot be made yet.
    const isRemoved = process.platform === 'win32' && (code === 'EPERM' || code === 'EBUSY');
    if (code === 'EEXIST' || isRemoved) {
      return false;
    }
    throw error;
  }
  try {
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname(), nonce } satisfies Holder));
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}

function holderOf(path: string): Holder | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof found.nonce === 'string' && typeof found.pid === 'number' ? (found as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isNameless(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > namelessMilliseconds && !holderOf(path);
}
