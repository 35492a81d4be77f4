import * as vscode from 'vscode';
import { type AnalysedPlace, onCursorIn, textOffsetAt } from '../host/analysedPlace';
import type { BundledTasks } from '../host/bundledTasks';
import { modelsToCompare } from '../host/comparedModels';
import { errorText } from '../host/errorText';
import { commandIds, compareViewType } from '../host/ids';
import { loadedOnce } from '../host/loadedOnce';
import type { ModelChooser } from '../host/modelChooser';
import type { Models } from '../host/models';
import { compareStrings } from '../host/pageStrings';
import { type SelectedText, typedText } from '../host/selectedText';
import type { TaskModels } from '../host/taskModels';
import { TokenMark } from '../host/tokenMark';
import type { Both, Side } from '../protocol/compare';
import * as page from '../protocol/comparePage';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import { attempt } from '../protocol/shape';
import type { InferenceClient } from '../worker/client';
import type { ComparedModels } from './compareKnown';
import type { AskedAgain, CompareRequest, CompareSession } from './compareSession';
import { comparedText, waiting } from './compareStates';
import type { HistoryKeeper } from './history';
import type { KeptComparison } from './historyEntry';
import { pageOptions } from './html';
import { type RememberedComparison, rememberedComparison } from './keptShapes';
import type { PageConnection } from './pageConnection';

export interface ComparePanelServices {
  readonly extensionUri: vscode.Uri;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly taskModels: TaskModels;
  readonly chooser: Pick<ModelChooser, 'pick'>;
  readonly tasks: BundledTasks;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  readonly history: HistoryKeeper;
  selection(): SelectedText;
  /** Hears what the page asked for. */
  answered(method: string, params: unknown): void;
  showAttention(text: SelectedText, model: ModelSource, layer?: number): Promise<void>;
}

/** What can be compared, and what compares it: that is loaded with the first panel. */
type Known = ComparedModels & {
  readonly strings: page.CompareSnapshot['strings'];
  readonly CompareSession: typeof CompareSession;
  readonly PageConnection: typeof PageConnection;
};

const memoryKey = 'compare.last';
/** A longer text is not remembered over a restart. */
const maxRemembered = 20_000;

