import * as vscode from 'vscode';
import { commandIds } from '../host/ids';
import { saveAs } from '../host/savedFile';
import { setting } from '../host/settings';
import { errorText } from '../host/errorText';
import type { ModelChooser } from '../host/modelChooser';
import type { ModelServers } from '../host/modelServers';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import * as page from '../protocol/promptPage';
import type { PromptAction } from '../protocol/promptPage';
import { type AskedModel, type CellAddress, type Study, requireLocal } from '../protocol/prompts';
import type { PromptSession } from '../study/promptSession';
import type { InferenceClient } from '../worker/client';
import type { PageConnection } from './pageConnection';
import type { PastRuns } from './pastRuns';
import { answerHistory } from './promptHistory';

export interface BenchServices {
  readonly client: InferenceClient;
  readonly chooser: Pick<ModelChooser, 'pickFolder'>;
  readonly log: vscode.LogOutputChannel;
  /** The editor to insert into. */
  editor(): vscode.TextEditor;
  showAttention(text: string, model: ModelSource): Promise<void>;
}

/** What a panel and the editor of a suite do each in their own way. */
export interface BenchOwner {
  /** Whom further models can be picked from, beside those of this computer. */
  readonly servers: ModelServers;
  readonly local: readonly ModelSource[];
  /** The study's past runs. */
  readonly past: PastRuns | undefined;
  undo(redo: boolean): Promise<void>;
  openTask(id: string): Promise<void>;
  /** What the bench itself does not know how to do. */
  perform(action: PromptAction): Promise<void>;
}

/** What the controls of a workbench's page do, whatever its study is kept in. */
export class PromptBench {
  constructor(
    private readonly session: PromptSession,
    private readonly services: BenchServices,
    private readonly owner: BenchOwner,
  ) {}

  /** The report as it would be written. */
  async report(format: 'md' | 'html', language: 'en' | 'zh'): Promise<string> {
    const { studyReport } = await import('../study/studyReport');
    return studyReport(this.session, format, language, setting('precision'));
  }

  /** Asks where the report goes, writes it and opens it. @returns whether it was written */
  async exportReport(format: 'md' | 'html', language: 'en' | 'zh'): Promise<boolean> {
    return saveReport(await this.report(format, language), format);
  }

  /** Answers everything but `PromptReady`, which only the owner can. */
  answerPage(connection: PageConnection): void {
    const { session, owner } = this;
    connection.onDo(page.EditStudy, ({ study }) => session.edit(study));
    connection.onDo(page.SetTaskKind, ({ kind, language }) => session.setKind(kind, language));
    connection.onDo(page.UndoEdit, ({ redo }) => owner.undo(redo));
    connection.onDo(page.RunCells, ({ what }) => session.run(what));
    connection.onDo(page.PauseRun, ({ pause }) => session.pause(pause));
    connection.onDo(page.StopRun, () => session.stop());
    connection.onDo(page.JudgeCell, ({ cell, pass }) => session.judge(cell, pass));
    connection.on(page.RenderCell, async ({ cell }) => (await session.prompt(cell)).prompt);
    connection.on(page.InspectCell, async ({ cell }) => {
      const ready = await session.prompt(cell);
      const { inspectCell } = await import('../study/promptInspection');
      const { samplingOf } = await import('../prompts/repeats');
      const sampling = samplingOf(session.study as Study, cell);
      return inspectCell(this.services.client, ready, sampling, (error) => errorText(error).message);
    });
    connection.onDo(page.ShowCellAttention, async ({ cell }) => {
      const { prompt, model } = await session.prompt(cell);
      const output = session.result(cell)?.output ?? '';
      return this.services.showAttention(prompt.text + output, requireLocal(model));
    });
    connection.onDo(page.UseCell, (params) => this.use(params));
    connection.on(page.PasteRows, ({ to, text }) => session.paste(to, text));
    connection.onDo(page.OpenBundledTask, ({ id }) => owner.openTask(id));
    connection.on(page.ExportStudy, async ({ format, language }) => ({
      saved: await this.exportReport(format, language),
    }));
    answerHistory(connection, session, owner.past);
    connection.onDo(page.PerformPrompt, ({ action }) => this.perform(action));
  }

  private async use(request: {
    cell: CellAddress;
    what: 'prompt' | 'answer';
    how: 'insert' | 'copy';
    format: page.CopyFormat;
  }): Promise<void> {
    const text = await this.textOf(request);
    if (request.how === 'copy') {
      await vscode.env.clipboard.writeText(text);
      return;
    }
    const editor = this.services.editor();
    const { version } = editor.document;
    const written = await editor.edit((builder) => {
      builder.insert(editor.selection.active, text);
    });
    // An editor that is read-only says that it has written, and has not.
    if (!written || (text !== '' && editor.document.version === version)) {
      throw new ScopeError('readOnlyText');
    }
  }

  private async textOf({
    cell,
    what,
    format,
  }: {
    cell: CellAddress;
    what: 'prompt' | 'answer';
    format: page.CopyFormat;
  }): Promise<string> {
    const { session } = this;
    const study = session.study as Study;
    if (what === 'answer') {
      const result = session.result(cell);
      return (result?.answer ?? result?.output ?? '').trim();
    }
    const { prompt, messages, model } = await session.prompt(cell);
    const input = cell.item < 0 ? study.input : (study.task.items[cell.item]?.input ?? '');
    const { copyPrompt } = await import('../prompts/copyFormats');
    const { samplingOf } = await import('../prompts/repeats');
    const sampling = samplingOf(study, cell);
    const copied = { prompt, messages, model: model.id, sampling, task: study.task, input };
    return copyPrompt(copied, format);
  }

  private async perform(action: PromptAction): Promise<void> {
    switch (action) {
      case 'openLog':
      case 'openSample':
        await vscode.commands.executeCommand(commandIds[action]);
        return;
      case 'addModel':
        return this.addModel();
      case 'chooseJudge':
        return this.chooseJudge();
      case 'openStudy':
        await vscode.commands.executeCommand(commandIds.openPromptStudy);
        return;
      default:
        return this.owner.perform(action);
    }
  }

  private async addModel(): Promise<void> {
    const { session } = this;
    const before = session.study;
    const model = before && (await this.pickModel(before.models));
    const { study } = session;
    if (model && study?.id === before.id) {
      await session.edit({ ...study, models: [...study.models, model] });
    }
  }

  private async chooseJudge(): Promise<void> {
    const { session } = this;
    const before = session.study;
    const judge = before?.task.scorer.judge;
    const model = judge && (await this.pickModel([judge.model], vscode.l10n.t('Model that judges')));
    const { study } = session;
    if (model && study?.id === before?.id && study) {
      const scorer = { ...study.task.scorer, judge: { ...judge, model } };
      await session.edit({ ...study, task: { ...study.task, scorer } });
    }
  }

  private async pickModel(taken: readonly AskedModel[], title?: string): Promise<AskedModel | undefined> {
    const { addStudyModel } = await import('../host/addStudyModel');
    const { servers, local } = this.owner;
    const { log, chooser } = this.services;
    return addStudyModel({ servers, local, log, pickFolder: () => chooser.pickFolder() }, taken, title);
  }
}

async function saveReport(text: string, format: 'md' | 'html'): Promise<boolean> {
  const uri = await saveAs(`prompt-study.${format}`, text);
  if (!uri) {
    return false;
  }
  await (format === 'md'
    ? vscode.commands.executeCommand('markdown.showPreview', uri)
    : vscode.env.openExternal(uri));
  return true;
}
