import { join } from 'node:path';
import { openArchive } from '../../src/archive/openArchive';
import { StudyArchive } from '../../src/archive/studyArchive';
import { steadySession, steadyStudy } from './steadySession';

/** Begins the steady study in a folder, or goes on with it, until every cell is answered or it is killed. */
async function run(folder: string, numItems: number): Promise<void> {
  const archive = new StudyArchive({
    open: () => Promise.resolve(openArchive(folder, (path) => process.stderr.write(`set aside ${path}\n`))),
    unwritable: (error) => process.stderr.write(`${error.message}\n`),
    changed: () => undefined,
    log: (message) => process.stderr.write(`${message}\n`),
  });
  const session = steadySession(archive, { asks: join(folder, 'asks'), told: join(folder, 'told') });
  const kept = await archive.read('steady');
  await session.open(kept?.study ?? steadyStudy(numItems), kept?.results ?? []);
  process.stdout.write('runs\n');
  session.run('items');
  const timer = setInterval(() => {
    if (session.progress.state === 'idle') {
      clearInterval(timer);
      session.dispose();
      void archive.close();
    }
  }, 5);
}

void run(process.argv[2] as string, Number(process.argv[3] ?? 100));