/** The host half of the page that compares two models. There is one panel; comparing again updates it. */
export class ComparePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session: CompareSession | undefined;
  private connection: PageConnection | undefined;
  /** Read, and loaded, before there is a panel: no second one can come between. */
  private readonly knownModels = loadedOnce(() => this.learn());
  private choices: readonly ModelSource[] = [];
  private scaling: page.ScalingCurve | null = null;
  private strings: page.CompareSnapshot['strings'] | undefined;
  private turnTo: string | null = null;
  private notes = '';
  /** As they stood when a report was last written, to tell which of two versions is the newer. */
  private writtenNotes: string | undefined;
  /** Of the history. */
  private entry: string | undefined;
  /** Where the page shall open, until it has. */
  private openLook: unknown;
  /** Where the page last was. */
  private look: unknown;
  private readonly mark = new TokenMark();
  private readonly cursor: vscode.Disposable;

  constructor(private readonly services: ComparePanelServices) {
    this.cursor = onCursorIn(
      () => this.textPlace(),
      ({ source }, { document, selection }) => {
        const offset = textOffsetAt(source, document, selection.active) ?? null;
        void this.connection?.wire.sendNotification(page.CompareCursorAt, { offset });
      },
    );
  }

  /** What the page shows; for tests too. */
  snapshot(): page.CompareSnapshot {
    const { session, strings } = this;
    if (!strings) {
      throw new ScopeError('runExpired');
    }
    return {
      locale: vscode.env.language,
      strings,
      compared: comparedText(session?.request),
      parts: session?.parts ?? waiting,
      busy: session?.busy ?? false,
      models: this.choices,
      notes: this.notes,
      scaling: this.scaling,
      turnTo: this.turnTo,
      ...(this.openLook === undefined ? {} : { openLook: this.openLook }),
    };
  }

  /** Opens the page, at a tab where one is named, and compares the models on a text. Resolves when everything is measured. */
  async show(text?: SelectedText, tab?: string): Promise<void> {
    const session = await this.open();
    this.turnTo = tab ?? null;
    if (text) {
      const models = session.request?.models ?? (await modelsToCompare(this.services.taskModels));
      await this.compare(session, { text, models, others: session.request?.others ?? [] });
    }
  }

  /** Takes over a panel that VS Code kept over a restart. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    const session = this.attach(panel, await this.knownModels());
    const kept = attempt(rememberedComparison, this.services.memory.get(memoryKey));
    this.notes = kept?.notes ?? '';
    if (!kept?.request) {
      this.sendSnapshot();
      return;
    }
    await this.compare(session, await this.resolved(kept.request), kept.asked);
  }

  /** Shows a comparison of the history again. Resolves when everything is measured. */
  async reopen({ request, notes, asked }: KeptComparison, look: unknown): Promise<void> {
    const session = await this.open();
    this.notes = notes;
    this.openLook = look;
    this.turnTo = null;
    await this.compare(session, await this.resolved(request), asked);
  }

  /** An update may have moved the bundled models. */
  private async resolved({ text, models, others }: CompareRequest): Promise<CompareRequest> {
    const found = (model: ModelSource): Promise<ModelSource> => this.services.models.resolve(model);
    return {
      text,
      models: { left: await found(models.left), right: await found(models.right) },
      others: await Promise.all(others.map(found)),
    };
  }

  /** The report as it would be written now. @throws {ScopeError} `badRequest` before there is a text */
  async report(format: 'md' | 'html', language: 'en' | 'zh'): Promise<string> {
    const { comparisonReportOf } = await import('./compareReport');
    return comparisonReportOf(this.session, this.notes, this.scaling, format, language);
  }

  /** For tests: what a page's buttons do. */
  get current(): CompareSession | undefined {
    return this.session;
  }

  dispose(): void {
    this.cursor.dispose();
    this.mark.dispose();
    this.panel?.dispose();
  }

  private async open(): Promise<CompareSession> {
    const known = await this.knownModels();
    if (this.panel && this.session) {
      this.panel.reveal(undefined, true);
      return this.session;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { ...pageOptions(this.services.extensionUri), enableFindWidget: true };
    const title = vscode.l10n.t('BERT and GPT');
    return this.attach(vscode.window.createWebviewPanel(compareViewType, title, column, options), known);
  }

  private async learn(): Promise<Known> {
    const { models, extensionUri, log } = this.services;
    const [{ comparedModels }, strings, session, connection] = await Promise.all([
      import('./compareKnown'),
      compareStrings(),
      import('./compareSession'),
      import('./pageConnection'),
    ]);
    const known = await comparedModels(models, extensionUri, (message) => log.warn(message));
    return { ...known, strings, ...session, ...connection };
  }

  private async compare(session: CompareSession, request: CompareRequest, again?: AskedAgain): Promise<void> {
    const measured = session.compare(request, again);
    this.sendSnapshot();
    const { notes } = this;
    const asked = session.askedAgain;
    this.entry = this.services.history.keep(
      { kind: 'comparison', request, notes, asked },
      this.openLook ?? this.look,
    );
    await this.remember();
    await measured;
  }

  private async remember(): Promise<void> {
    const request = this.session?.request;
    const fits = request !== undefined && request.text.text.length <= maxRemembered;
    const asked = this.session?.askedAgain;
    const kept: RememberedComparison = {
      notes: this.notes,
      ...(fits ? { request, ...(asked ? { asked } : {}) } : {}),
    };
    await this.services.memory.update(memoryKey, kept);
    this.changeEntry();
  }

  /** What was changed on the page since the comparison was kept. */
  private changeEntry(): void {
    const { session, notes } = this;
    const request = session?.request;
    if (request) {
      const asked = session.askedAgain;
      this.services.history.change(this.entry, { kind: 'comparison', request, notes, asked });
    }
  }

  /** For what does something to the comparison on show that is to be seen again. */
  private async kept(doing: Promise<void>): Promise<void> {
    this.changeEntry();
    await doing;
  }

  private attach(
    panel: vscode.WebviewPanel,
    { choices, bundled, scaling, strings, CompareSession, PageConnection }: Known,
  ): CompareSession {
    const { client, tasks, log, extensionUri } = this.services;
    this.panel?.dispose();
    this.choices = choices;
    this.scaling = scaling;
    this.strings = strings;
    const connection = new PageConnection(panel, extensionUri, log, this.services.answered);
    const { wire } = connection;
    const session = new CompareSession({
      client,
      bundled,
      sentiment: async (language) => (await tasks.find(`sentiment-${language}`)).study.task,
      describe: (error) => {
        const { message, detail } = errorText(error);
        return detail === undefined ? message : `${message} (${detail})`;
      },
      log: (message) => log.error(message),
      changed: (parts) => {
        void wire.sendNotification(page.ComparePartsChanged, { parts, busy: session.busy });
      },
      streamed: (what, text) => void wire.sendNotification(page.CompareStreamed, { what, text }),
    });
    this.answerPage(connection, session);
    this.panel = panel;
    this.session = session;
    this.connection = connection;
    connection.start('compare', () => {
      session.dispose();
      if (this.panel === panel) {
        this.panel = undefined;
        this.session = undefined;
        this.connection = undefined;
        this.entry = undefined;
        this.openLook = this.look = undefined;
        this.mark.clear();
      }
    });
    return session;
  }

  private answerPage(connection: PageConnection, session: CompareSession): void {
    connection.on(page.CompareReady, () => this.snapshot());
    connection.onDo(page.TabShown, ({ tab }) => {
      if (tab === this.turnTo) {
        this.turnTo = null;
      }
    });
    connection.onDo(page.CompareText, ({ text }) => this.show(typedText(text)));
    connection.onDo(page.PlaceModel, ({ side, model }) => this.place(session, side, model));
    connection.onDo(page.SwapModels, () =>
      this.withModels(session, ({ left, right }) => ({ left: right, right: left })),
    );
    connection.onDo(page.RunPart, ({ part }) => session.again(part));
    connection.onDo(page.StopCompare, () => session.stop());
    connection.onDo(page.AskBlank, ({ word }) => this.kept(session.askBlank(word)));
    connection.onDo(page.MaskAgain, () => this.kept(session.maskAgain()));
    connection.onDo(page.ReplaceAgain, () => this.kept(session.replaceAgain()));
    connection.onDo(page.AskChat, ({ prompt }) => this.kept(session.askChat(prompt)));
    connection.onDo(page.ChangeColumns, ({ remove }) => this.changeColumns(session, remove));
    connection.on(page.CompareHead, (request) => session.head(request));
    connection.onDo(page.OpenVisualizer, ({ side, layer }) => {
      const { request } = session;
      return request && this.services.showAttention(request.text, request.models[side], layer);
    });
    connection.onDo(page.SetNotes, ({ notes }) => {
      this.notes = notes;
      return this.remember();
    });
    connection.on(page.ExportReport, ({ format, language }) => this.exportReport(format, language));
    connection.onDo(page.PerformCompare, ({ action }) => this.perform(action));
    connection.hear(page.CompareLook, ({ look }) => {
      this.openLook = undefined;
      this.look = look;
      this.services.history.look(this.entry, look);
    });
    connection.hear(page.ComparePointAt, ({ range }) => {
      this.mark.show(this.textPlace(), range);
    });
  }

  /** Writes the report and opens it. Notes in a report that is written again are kept, and come into the page. */
  async exportTo(uri: vscode.Uri, format: 'md' | 'html', language: 'en' | 'zh'): Promise<void> {
    const [{ mergeNotes }, { notesIn, writeReportFile }] = await Promise.all([
      import('../report/notes'),
      import('../host/reportFile'),
    ]);
    this.notes = mergeNotes(this.notes, await notesIn(uri), this.writtenNotes);
    await writeReportFile(uri, await this.report(format, language), format);
    this.writtenNotes = this.notes;
    await this.remember();
    this.sendSnapshot();
  }

  /** Asks where the report goes, and writes it. */
  async exportReport(format: 'md' | 'html', language: 'en' | 'zh'): Promise<{ saved: boolean }> {
    const { pickFile } = await import('../host/savedFile');
    const uri = await pickFile(`bert-and-gpt.${format}`);
    if (uri) {
      await this.exportTo(uri, format, language);
    }
    return { saved: uri !== undefined };
  }

  private async place(session: CompareSession, side: Side, model: ModelSource | null): Promise<void> {
    const among = (wanted: ModelSource): ModelSource | undefined =>
      this.choices.find(({ folder }) => folder === wanted.folder);
    const picked = model === null ? await this.services.chooser.pick('text') : among(model);
    if (picked) {
      this.choices = among(picked) ? this.choices : [...this.choices, picked];
      await this.withModels(session, (models) => ({ ...models, [side]: picked }));
    }
    this.sendSnapshot();
  }

  private async withModels(
    session: CompareSession,
    change: (models: Both<ModelSource>) => Both<ModelSource>,
  ): Promise<void> {
    const { request } = session;
    if (request) {
      await this.compare(session, { ...request, models: change(request.models) });
    }
  }

  private async changeColumns(session: CompareSession, remove: number | undefined): Promise<void> {
    const others = session.request?.others ?? [];
    const model = remove === undefined ? await this.services.chooser.pick('text') : undefined;
    if (model) {
      await session.setOthers([...others, model]);
    } else if (remove !== undefined) {
      await session.setOthers(others.filter((_, index) => index !== remove));
    }
    await this.remember();
  }

  private async perform(action: page.CompareAction): Promise<void> {
    switch (action) {
      case 'openLog':
      case 'openSample':
        await vscode.commands.executeCommand(commandIds[action]);
        return;
      case 'useSelection':
        return this.show(this.services.selection());
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }

  private sendSnapshot(): void {
    void this.connection?.wire.sendNotification(page.CompareChanged, this.snapshot());
  }

  private textPlace(): AnalysedPlace | undefined {
    const source = this.session?.request?.text;
    return source && { runId: 0, source, tokens: [] };
  }
}
