import { join } from 'node:path';
import { purge } from './archiveQueries';
import { FileDatabase } from './fileDatabase';
import { importJournals } from './importJournals';
import { migrate } from './schema';
import type { SharedDatabase } from './sqlDatabase';

/** So long another window may still take a removal back. */
const undoMilliseconds = 3_600_000;

/** The archive's file in its folder. */
export const archiveFile = 'results.db';

/** The archive in a folder, with what an earlier version left there. Whoever ends should close it. */
export function openArchive(folder: string, setAside: (path: string) => void): SharedDatabase {
  let isFirst = true;
  return new FileDatabase(join(folder, archiveFile), {
    prepare: (connection) => {
      migrate(connection);
      if (isFirst) {
        isFirst = false;
        importJournals(connection, folder);
        purge(connection, Date.now() - undoMilliseconds);
      }
    },
    setAside,
  });
}
