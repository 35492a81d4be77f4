import * as vscode from 'vscode';
import { type AnalysedPlace, editorsOf, tokenAt } from '../host/analysedPlace';
import { errorText } from '../host/errorText';
import { attentionViewType, commandIds } from '../host/ids';
import type { CodeTexts } from '../host/codeTexts';
import { notifyFailure } from '../host/notify';
import type { ModelChooser } from '../host/modelChooser';
import type { Models } from '../host/models';
import { attentionStrings } from '../host/pageStrings';
import { TokenMark } from '../host/tokenMark';
import { pickPicture, selectedPicture } from '../host/selectedPicture';
import type { SelectedPicture, Subject } from '../host/subject';
import { type SelectedText, typedText } from '../host/selectedText';
import type { ExampleName } from '../attention/effectExamples';
import type { HeadRequest, HeadWeights } from '../protocol/attention';
import {
  AnalyseText,
  type AttentionSnapshot,
  type AttentionState,
  CancelRun,
  Compare,
  type Comparison,
  CursorAt,
  Export,
  type ExportFormat,
  type ExportRequest,
  LookChanged,
  type PageAction,
  Perform,
  PointAt,
  Ready,
  SaveView,
  SnapshotChanged,
} from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import type { ExplainRequest, ExplainedWeight } from '../protocol/oneNumber';
import { ask, createRpc } from '../protocol/rpc';
import { Combine, type Phase } from '../protocol/worker';
import type { InferenceClient } from '../worker/client';
import { answerRunViews } from './attentionAnswers';
import { AttentionComparison } from './attentionComparison';
import { AttentionMemory } from './attentionMemory';
import { AttentionRecord } from './attentionRecord';
import { AttentionSession, type Opening } from './attentionSession';
import type { HistoryKeeper } from './history';
import type { KeptAttention } from './historyEntry';
import { pageHtml, pageOptions } from './html';
import { answerPage, hearPage } from './pageAnswers';
import { PageDecoder } from './pageDecoder';
import { saveFile } from './savedFile';
import { webviewTransport } from './webviewTransport';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly chooser: Pick<ModelChooser, 'pick'>;
  readonly log: vscode.LogOutputChannel;
  /** Keeps what a restored panel shows again after a restart. */
  readonly memory: vscode.Memento;
  readonly history: HistoryKeeper;
  /** Where the page's steps are written down. */
  readonly code: CodeTexts;
  /** The page draws other weights. */
  weightsChanged(): void;
}

interface WeightsOnShow {
  readonly runId: number;
  readonly weights: Promise<HeadWeights>;
}

/** Host half of the attention page. There is one panel; running again updates it. */
export class AttentionPanel implements vscode.Disposable {
  private strings: AttentionSnapshot['strings'] | undefined;
  private panel: vscode.WebviewPanel | undefined;
  private session: AttentionSession | undefined;
  private comparison: AttentionComparison | undefined;
  private send: ((snapshot: AttentionSnapshot) => void) | undefined;
  private decoder: PageDecoder | undefined;
  /** The head that the page last asked for, as proof that it is alive. */
  lastHeadRequest: HeadRequest | undefined;
  /** The weights that the page draws, for those who show them elsewhere. */
  private weightsOnShow: WeightsOnShow | undefined;
  private readonly mark = new TokenMark();
  private readonly cursor: vscode.Disposable;
  private readonly memory: AttentionMemory;
  private readonly record: AttentionRecord;
  private saveView: ((format: ExportFormat) => Promise<{ readonly saved: boolean }>) | undefined;
  private sendCursor: ((token: number | null) => void) | undefined;

