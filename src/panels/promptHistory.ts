import { loadedOnce } from '../host/loadedOnce';
import { readersLanguage } from '../host/readersLanguage';
import { fileNameOf, saveFile } from '../host/savedFile';
import { ScopeError } from '../protocol/errors';
import * as runs from '../protocol/promptRuns';
import type { PromptSession } from '../study/promptSession';
import type { ShownAnswers } from '../study/studyHistory';
import type { PageConnection } from './pageConnection';
import type { PastRuns } from './pastRuns';

/** Answers what a workbench's page asks about past runs of its study; without such runs, that they are kept on the desktop only. */
export function answerHistory(
  connection: PageConnection,
  session: PromptSession,
  past: PastRuns | undefined,
): void {
  // Loaded when somebody looks back.
  const history = loadedOnce(async () => {
    if (!past) {
      throw new ScopeError('desktopOnly');
    }
    return past.history();
  });
  const id = (): string => {
    if (!session.study) {
      throw new ScopeError('badRequest', 'no study');
    }
    return session.study.id;
  };
  connection.on(runs.ListRuns, async ({ most }) => (await history()).list(id(), most));
  connection.on(runs.LookAtRun, async ({ run, query, most }) =>
    (await history()).look(id(), run, query, most),
  );
  connection.on(runs.CompareRuns, async ({ before, after, change, most }) =>
    (await history()).compare(id(), before, after, change, most),
  );
  connection.on(runs.ExportAnswers, async ({ format, shown }) => {
    const text = await (await history()).exported(id(), shown, format, readersLanguage());
    const name = fileName(session.study?.title ?? '', shown, format);
    return { saved: await saveFile(name, text) };
  });
}

function fileName(title: string, shown: ShownAnswers, format: runs.AnswerFormat): string {
  return `${fileNameOf(title)}-${'run' in shown ? 'answers' : 'comparison'}.${format}`;
}
