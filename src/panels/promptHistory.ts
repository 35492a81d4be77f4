import * as vscode from 'vscode';
import type { StudyArchive } from '../archive/studyArchive';
import { ScopeError } from '../protocol/errors';
import * as runs from '../protocol/promptRuns';
import type { PromptSession } from '../study/promptSession';
import type { ShownAnswers, StudyHistory } from '../study/studyHistory';
import type { PageConnection } from './pageConnection';
import { saveFile } from './savedFile';

/** Answers what a workbench's page asks about past runs of its study. */
export function answerHistory(
  connection: PageConnection,
  session: PromptSession,
  archive: StudyArchive,
): void {
  // Loaded when somebody looks back.
  let loaded: Promise<StudyHistory> | undefined;
  const history = (): Promise<StudyHistory> =>
    (loaded ??= import('../study/studyHistory').then((module) => new module.StudyHistory(archive)));
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
    const text = await (await history()).exported(id(), shown, format, language());
    const name = fileName(session.study?.title ?? '', shown, format);
    return { saved: await saveFile(name, new TextEncoder().encode(text)) };
  });
}

function fileName(title: string, shown: ShownAnswers, format: runs.AnswerFormat): string {
  const base = title.replace(/[\\/:*?"<>|\s]+/g, '-').slice(0, 60) || 'study';
  return `${base}-${'run' in shown ? 'answers' : 'comparison'}.${format}`;
}

function language(): 'en' | 'zh' {
  return vscode.env.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
