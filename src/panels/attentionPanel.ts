import * as vscode from 'vscode';
import { type AnalysedPlace, editorsOf, tokenAt } from '../host/analysedPlace';
import { errorText } from '../host/errorText';
import { attentionViewType, commandIds } from '../host/ids';
import { notifyFailure } from '../host/notify';
import type { ModelChooser } from '../host/modelChooser';
import type { Models } from '../host/models';
import { attentionStrings } from '../host/pageStrings';
import { TokenMark } from '../host/tokenMark';
import { type SelectedText, typedText } from '../host/selectedText';
import type { HeadRequest, HeadWeights } from '../protocol/attention';
import {
  AnalyseText,
  type AttentionSnapshot,
  type AttentionState,
  CancelRun,
  Compare,
  CursorAt,
  Export,
  type ExportRequest,
  type PageAction,
  PageHead,
  PageInduction,
  PageLayers,
  PagePredict,
  Perform,
  PointAt,
  Ready,
  SnapshotChanged,
} from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import { answer, createRpc } from '../protocol/rpc';
import { AllWeights, Combine, Patterns, type Phase, SomeThumbnails } from '../protocol/worker';
import type { InferenceClient } from '../worker/client';
import { AttentionComparison } from './attentionComparison';
import { AttentionSession } from './attentionSession';
import { pageHtml, pageOptions } from './html';
import { pageParts } from './pageParts';
import { saveFile } from './savedFile';
import { type PageLook, standaloneHtml } from './standaloneHtml';
import { webviewTransport } from './webviewTransport';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly chooser: ModelChooser;
  readonly log: vscode.LogOutputChannel;
  /** Keeps what a restored panel shows again after a restart. */
  readonly memory: vscode.Memento;
  /** The page draws other weights. */
  weightsChanged(): void;
}

interface WeightsOnShow {
  readonly runId: number;
  readonly weights: Promise<HeadWeights>;
}

const memoryKey = 'attention.lastText';
/** A longer text is not remembered over a restart. */
const maxRemembered = 20_000;

