import * as vscode from 'vscode';
import { CourseProgress } from '../host/courseProgress';
import type { DeedBus } from '../host/deedBus';
import { commandIds, learnViewId } from '../host/ids';
import { LessonTexts } from '../host/lessonTexts';
import { selectedText } from '../host/selectedText';
import type { Deed } from '../learn/deeds';
import type { EverydayParts } from './everydayCommands';
import { LearnView, readCourse } from './learnView';
import { inspectOwner, toolOwner } from './requestOwners';

/** The course while it runs. */
export interface Course extends vscode.Disposable {
  readonly view: LearnView;
  readonly progress: CourseProgress;
}

/** Puts the course into the side bar, and has it take note of what happens. */
export function startCourse(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  deeds: DeedBus,
  { panel, comparison, models }: Pick<EverydayParts, 'panel' | 'comparison' | 'models'>,
): Course {
  const progress = new CourseProgress(readCourse, context.globalState);
  const lessons = new LessonTexts();
  const view = new LearnView({
    extensionUri: context.extensionUri,
    log,
    progress,
    lessons,
    showAttention: (editor, model) =>
      panel.show(() => selectedText(editor), model === undefined ? undefined : models.bundledSource(model)),
    compare: (editor, tab) => comparison.show(selectedText(editor), tab),
    run: (command, argument) =>
      vscode.commands.executeCommand(commandIds[command as keyof typeof commandIds], argument),
  });
  const subscriptions = vscode.Disposable.from(
    progress,
    lessons,
    view,
    deeds.onDeed((deed) => {
      if (isByHand(deed)) {
        void progress.note(deed);
      }
    }),
    vscode.window.registerWebviewViewProvider(learnViewId, view),
  );
  return { view, progress, dispose: () => subscriptions.dispose() };
}

/** The live view and the tools of agents ask for much that nobody did by hand. */
function isByHand(deed: Deed): boolean {
  if (deed.kind !== 'request') {
    return true;
  }
  const { owner } = deed.params as { readonly owner?: string };
  return owner !== inspectOwner && owner !== toolOwner;
}
