import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ScopeError } from '../protocol/errors';

const ending = /\.prompts\.ya?ml$/;
const skipped = new Set(['node_modules', '.git']);

/**
 * The suites that paths mean: a file is one whatever it is called, a folder holds those of the right name.
 * @throws {ScopeError} `studyUnreadable` for a path that is not there
 */
export async function findSuites(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch(() => undefined);
    if (!stats) {
      throw new ScopeError('studyUnreadable', path);
    }
    found.push(...(stats.isDirectory() ? await suitesIn(path) : [path]));
  }
  return [...new Set(found)];
}

async function suitesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) {
      found.push(...(await suitesIn(path)));
    } else if (entry.isFile() && ending.test(entry.name)) {
      found.push(path);
    }
  }
  return found;
}
