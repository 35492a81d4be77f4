import * as vscode from 'vscode';
import { type AnalysedPlace, editorsOf, textOffsetAt } from '../host/analysedPlace';
import type { BundledTasks } from '../host/bundledTasks';
import { modelsToCompare } from '../host/comparedModels';
import { errorText } from '../host/errorText';
import { commandIds, compareViewType } from '../host/ids';
import type { ModelChooser } from '../host/modelChooser';
import type { Models } from '../host/models';
import { notifyFailure } from '../host/notify';
import { notesIn, pickReportFile, writeReportFile } from '../host/reportFile';
import { compareStrings } from '../host/pageStrings';
import { type SelectedText, typedText } from '../host/selectedText';
import { TokenMark } from '../host/tokenMark';
import { type Both, type Side, compareParts } from '../protocol/compare';
import * as page from '../protocol/comparePage';
import { type ErrorData, ScopeError } from '../protocol/errors';
import type { MessageConnection, RequestType } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import { answer, createRpc } from '../protocol/rpc';
import { mergeNotes } from '../report/notes';
import { Head } from '../protocol/worker';
import type { InferenceClient } from '../worker/client';
import { checkedIndex, checkedPart, checkedSide } from './compareChecks';
import { comparedText, comparisonReportOf } from './compareReport';
import { CompareSession } from './compareSession';
import { pageHtml, pageOptions } from './html';
import { webviewTransport } from './webviewTransport';

export interface ComparePanelServices {
  readonly extensionUri: vscode.Uri;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly chooser: ModelChooser;
  readonly tasks: BundledTasks;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  selection(): SelectedText;
  showAttention(text: string, model: ModelSource, layer?: number): Promise<void>;
}

/** What a comparison that is opened again needs; the results are measured anew. */
interface Remembered {
  readonly text: SelectedText;
  readonly models: Both<ModelSource>;
  readonly others: readonly ModelSource[];
  readonly notes: string;
}
const memoryKey = 'compare.last';
/** A longer text is not remembered over a restart. */
const maxRemembered = 20_000;