/** Host half of the attention page. There is one panel; running again updates it. */
export class AttentionPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session: AttentionSession | undefined;
  private comparison: AttentionComparison | undefined;
  private send: ((snapshot: AttentionSnapshot) => void) | undefined;
  /** The head that the page last asked for, as proof that it is alive. */
  lastHeadRequest: HeadRequest | undefined;
  /** The weights that the page draws, for those who show them elsewhere. */
  private weightsOnShow: WeightsOnShow | undefined;
  private readonly mark = new TokenMark();
  private readonly cursor: vscode.Disposable;
  private sendCursor: ((token: number | null) => void) | undefined;

  constructor(private readonly services: PanelServices) {
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

  get state(): AttentionState {
    return this.session?.current ?? { kind: 'empty' };
  }

  /** Shows the panel beside the editor (without taking the focus) and analyses the text. */
  async show(read: () => SelectedText, model?: ModelSource): Promise<void> {
    if (this.panel) {
      this.panel.reveal(undefined, true);
    } else {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const options = { ...pageOptions(this.services.extensionUri), enableFindWidget: false };
      const title = vscode.l10n.t('Attention');
      this.attach(vscode.window.createWebviewPanel(attentionViewType, title, column, options));
    }
    const session = this.session as AttentionSession;
    let text: SelectedText;
    try {
      text = read();
    } catch (error) {
      session.fail(error);
      return;
    }
    await this.analyse(session, text, model);
  }

  private async analyse(session: AttentionSession, text: SelectedText, model?: ModelSource): Promise<void> {
    await this.services.memory.update(memoryKey, text.text.length <= maxRemembered ? text : undefined);
    await session.analyse(text, model);
    await this.comparison?.follow();
  }

  /** Takes over a panel that VS Code kept over a restart. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    this.attach(panel);
    const remembered = this.services.memory.get<SelectedText>(memoryKey);
    if (remembered) {
      await this.session?.analyse(remembered);
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

  dispose(): void {
    this.cursor.dispose();
    this.mark.dispose();
    this.panel?.dispose();
  }

  private attach(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    const shared = {
      client: this.services.client,
      currentModel: () => this.services.models.current(),
      failed: (error: ScopeError) => ({ kind: 'failed' as const, ...errorText(error) }),
      log: (message: string) => this.services.log.error(message),
      changed: () => this.send?.(this.snapshot()),
    };
    const session = new AttentionSession(`attention-${Date.now()}`, shared);
    const comparison = new AttentionComparison(
      session,
      new AttentionSession(`${session.owner}-compared`, shared),
      () => this.services.chooser.pick(),
    );
    const connection = createRpc(webviewTransport(panel.webview));
    answer(connection, Ready, () => this.snapshot());
    answer(connection, PageHead, (request) => {
      const checked = checkHeadRequest(request);
      const asked = this.sessionOf(checked.runId);
      if (asked === session) {
        this.lastHeadRequest = checked;
      }
      return this.remember(request.runId, asked.head(checked));
    });
    answer(connection, Combine, (request) =>
      this.remember(request.runId, this.sessionOf(request.runId).ofRun(Combine, request)),
    );
    answer(connection, Patterns, (request) => this.sessionOf(request.runId).ofRun(Patterns, request));
    answer(connection, SomeThumbnails, (request) => session.ofRun(SomeThumbnails, request));
    answer(connection, PagePredict, ({ runId, position, sampling }) =>
      session.predict(runId, position, sampling),
    );
    answer(connection, PageLayers, ({ runId, position }) => session.layersAt(runId, position));
    answer(connection, PageInduction, () => session.testInduction());
    answer(connection, Export, async (request) => {
      try {
        const content = await this.exported(request);
        const name = `attention-${session.place?.source.name ?? 'text'}.${request.format}`;
        return { saved: await saveFile(name, content) };
      } catch (error) {
        await notifyFailure(error, this.services.log);
        throw error;
      }
    });
    answer(connection, AnalyseText, async ({ text, second }) => {
      await this.analyse(session, typedText(text, second));
      return null;
    });
    answer(connection, Compare, async (request) => {
      await this.comparison?.begin(request);
      return null;
    });
    answer(connection, CancelRun, () => {
      session.cancel();
      return null;
    });
    answer(connection, Perform, async ({ action }) => {
      await this.perform(action, session);
      return null;
    });
    connection.onNotification(PointAt, ({ runId, range }) => {
      const { place } = session;
      this.mark.show(place?.runId === runId ? place : undefined, range);
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
        this.sendCursor = undefined;
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
  async exported({ runId, format, content }: ExportRequest): Promise<Uint8Array> {
    const session = this.session;
    if (!session?.shows(runId)) {
      throw new ScopeError('runExpired');
    }
    switch (format) {
      case 'npy':
        return new Uint8Array((await session.ofRun(AllWeights, { runId, as: 'npy' })).data);
      case 'html': {
        const packed = await Promise.all(
          session.runsOnShow().map((each) => session.ofRun(AllWeights, { runId: each, as: 'packed' })),
        );
        const data = await new Blob(packed.map((part) => part.data)).arrayBuffer();
        const look = JSON.parse(new TextDecoder().decode(content)) as PageLook;
        const parts = await pageParts(this.services.extensionUri);
        return new TextEncoder().encode(standaloneHtml(this.snapshot(), new Uint8Array(data), look, parts));
      }
      default:
        return new Uint8Array(content);
    }
  }

  private snapshot(): AttentionSnapshot {
    return {
      locale: vscode.env.language,
      strings: attentionStrings(),
      standalone: false,
      state: this.state,
      compared: this.comparison?.state ?? null,
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

/** A page's parameters are not trusted. */
function checkHeadRequest(request: HeadRequest): HeadRequest {
  const { runId, layer, head } = request;
  if (![runId, layer, head].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new ScopeError('badRequest', 'head');
  }
  return { runId, layer, head };
}
