import * as vscode from 'vscode';
import { tokenAt } from '../host/analysedPlace';
import type { CodeTexts } from '../host/codeTexts';
import { errorText } from '../host/errorText';
import { commandIds } from '../host/ids';
import type { ModelChooser } from '../host/modelChooser';
import type { Models } from '../host/models';
import { notifyFailure } from '../host/notify';
import { ask, createRpc } from '../host/rpcRuntime';
import { saveFile } from '../host/savedFile';
import { type SelectedText, typedText } from '../host/selectedText';
import { pickPicture, selectedPicture } from '../host/selectedPicture';
import type { SelectedPicture, Subject } from '../host/subject';
import type { TokenMark } from '../host/tokenMark';
import type { HeadRequest, HeadWeights } from '../protocol/attention';
import * as page from '../protocol/attentionPage';
import type {
  AttentionSnapshot,
  AttentionState,
  ExportFormat,
  ExportRequest,
} from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import { Combine, type Phase } from '../protocol/worker';
import type { ExampleName } from '../attention/effectExamples';
import type { InferenceClient } from '../worker/client';
import { answerRunViews } from './attentionAnswers';
import { AttentionComparison } from './attentionComparison';
import type { AttentionMemory } from './attentionMemory';
import type { AttentionRecord } from './attentionRecord';
import { AttentionSession, type Opening } from './attentionSession';
import { pageHtml } from './html';
import { answerPage, hearPage } from './pageAnswers';
import { PageDecoder } from './pageDecoder';
import { webviewTransport } from './webviewTransport';

/** What an open page has of its panel. */
export interface OpenAttentionServices {
  readonly extensionUri: vscode.Uri;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly chooser: Pick<ModelChooser, 'pick'>;
  readonly log: vscode.LogOutputChannel;
  /** Where the page's steps are written down. */
  readonly code: CodeTexts;
  readonly strings: AttentionSnapshot['strings'];
  readonly memory: AttentionMemory;
  readonly record: AttentionRecord;
  readonly mark: TokenMark;
  /** The page draws other weights. */
  weightsChanged(): void;
  showExample(example: ExampleName): Promise<void>;
  closed(): void;
}

interface WeightsOnShow {
  readonly runId: number;
  readonly weights: Promise<HeadWeights>;
}