/** The host half of the page that compares two models. There is one panel; comparing again updates it. */
export class ComparePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session: CompareSession | undefined;
  private connection: MessageConnection | undefined;
  private choices: readonly ModelSource[] = [];
  private scaling: page.ScalingCurve | null = null;
  private notes = '';
  /** As they stood when a report was last written, to tell which of two versions is the newer. */
  private writtenNotes: string | undefined;
  private readonly mark = new TokenMark();
  private readonly cursor: vscode.Disposable;

  constructor(private readonly services: ComparePanelServices) {
    this.cursor = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      this.tellCursor(textEditor);
    });
  }

  /** What the page shows; for tests too. */
  snapshot(): page.CompareSnapshot {
    const { session } = this;
    return {
      locale: vscode.env.language,
      strings: compareStrings(),
      compared: session ? comparedText(session) : null,
      parts: session?.parts ?? unmeasured,
      busy: session?.busy ?? false,
      models: this.choices,
      notes: this.notes,
      scaling: this.scaling,
    };
  }

  /** Opens the page and compares the models on a text. Resolves when everything is measured. */
  async show(text?: SelectedText): Promise<void> {
    const session = await this.open();
    if (text) {
      const models = session.request?.models ?? (await modelsToCompare(this.services.models));
      await this.compare(session, {
        text,
        models,
        others: session.request?.others ?? [],
      });
    }
  }

  /** Takes over a panel that VS Code kept over a restart. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    const session = await this.attach(panel);
    const kept = this.services.memory.get<Remembered>(memoryKey);
    if (kept) {
      this.notes = kept.notes;
      const { models } = this.services;
      // An update may have moved the bundled models.
      const [left, right, ...others] = await Promise.all(
        [kept.models.left, kept.models.right, ...kept.others].map((model) => models.resolve(model)),
      );
      if (left && right) {
        await this.compare(session, {
          text: kept.text,
          models: { left, right },
          others,
        });
      }
    }
  }

  /** The report as it would be written now. @throws {ScopeError} `badRequest` before there is a text */
  report(format: 'md' | 'html', language: 'en' | 'zh'): Promise<string> {
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
    if (this.panel && this.session) {
      this.panel.reveal(undefined, true);
      return this.session;
    }
    const column = {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    };
    const options = {
      ...pageOptions(this.services.extensionUri),
      enableFindWidget: true,
    };
    const title = vscode.l10n.t('BERT and GPT');
    return this.attach(vscode.window.createWebviewPanel(compareViewType, title, column, options));
  }

  private async compare(
    session: CompareSession,
    request: Parameters<CompareSession['compare']>[0],
  ): Promise<void> {
    const measured = session.compare(request);
    this.sendSnapshot();
    await this.remember();
    await measured;
  }

  private async remember(): Promise<void> {
    const request = this.session?.request;
    const fits = request && request.text.text.length <= maxRemembered;
    await this.services.memory.update(memoryKey, fits ? { ...request, notes: this.notes } : undefined);
  }

  private async attach(panel: vscode.WebviewPanel): Promise<CompareSession> {
    const { client, models, tasks, log, extensionUri } = this.services;
    this.panel?.dispose();
    const bundled = await models.bundledFor(['fill-mask', 'text-classification', 'text-generation']);
    this.choices = bundled.map(({ source }) => source);
    this.scaling = await this.readScaling();
    const first = (task: string, instruct = false): ModelSource | undefined =>
      bundled.find((each) => each.task === task && each.source.id.includes('instruct') === instruct)?.source;
    const connection = createRpc(webviewTransport(panel.webview));
    const [encoder, classifier, decoder, tuned] = [
      first('fill-mask'),
      first('text-classification'),
      first('text-generation'),
      first('text-generation', true),
    ];
    const session = new CompareSession({
      client,
      bundled: {
        ...(encoder ? { encoder } : {}),
        ...(classifier ? { classifier } : {}),
        ...(decoder ? { decoder } : {}),
        ...(tuned ? { tuned } : {}),
      },
      sentiment: async (language) => (await tasks.find(`sentiment-${language}`)).study.task,
      describe: (error) => {
        const { message, detail } = errorText(error);
        return detail === undefined ? message : `${message} (${detail})`;
      },
      log: (message) => log.error(message),
      changed: (parts) => {
        void connection.sendNotification(page.ComparePartsChanged, {
          parts,
          busy: session.busy,
        });
      },
      streamed: (what, text) => void connection.sendNotification(page.CompareStreamed, { what, text }),
    });
    this.answerPage(connection, session);
    connection.listen();
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    panel.webview.html = pageHtml(panel.webview, extensionUri, 'compare');
    panel.onDidDispose(() => {
      session.dispose();
      connection.dispose();
      if (this.panel === panel) {
        this.panel = undefined;
        this.session = undefined;
        this.connection = undefined;
        this.mark.clear();
      }
    });
    this.panel = panel;
    this.session = session;
    this.connection = connection;
    return session;
  }

  private answerPage(connection: MessageConnection, session: CompareSession): void {
    const on = <P, R>(type: RequestType<P, R, ErrorData>, handle: (params: P) => Promise<R> | R): void => {
      answer(connection, type, async (params) => {
        try {
          return await handle(params);
        } catch (error) {
          await notifyFailure(error, this.services.log);
          throw error;
        }
      });
    };
    const done = (work: unknown): Promise<null> => Promise.resolve(work).then(() => null);
    on(page.CompareReady, () => this.snapshot());
    on(page.CompareText, ({ text }) => done(this.show(typedText(text))));
    on(page.PlaceModel, ({ side, model }) => done(this.place(session, side, model)));
    on(page.SwapModels, () =>
      done(
        this.withModels(session, ({ left, right }) => ({
          left: right,
          right: left,
        })),
      ),
    );
    on(page.RunPart, ({ part }) => done(session.again(checkedPart(part))));
    on(page.StopCompare, () => done(session.stop()));
    on(page.AskBlank, ({ word }) => done(session.askBlank(checkedIndex(word))));
    on(page.MaskAgain, () => done(session.maskAgain()));
    on(page.AskChat, ({ prompt }) => done(session.askChat(prompt)));
    on(page.ChangeColumns, ({ remove }) => done(this.changeColumns(session, remove)));
    on(page.CompareHead, ({ runId, layer, head }) => {
      const request = {
        runId: checkedIndex(runId),
        layer: checkedIndex(layer),
        head: checkedIndex(head),
      };
      return this.services.client.request(Head, request);
    });
    on(page.OpenVisualizer, ({ side, layer }) => {
      const { request } = session;
      if (!request) {
        return null;
      }
      const model = request.models[checkedSide(side)];
      const checked = layer === undefined ? undefined : checkedIndex(layer);
      return done(this.services.showAttention(request.text.text, model, checked));
    });
    on(page.SetNotes, ({ notes }) => {
      this.notes = notes;
      return done(this.remember());
    });
    on(page.ExportReport, ({ format, language }) => this.exportReport(format, language));
    on(page.PerformCompare, ({ action }) => done(this.perform(action)));
    connection.onNotification(page.ComparePointAt, ({ range }) => {
      this.mark.show(this.textPlace(), range);
    });
  }

  /** Writes the report and opens it. Notes in a report that is written again are kept, and come into the page. */
  async exportTo(uri: vscode.Uri, format: 'md' | 'html', language: 'en' | 'zh'): Promise<void> {
    this.notes = mergeNotes(this.notes, await notesIn(uri), this.writtenNotes);
    await writeReportFile(uri, await this.report(format, language), format);
    this.writtenNotes = this.notes;
    await this.remember();
    this.sendSnapshot();
  }

  private async exportReport(format: 'md' | 'html', language: 'en' | 'zh'): Promise<{ saved: boolean }> {
    const uri = await pickReportFile(`bert-and-gpt.${format}`);
    if (uri) {
      await this.exportTo(uri, format, language);
    }
    return { saved: uri !== undefined };
  }

  private async place(session: CompareSession, side: Side, model: ModelSource | null): Promise<void> {
    const known = this.choices.find(({ id }) => id === model?.id);
    const chosen = model === null ? await this.services.chooser.pick('text') : known;
    if (chosen) {
      this.choices = this.choices.includes(chosen) ? this.choices : [...this.choices, chosen];
      await this.withModels(session, (models) => ({
        ...models,
        [checkedSide(side)]: chosen,
      }));
    }
    this.sendSnapshot();
  }

  private async withModels(
    session: CompareSession,
    change: (models: Both<ModelSource>) => Both<ModelSource>,
  ): Promise<void> {
    const { request } = session;
    if (request) {
      await this.compare(session, {
        ...request,
        models: change(request.models),
      });
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
      case 'chooseModel':
        await vscode.commands.executeCommand(commandIds[action]);
        return;
      case 'openPrompts':
        await vscode.commands.executeCommand(commandIds.tryPromptStrategies);
        return;
      case 'useSelection':
        return this.show(this.services.selection());
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }

  private sendSnapshot(): void {
    void this.connection?.sendNotification(page.CompareChanged, this.snapshot());
  }

  private textPlace(): AnalysedPlace | undefined {
    const source = this.session?.request?.text;
    return source && { runId: 0, source, tokens: [] };
  }

  private tellCursor(editor: vscode.TextEditor): void {
    const place = this.textPlace();
    if (place && editor.document.uri.toString() === place.source.uri && editorsOf(place).includes(editor)) {
      const offset = textOffsetAt(place.source, editor.document, editor.selection.active) ?? null;
      void this.connection?.sendNotification(page.CompareCursorAt, { offset });
    }
  }

  /** What our own recipe measured at several sizes; null where it is not shipped. */
  private async readScaling(): Promise<page.ScalingCurve | null> {
    try {
      const path = ['models', 'training', 'gpt', 'scaling.json'];
      const uri = vscode.Uri.joinPath(this.services.extensionUri, ...path);
      return JSON.parse(
        new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)),
      ) as page.ScalingCurve;
    } catch (error) {
      this.services.log.warn(`scaling.json: ${String(error)}`);
      return null;
    }
  }
}

const unmeasured = Object.fromEntries(
  compareParts.map((part) => [part, { state: 'waiting' }]),
) as page.CompareSnapshot['parts'];
