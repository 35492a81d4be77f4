import { readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CellResult, type Study, answerKey } from '../protocol/prompts';
import { ArchiveWriter } from './archiveWriter';
import { DatabaseError, type SqlConnection, transaction } from './sqlDatabase';

const ending = '.jsonl';

/**
 * Takes over studies of an earlier version, which kept each as a file of lines. A file goes once its study is safely
 * in the database; one that holds no study is left under another name.
 * @returns how many studies were taken over
 */
export function importJournals(connection: SqlConnection, folder: string): number {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(ending));
  } catch {
    return 0;
  }
  const taken: string[] = [];
  for (const path of names.map((name) => join(folder, name))) {
    try {
      if (takeOver(connection, path)) {
        taken.push(path);
      } else {
        renameSync(path, `${path}.unreadable`);
      }
    } catch (error) {
      // One file that cannot be read keeps nobody from the others; it is tried again another time.
      if (error instanceof DatabaseError && error.failure !== 'statement') {
        throw error;
      }
    }
  }
  if (taken.length > 0) {
    // A checkpoint waits for the disk; a commit alone does not.
    connection.all('PRAGMA wal_checkpoint(FULL)');
    taken.forEach((path) => {
      rmSync(path, { force: true });
    });
  }
  return taken.length;
}

/** @returns whether the file held a study */
function takeOver(connection: SqlConnection, path: string): boolean {
  const found = readJournal(readFileSync(path, 'utf8'));
  if (!found) {
    return false;
  }
  const { study, results } = found;
  const changed = Math.round(statSync(path).mtimeMs);
  transaction(connection, () => {
    new ArchiveWriter().begin(connection, study, results);
    connection.run('UPDATE study SET changed = ? WHERE id = ?', [changed, study.id]);
    connection.run('UPDATE run SET began = ? WHERE study = ?', [changed, study.id]);
    connection.run('UPDATE cell SET recorded = ? WHERE study = ?', [changed, study.id]);
  });
  return true;
}

/** The last definition and the last answer to each question; a line that was not finished is left out. */
function readJournal(text: string): { study: Study; results: CellResult[] } | undefined {
  let study: Study | undefined;
  const results = new Map<string, CellResult>();
  for (const line of text.split('\n')) {
    const entry = parsed(line);
    if (entry && 'study' in entry) {
      study = entry.study;
    } else if (entry) {
      results.set(answerKey(entry.result), entry.result);
    }
  }
  return study && { study, results: [...results.values()] };
}

function parsed(line: string): { readonly study: Study } | { readonly result: CellResult } | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && ('study' in entry || 'result' in entry)
      ? (entry as { readonly study: Study })
      : undefined;
  } catch {
    return undefined;
  }
}