/** One attention page while it is open: its sessions, its wire, and what it is asked. */
export class OpenAttention {
  readonly session: AttentionSession;
  readonly comparison: AttentionComparison;
  /** The head that the page last asked for, as proof that it is alive. */
  lastHeadRequest: HeadRequest | undefined;
  private readonly connection: MessageConnection;
  private readonly decoder: PageDecoder;
  private isOpen = true;
  /** The weights that the page draws, for those who show them elsewhere. */
  private weightsOnShow: WeightsOnShow | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: OpenAttentionServices,
  ) {
    const { client, models, chooser, log, memory, record, mark, extensionUri } = services;
    this.connection = createRpc(webviewTransport(panel.webview));
    this.decoder = new PageDecoder(this.connection);
    const shared = {
      client,
      currentModel: (reads: 'text' | 'picture') => models.current(reads),
      failed: (error: ScopeError) => ({ kind: 'failed' as const, ...errorText(error) }),
      log: (message: string) => log.error(message),
      changed: () => this.send(),
    };
    this.session = new AttentionSession(`attention-${Date.now()}`, {
      ...shared,
      analysed: (subject, model) => record.analysed(subject, model, this.comparison.settled),
    });
    this.comparison = new AttentionComparison(
      this.session,
      new AttentionSession(`${this.session.owner}-compared`, shared),
      {
        pickModel: (reads) => chooser.pick(reads),
        pickPicture: async () => (await pickPicture())?.toString(),
        picture: (uri) => this.pictureAt(vscode.Uri.parse(uri)),
        changed: (compared) => {
          void memory.keepComparison(compared);
          record.compared(compared);
        },
      },
    );
    this.answerAll();
    this.connection.listen();
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    panel.webview.html = pageHtml(panel.webview, extensionUri, 'attention');
    panel.onDidChangeViewState(() => {
      if (!panel.visible) {
        this.decoder.closed();
      }
    });
    panel.onDidDispose(() => {
      this.isOpen = false;
      this.decoder.dispose();
      this.session.dispose();
      this.comparison.dispose();
      this.connection.dispose();
      mark.clear();
      services.closed();
    });
  }

  /** The run beside the one on show; null when nothing is compared. */
  get comparedState(): AttentionState | null {
    return this.comparison.state;
  }

  async analyse(subject: Subject, model?: ModelSource, opening: Opening = {}): Promise<void> {
    await this.services.memory.keepSubject(subject);
    await this.session.analyse(subject, model, opening);
    await this.comparison.follow();
  }

  pictureAt(uri: vscode.Uri): SelectedPicture {
    return selectedPicture(uri, (picture, type) => this.decoder.toPng(picture, type));
  }

  /** What was kept of a subject, as it can be analysed. */
  subjectOf(kept: { readonly text: SelectedText } | { readonly picture: string }): Subject {
    return 'text' in kept ? kept.text : this.pictureAt(vscode.Uri.parse(kept.picture));
  }

  /** The weights that the page draws, before its filters; the mean of all heads until it has asked for some. */
  async weights(runId: number): Promise<Float32Array> {
    const { session } = this;
    if (!this.weightsOnShow || !session.shows(this.weightsOnShow.runId)) {
      const heads = session.allHeads();
      this.weightsOnShow = { runId, weights: session.ofRun(Combine, { runId, how: 'mean', heads }) };
    }
    const onShow = this.weightsOnShow;
    const { weights } = await onShow.weights;
    return session.amongAllTokens(onShow.runId, new Float32Array(weights));
  }

  setPhase(owner: string, phase: Phase): void {
    for (const session of [this.session, this.comparison.other]) {
      if (owner === session.owner) {
        session.setPhase(phase);
      }
    }
  }

  /** Tells the page at which token of the run the cursor is. */
  tellCursor(editor: vscode.TextEditor): void {
    const { place } = this.session;
    if (place) {
      const token = tokenAt(place, editor.document, editor.selection.active) ?? null;
      void this.connection.sendNotification(page.CursorAt, { runId: place.runId, token });
    }
  }

  /** Has the page write what it shows into a file, as its own menu does. @returns whether it was written */
  async saveAs(format: ExportFormat): Promise<boolean> {
    return (await ask(this.connection, page.SaveView, { format })).saved;
  }

  /** The file in one of the formats. */
  async exported(request: ExportRequest): Promise<Uint8Array> {
    const { exportedFile } = await import('./attentionFiles');
    const { extensionUri } = this.services;
    return exportedFile(request, this.session, this.comparison.shown, this.snapshot(), extensionUri);
  }

  /** What ends with the page has nobody to tell. */
  private send(): void {
    if (this.isOpen) {
      void this.connection.sendNotification(page.SnapshotChanged, this.snapshot());
    }
  }

  private snapshot(): AttentionSnapshot {
    return {
      locale: vscode.env.language,
      strings: this.services.strings,
      standalone: false,
      state: this.session.current,
      compared: this.comparedState,
    };
  }

  private answerAll(): void {
    const { connection, session, comparison, decoder } = this;
    const { code, mark, record, log, showExample } = this.services;
    answerPage(connection, page.Ready, () => {
      decoder.opened();
      return this.snapshot();
    });
    answerRunViews(connection, {
      session,
      sessionOf: (runId) => (comparison.other.shows(runId) ? comparison.other : session),
      drawn: (runId, weights) => this.remember(runId, weights),
      headAsked: (request) => {
        this.lastHeadRequest = request;
      },
      showCode: (step) => code.show(step),
      openExample: (example) => showExample(example),
    });
    answerPage(connection, page.Export, async (request) => {
      try {
        const content = await this.exported(request);
        const { exportedName } = await import('./attentionFiles');
        const name = exportedName(session, request.format, comparison.shown !== undefined);
        return { saved: await saveFile(name, content) };
      } catch (error) {
        notifyFailure(error, log);
        throw error;
      }
    });
    answerPage(connection, page.AnalyseText, async ({ text, second }) => {
      await this.analyse(typedText(text, second));
      return null;
    });
    answerPage(connection, page.Compare, async (request) => {
      await comparison.begin(request);
      return null;
    });
    answerPage(connection, page.CancelRun, () => {
      session.cancel();
      return null;
    });
    answerPage(connection, page.Perform, async ({ action }) => {
      await this.perform(action);
      return null;
    });
    hearPage(connection, page.PointAt, ({ runId, range }) => {
      const { place } = session;
      mark.show(place?.runId === runId ? place : undefined, range);
    });
    hearPage(connection, page.LookChanged, ({ runId, look }) => {
      if (session.shows(runId)) {
        session.opened(runId);
        record.look(look);
      }
    });
  }

  /** Keeps what the page asked for last, which is what it draws. */
  private remember(runId: number, weights: Promise<HeadWeights>): Promise<HeadWeights> {
    if (this.session.shows(runId)) {
      this.weightsOnShow = { runId, weights };
      weights.then(
        () => this.services.weightsChanged(),
        () => undefined,
      );
    }
    return weights;
  }

  private async perform(action: page.PageAction): Promise<void> {
    switch (action) {
      case 'retry':
        return this.session.retry();
      case 'openLog':
      case 'openSample':
      case 'chooseModel':
        await vscode.commands.executeCommand(commandIds[action]);
        return;
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }
}
