import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, step } from './log';
import { cacheDir } from './paths';

export interface CachedInstall {
  /** The folder's name in the cache: it contains the version, so that a new version is a new folder. */
  readonly name: string;
  /** What a person is told: what it is, how large, how long. */
  readonly what: string;
  /** Fills the empty folder. */
  readonly fill: (dir: string) => Promise<void>;
  /** Throws when what is in the folder does not work. */
  readonly verify: (dir: string) => Promise<void>;
}

/**
 * The folder with the installed thing; installs it first where it is missing. The work is done beside it and
 * renamed into place when verified: what bears the final name is whole.
 */
export async function ensureCached(install: CachedInstall): Promise<string> {
  const final = join(cacheDir, install.name);
  if (existsSync(final)) {
    return final;
  }
  await mkdir(cacheDir, { recursive: true });
  await removeAbandoned(install.name);
  step(`Installing ${install.what}…`);
  try {
    await attempt(install, final);
  } catch (error) {
    step(`That failed, trying once more. ${messageOf(error)}`);
    await attempt(install, final);
  }
  step(`Installed in ${final}`);
  return final;
}

async function attempt(install: CachedInstall, final: string): Promise<void> {
  const dir = `${final}.partial-${process.pid}`;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir);
  try {
    await install.fill(dir);
    await install.verify(dir);
    if (!existsSync(final)) {
      await rename(dir, final);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Removes what interrupted installs left, unless their process still lives. */
async function removeAbandoned(name: string): Promise<void> {
  for (const entry of await readdir(cacheDir)) {
    const pid = Number(entry.split(`${name}.partial-`)[1]);
    if (pid && !isAlive(pid)) {
      await rm(join(cacheDir, entry), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
