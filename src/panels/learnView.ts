import * as vscode from 'vscode';
import type { CourseProgress } from '../host/courseProgress';
import { type LessonTexts, inReadersLanguage } from '../host/lessonTexts';
import { learnStrings } from '../host/pageStrings';
import type { Chapter, Step } from '../learn/course';
import { ScopeError } from '../protocol/errors';
import * as page from '../protocol/learnPage';
import { pageOptions } from './html';

export interface LearnServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly progress: CourseProgress;
  readonly lessons: LessonTexts;
  showAttention(editor: vscode.TextEditor, model: string | undefined): Promise<void>;
  compare(editor: vscode.TextEditor, tab: string): Promise<void>;
  /** Runs a command by its name in the code. */
  run(command: string, argument?: unknown): Thenable<unknown>;
}

/** The course in the side bar: each step does something in the tool, and is ticked off when that has happened. */
export class LearnView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private changed: () => unknown = () => undefined;

  constructor(private readonly services: LearnServices) {
    this.subscription = services.progress.onDidChange(() => this.changed());
  }

  async resolveWebviewView(view: vscode.WebviewView): Promise<void> {
    const { PageConnection } = await import('./pageConnection');
    const { extensionUri, log, progress } = this.services;
    view.webview.options = pageOptions(extensionUri);
    const connection = new PageConnection(view, extensionUri, log);
    connection.on(page.LearnReady, () => this.snapshot());
    connection.onDo(page.DoStep, async ({ id }) => this.act(await stepOf(id)));
    connection.onDo(page.MarkStep, async ({ id, done }) => progress.mark((await stepOf(id)).id, done));
    connection.onDo(page.ResetCourse, () => progress.reset());
    const changed = async (): Promise<void> => {
      await connection.wire.sendNotification(page.LearnChanged, await this.snapshot());
    };
    this.changed = changed;
    connection.start('learn', () => {
      if (this.changed === changed) {
        this.changed = () => undefined;
      }
    });
  }

  /** What the page shows; for tests too. */
  async snapshot(): Promise<page.LearnSnapshot> {
    const { progress } = this.services;
    const course = await readCourse();
    return {
      strings: await learnStrings(),
      chapters: course.map(({ id, title, source, steps }) => ({
        id,
        title: inReadersLanguage(title),
        source,
        steps: steps.map((step) => ({
          id: step.id,
          title: inReadersLanguage(step.title),
          text: inReadersLanguage(step.text),
          look: inReadersLanguage(step.look),
          done: progress.isDone(step.id),
        })),
      })),
    };
  }

  /** Does what a step is about; for tests too. */
  async act({ id, action }: Step): Promise<void> {
    const { services } = this;
    switch (action.kind) {
      case 'attention':
        return services.showAttention(await this.open(id, inReadersLanguage(action.text)), action.model);
      case 'compare':
        return services.compare(await this.open(id, inReadersLanguage(action.text)), action.tab);
      case 'command':
        if (action.text) {
          await this.open(id, inReadersLanguage(action.text), action.select, action.write);
        }
        await services.run(action.command);
        return;
      case 'picture': {
        const folder = vscode.Uri.joinPath(services.extensionUri, 'media', 'sample', 'images');
        await services.run(action.command, action.file ? vscode.Uri.joinPath(folder, action.file) : folder);
      }
    }
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private open(
    id: string,
    text: string,
    select: 'all' | 'lines' | 'end' = 'all',
    write = false,
  ): Promise<vscode.TextEditor> {
    return this.services.lessons.open(id, text, select, write);
  }
}

/** The chapters, loaded when the course is first looked at or something may be noted. */
export async function readCourse(): Promise<readonly Chapter[]> {
  return (await import('../learn/chapters')).course;
}

/** @throws {ScopeError} `badRequest` */
export async function stepOf(id: string): Promise<Step> {
  const course = await readCourse();
  const step = course.flatMap(({ steps }) => steps).find((each) => each.id === id);
  if (!step) {
    throw new ScopeError('badRequest', id);
  }
  return step;
}
