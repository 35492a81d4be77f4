import * as vscode from 'vscode';
import { type AnalysedPlace, onCursorIn } from '../host/analysedPlace';
import type { CodeTexts } from '../host/codeTexts';
import { attentionViewType } from '../host/ids';
import { loadedOnce } from '../host/loadedOnce';
import type { ModelChooser } from '../host/modelChooser';
import type { Models } from '../host/models';
import { attentionStrings } from '../host/pageStrings';
import { type SelectedText, typedText } from '../host/selectedText';
import { TokenMark } from '../host/tokenMark';
import type { ExampleName } from '../attention/effectExamples';
import type { HeadRequest } from '../protocol/attention';
import type {
  AttentionSnapshot,
  AttentionState,
  Comparison,
  ExportFormat,
  ExportRequest,
} from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import type { ExplainRequest, ExplainedWeight } from '../protocol/oneNumber';
import type { Phase } from '../protocol/worker';
import type { InferenceClient } from '../worker/client';
import { AttentionMemory } from './attentionMemory';
import { AttentionRecord } from './attentionRecord';
import type { HistoryKeeper } from './history';
import type { KeptAttention } from './historyEntry';
import { pageOptions } from './html';
import type { OpenAttention } from './openAttention';

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

/** Host half of the attention page. There is one panel; running again updates it. */
export class AttentionPanel implements vscode.Disposable {
  private opened: OpenAttention | undefined;
  private readonly mark = new TokenMark();
  private readonly cursor: vscode.Disposable;
  private readonly memory: AttentionMemory;
  private readonly record: AttentionRecord;
  /** All of it is there before there is a panel, so that no second one can come between. */
  private readonly parts = loadedOnce(loadParts);

  constructor(private readonly services: PanelServices) {
    this.memory = new AttentionMemory(services.memory);
    this.record = new AttentionRecord(services.history);
    this.cursor = onCursorIn(
      () => this.place,
      (_, editor) => this.opened?.tellCursor(editor),
    );
  }

  /** The run on show and where its text stands. */
  get place(): AnalysedPlace | undefined {
    return this.opened?.session.place;
  }

  /** The weights that the page draws, `[tokens, tokens]`. @throws {ScopeError} `runExpired` */
  async weights(runId: number): Promise<Float32Array> {
    return this.shown().weights(runId);
  }

  /** The run beside the one on show; null when nothing is compared. */
  get comparedState(): AttentionState | null {
    return this.opened?.comparedState ?? null;
  }

  get state(): AttentionState {
    return this.opened?.session.current ?? { kind: 'empty' };
  }

  /** The head that the page last asked for, as proof that it is alive. */
  get lastHeadRequest(): HeadRequest | undefined {
    return this.opened?.lastHeadRequest;
  }

  /** Shows the panel beside the editor (without taking the focus) and analyses the text; a layer opens there. */
  async show(read: () => SelectedText, model?: ModelSource, layer?: number): Promise<void> {
    const opened = await this.reveal();
    let text: SelectedText;
    try {
      text = read();
    } catch (error) {
      opened.session.fail(error);
      return;
    }
    await opened.analyse(text, model, layer === undefined ? {} : { layer });
  }

  /** The same for a picture file. */
  async showPicture(uri: vscode.Uri, model?: ModelSource): Promise<void> {
    const opened = await this.reveal();
    await opened.analyse(opened.pictureAt(uri), model);
  }

  /** Shows the first prompt of an example and, in the page, which heads its answer depends on. */
  async showExample(example: ExampleName, model?: ModelSource): Promise<void> {
    const opened = await this.reveal();
    const { openingOf } = await import('./effectsAnswers');
    const { text, opening } = openingOf(example);
    await opened.analyse(typedText(text), model ?? opened.session.modelInUse(), { effects: opening });
  }

  /** Shows an entry of the history again, where the reader was. */
  async reopen({ subject, model, compared }: KeptAttention, look: unknown): Promise<void> {
    const opened = await this.reveal();
    const { models } = this.services;
    this.record.leave();
    await opened.comparison.begin({ with: 'nothing' });
    await opened.analyse(opened.subjectOf(subject), await models.resolve(model), { look });
    if (compared && this.opened === opened) {
      const resolved =
        compared.with === 'model' ? { ...compared, model: await models.resolve(compared.model) } : compared;
      await opened.comparison.resume(resolved);
    }
  }

  /** Puts another run beside the one on show, or takes it away. */
  async compare(comparison: Comparison): Promise<void> {
    await this.opened?.comparison.begin(comparison);
  }

  /** Takes over a panel that VS Code kept over a restart. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    const opened = this.fill(panel, await this.parts());
    const remembered = this.memory.read();
    if (!remembered) {
      return;
    }
    const { subject, compared } = remembered;
    await opened.session.analyse(opened.subjectOf(subject));
    if (compared && this.opened === opened) {
      await opened.comparison.resume(compared);
    }
  }

  /** Asks where a file of what is on show goes, and writes it, as the page's own menu does. */
  async saveAs(format: ExportFormat): Promise<boolean> {
    return (await this.opened?.saveAs(format)) ?? false;
  }

  /** The file in one of the formats. @throws {ScopeError} `runExpired` */
  async exported(request: ExportRequest): Promise<Uint8Array> {
    return this.shown().exported(request);
  }

  /** The text on show, by the model that was chosen meanwhile. */
  async retryWithChosenModel(): Promise<void> {
    await this.opened?.session.retryWithChosenModel();
  }

  setPhase(owner: string, phase: Phase): void {
    this.opened?.setPhase(owner, phase);
  }

  /** Row-major float32 weights of one head. @throws {ScopeError} `runExpired` */
  async head(request: HeadRequest): Promise<ArrayBuffer> {
    return (await this.shown().session.head(request)).weights;
  }

  /** How one weight of the run on show comes about. @throws {ScopeError} `runExpired` */
  async explain(request: ExplainRequest): Promise<ExplainedWeight> {
    return this.shown().session.explain(request);
  }

  dispose(): void {
    this.cursor.dispose();
    this.mark.dispose();
    this.opened?.panel.dispose();
  }

  private async reveal(): Promise<OpenAttention> {
    const parts = await this.parts();
    if (this.opened) {
      this.opened.panel.reveal(undefined, true);
      return this.opened;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { ...pageOptions(this.services.extensionUri), enableFindWidget: false };
    const title = vscode.l10n.t('Attention');
    return this.fill(vscode.window.createWebviewPanel(attentionViewType, title, column, options), parts);
  }

  private fill(panel: vscode.WebviewPanel, { strings, OpenAttention }: Parts): OpenAttention {
    this.opened?.panel.dispose();
    const { memory, record, mark } = this;
    const opened = new OpenAttention(panel, {
      ...this.services,
      ...{ strings, memory, record, mark },
      showExample: (example) => this.showExample(example),
      closed: () => {
        if (this.opened === opened) {
          this.opened = undefined;
          record.leave();
        }
      },
    });
    this.opened = opened;
    return opened;
  }

  private shown(): OpenAttention {
    if (!this.opened) {
      throw new ScopeError('runExpired');
    }
    return this.opened;
  }
}

interface Parts {
  readonly strings: AttentionSnapshot['strings'];
  readonly OpenAttention: typeof OpenAttention;
}

async function loadParts(): Promise<Parts> {
  const [strings, parts] = await Promise.all([attentionStrings(), import('./openAttention')]);
  return { strings, ...parts };
}