  constructor(private readonly services: PanelServices) {
    this.memory = new AttentionMemory(services.memory);
    this.record = new AttentionRecord(services.history);
    this.cursor = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      this.tellCursor(textEditor);
    });
  }

  /** The run on show and where its text stands. */
  get place(): AnalysedPlace | undefined {
    return this.session?.place;
  }

  /** The weights that the page draws, before its filters; the mean of all heads until it has asked for some. */
  async weights(runId: number): Promise<Float32Array> {
    const { session } = this;
    if (!session) {
      throw new ScopeError('runExpired');
    }
    if (!this.weightsOnShow || !session.shows(this.weightsOnShow.runId)) {
      const heads = session.allHeads();
      this.weightsOnShow = { runId, weights: session.ofRun(Combine, { runId, how: 'mean', heads }) };
    }
    const onShow = this.weightsOnShow;
    const { weights } = await onShow.weights;
    return session.amongAllTokens(onShow.runId, new Float32Array(weights));
  }

  /** The run beside the one on show; null when nothing is compared. */
  get comparedState(): AttentionState | null {
    return this.comparison?.state ?? null;
  }

  get state(): AttentionState {
    return this.session?.current ?? { kind: 'empty' };
  }

  /** Shows the panel beside the editor (without taking the focus) and analyses the text; a layer opens there. */
  async show(read: () => SelectedText, model?: ModelSource, layer?: number): Promise<void> {
    const session = await this.reveal();
    let text: SelectedText;
    try {
      text = read();
    } catch (error) {
      session.fail(error);
      return;
    }
    await this.analyse(session, text, model, layer === undefined ? {} : { layer });
  }

  /** The same for a picture file. */
  async showPicture(uri: vscode.Uri, model?: ModelSource): Promise<void> {
    await this.analyse(await this.reveal(), this.pictureAt(uri), model);
  }

  /** Shows the first prompt of an example and, in the page, which heads its answer depends on. */
  async showExample(example: ExampleName, model?: ModelSource): Promise<void> {
    const session = await this.reveal();
    const { openingOf } = await import('./effectsAnswers');
    const { text, opening } = openingOf(example);
    await this.analyse(session, typedText(text), model ?? session.modelInUse(), { effects: opening });
  }

  /** Shows an entry of the history again, where the reader was. */
  async reopen({ subject, model, compared }: KeptAttention, look: unknown): Promise<void> {
    const session = await this.reveal();
    const { models } = this.services;
    this.record.leave();
    await this.compare({ with: 'nothing' });
    const shown = 'text' in subject ? subject.text : this.pictureAt(vscode.Uri.parse(subject.picture));
    await this.analyse(session, shown, await models.resolve(model), { look });
    if (compared && this.session === session) {
      const resolved =
        compared.with === 'model' ? { ...compared, model: await models.resolve(compared.model) } : compared;
      await this.comparison?.resume(resolved);
    }
  }

  /** Asks where a file of what is on show goes, and writes it, as the page's own menu does. */
  async saveAs(format: ExportFormat): Promise<boolean> {
    return (await this.saveView?.(format))?.saved ?? false;
  }

  private async reveal(): Promise<AttentionSession> {
    // Before there is a panel, so that no second one can come between.
    this.strings ??= await attentionStrings();
    if (this.panel) {
      this.panel.reveal(undefined, true);
    } else {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const options = { ...pageOptions(this.services.extensionUri), enableFindWidget: false };
      const title = vscode.l10n.t('Attention');
      this.attach(vscode.window.createWebviewPanel(attentionViewType, title, column, options));
    }
    return this.session as AttentionSession;
  }

  private pictureAt(uri: vscode.Uri): SelectedPicture {
    return selectedPicture(uri, async (picture, type) => {
      if (!this.decoder) {
        throw new ScopeError('cancelled');
      }
      return this.decoder.toPng(picture, type);
    });
  }

  private async analyse(
    session: AttentionSession,
    subject: Subject,
    model?: ModelSource,
    opening: Opening = {},
  ): Promise<void> {
    await this.memory.keepSubject(subject);
    await session.analyse(subject, model, opening);
    await this.comparison?.follow();
  }

  /** Puts another run beside the one on show, or takes it away. */
  async compare(comparison: Comparison): Promise<void> {
    await this.comparison?.begin(comparison);
  }

  /** Takes over a panel that VS Code kept over a restart. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    this.strings ??= await attentionStrings();
    this.attach(panel);
    const remembered = this.memory.read();
    if (!remembered) {
      return;
    }
    const { subject, compared } = remembered;
    await this.session?.analyse(
      'text' in subject ? subject.text : this.pictureAt(vscode.Uri.parse(subject.picture)),
    );
    if (compared) {
      await this.comparison?.resume(compared);
    }
  }

  /** The text on show, by the model that was chosen meanwhile. */
  async retryWithChosenModel(): Promise<void> {
    await this.session?.retryWithChosenModel();
  }

  setPhase(owner: string, phase: Phase): void {
    for (const session of [this.session, this.comparison?.other]) {
      if (owner === session?.owner) {
        session.setPhase(phase);
      }
    }
  }

  head(request: HeadRequest): Promise<ArrayBuffer> {
    return (this.session as AttentionSession).head(request).then(({ weights }) => weights);
  }

  /** How one weight of the run on show comes about. */
  explain(request: ExplainRequest): Promise<ExplainedWeight> {
    return (this.session as AttentionSession).explain(request);
  }

  dispose(): void {
    this.cursor.dispose();
    this.mark.dispose();
    this.panel?.dispose();
  }

  private attach(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    const shared = {
      client: this.services.client,
      currentModel: (reads: 'text' | 'picture') => this.services.models.current(reads),
      failed: (error: ScopeError) => ({ kind: 'failed' as const, ...errorText(error) }),
      log: (message: string) => this.services.log.error(message),
      changed: () => this.send?.(this.snapshot()),
    };
    const session = new AttentionSession(`attention-${Date.now()}`, {
      ...shared,
      analysed: (subject, model) => this.record.analysed(subject, model, this.comparison?.settled),
    });
    const comparison = new AttentionComparison(
      session,
      new AttentionSession(`${session.owner}-compared`, shared),
      {
        pickModel: (reads) => this.services.chooser.pick(reads),
        pickPicture: async () => (await pickPicture())?.toString(),
        picture: (uri) => this.pictureAt(vscode.Uri.parse(uri)),
        changed: (compared) => {
          void this.memory.keepComparison(compared);
          this.record.compared(compared);
        },
      },
    );
    const connection = createRpc(webviewTransport(panel.webview));
    const decoder = new PageDecoder(connection);
    panel.onDidChangeViewState(() => {
      if (!panel.visible) {
        decoder.closed();
      }
    });
    answerPage(connection, Ready, () => {
      decoder.opened();
      return this.snapshot();
    });
    answerRunViews(connection, {
      session,
      sessionOf: (runId) => this.sessionOf(runId),
      drawn: (runId, weights) => this.remember(runId, weights),
      headAsked: (request) => {
        this.lastHeadRequest = request;
      },
      showCode: (step) => this.services.code.show(step),
      openExample: (example) => this.showExample(example),
    });
    answerPage(connection, Export, async (request) => {
      try {
        const content = await this.exported(request);
        const { exportedName } = await import('./attentionFiles');
        const name = exportedName(session, request.format, this.comparison?.shown !== undefined);
        return { saved: await saveFile(name, content) };
      } catch (error) {
        notifyFailure(error, this.services.log);
        throw error;
      }
    });
    answerPage(connection, AnalyseText, async ({ text, second }) => {
      await this.analyse(session, typedText(text, second));
      return null;
    });
    answerPage(connection, Compare, async (request) => {
      await this.compare(request);
      return null;
    });
    answerPage(connection, CancelRun, () => {
      session.cancel();
      return null;
    });
    answerPage(connection, Perform, async ({ action }) => {
      await this.perform(action, session);
      return null;
    });
    hearPage(connection, PointAt, ({ runId, range }) => {
      const { place } = session;
      this.mark.show(place?.runId === runId ? place : undefined, range);
    });
    hearPage(connection, LookChanged, ({ runId, look }) => {
      if (session.shows(runId)) {
        session.opened(runId);
        this.record.look(look);
      }
    });
    connection.listen();
    panel.iconPath = vscode.Uri.joinPath(this.services.extensionUri, 'media', 'icon.png');
    panel.webview.html = pageHtml(panel.webview, this.services.extensionUri, 'attention');
    panel.onDidDispose(() => {
      session.dispose();
      comparison.dispose();
      connection.dispose();
      if (this.panel === panel) {
        this.panel = undefined;
        this.session = undefined;
        this.comparison = undefined;
        this.send = undefined;
        this.decoder = undefined;
        this.sendCursor = undefined;
        this.saveView = undefined;
        this.record.leave();
        this.weightsOnShow = undefined;
        this.mark.clear();
      }
    });
    this.panel = panel;
    this.session = session;
    this.comparison = comparison;
    this.sendCursor = (token) => {
      const runId = session.place?.runId;
      if (runId !== undefined) {
        void connection.sendNotification(CursorAt, { runId, token });
      }
    };
    this.decoder = decoder;
    this.saveView = (format) => ask(connection, SaveView, { format });
    this.send = (snapshot) => void connection.sendNotification(SnapshotChanged, snapshot);
  }

  /** Of the two sessions the one that shows a run. */
  private sessionOf(runId: number): AttentionSession {
    const { comparison, session } = this;
    return (comparison?.other.shows(runId) ? comparison.other : session) as AttentionSession;
  }

  /** Keeps what the page asked for last, which is what it draws. */
  private remember(runId: number, weights: Promise<HeadWeights>): Promise<HeadWeights> {
    if (!this.session?.shows(runId)) {
      return weights;
    }
    this.weightsOnShow = { runId, weights };
    weights.then(
      () => this.services.weightsChanged(),
      () => undefined,
    );
    return weights;
  }

  private tellCursor(editor: vscode.TextEditor): void {
    const { place } = this;
    if (place && editor.document.uri.toString() === place.source.uri && editorsOf(place).includes(editor)) {
      this.sendCursor?.(tokenAt(place, editor.document, editor.selection.active) ?? null);
    }
  }

  /** The file in one of the formats. */
  async exported(request: ExportRequest): Promise<Uint8Array> {
    const { session, comparison } = this;
    const { exportedFile } = await import('./attentionFiles');
    return exportedFile(request, session, comparison?.shown, this.snapshot(), this.services.extensionUri);
  }

  private snapshot(): AttentionSnapshot {
    const { strings } = this;
    if (!strings) {
      throw new ScopeError('runExpired');
    }
    return {
      locale: vscode.env.language,
      strings,
      standalone: false,
      state: this.state,
      compared: this.comparedState,
    };
  }

  private async perform(action: PageAction, session: AttentionSession): Promise<void> {
    switch (action) {
      case 'retry':
        return session.retry();
      case 'openLog':
        await vscode.commands.executeCommand(commandIds.openLog);
        return;
      case 'openSample':
        await vscode.commands.executeCommand(commandIds.openSample);
        return;
      case 'chooseModel':
        await vscode.commands.executeCommand(commandIds.chooseModel);
        return;
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }
}
