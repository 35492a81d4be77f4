import { join } from 'node:path';
import * as queries from './archiveQueries';
import { ArchiveWriter } from './archiveWriter';
import { FileDatabase } from './fileDatabase';
import { importJournals } from './importJournals';
import { migrate } from './schema';
import type { OpenedArchive } from './studyArchive';

/** So long another window may still take a removal back. */
const undoMilliseconds = 3_600_000;

/** The archive's file in its folder. */
const archiveFile = 'results.db';

/** The archive in a folder, with what an earlier version left there. Whoever ends should close it. */
export function openArchive(folder: string, setAside: (path: string) => void): OpenedArchive {
  let isFirst = true;
  const database = new FileDatabase(join(folder, archiveFile), {
    prepare: (connection) => {
      migrate(connection);
      if (isFirst) {
        isFirst = false;
        importJournals(connection, folder);
        queries.purge(connection, Date.now() - undoMilliseconds);
      }
    },
    setAside,
  });
  return { database, writer: new ArchiveWriter(), queries };
}
