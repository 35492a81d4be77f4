import * as vscode from 'vscode';
import { leftOver, shownContinuation } from '../prompts/continuationPrompt';
import { type CancellationToken, CancellationTokenSource } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';

/** What is continued, and by whom. */
export interface Asked {
  readonly model: ModelSource;
  readonly prompt: string;
  /** Blanks that stand in the document behind the prompt. */
  readonly blanks: string;
}

const blinkMilliseconds = 400;

/**
 * Ghost text that grows at one place of a document. It is the editor's own inline completion, asked for again as
 * tokens come, so that accepting, accepting a word and going through several are what they always are. It ends when
 * it is accepted, when the cursor leaves its place, and when the document changes in any other way than by taking
 * over a piece of it.
 */
export class GhostText implements vscode.Disposable {
  /** Newest first. */
  private continuations: string[] = [];
  private written = '';
  private cancellation = new CancellationTokenSource();
  private provider: vscode.Disposable | undefined;
  /** While the editor asks: whether there is something newer by now. */
  private refreshing: 'upToDate' | 'outdated' | undefined;
  private isOver = false;
  private readonly document: vscode.TextDocument;
  private anchor: number;
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly editor: vscode.TextEditor,
    place: vscode.Position,
    readonly asked: Asked,
    private readonly extensionId: string,
    private readonly ended: () => void,
  ) {
    this.document = editor.document;
    this.anchor = this.document.offsetAt(place);
    this.subscriptions = [
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
      vscode.window.onDidChangeTextEditorSelection((event) => this.moved(event)),
      vscode.window.onDidChangeActiveTextEditor((active) => {
        if (active !== this.editor) {
          this.ended();
        }
      }),
    ];
  }

  get texts(): readonly string[] {
    return this.continuations;
  }

  /** Makes room for another continuation; the one before stops. @returns what stops the new one */
  begin(): CancellationToken {
    this.cancellation.cancel();
    this.cancellation = new CancellationTokenSource();
    this.written = '';
    this.continuations = ['', ...this.continuations.filter((each) => each !== '')];
    return this.cancellation.token;
  }

  /** Appends what a token added. */
  add(text: string): void {
    this.finish(this.written + text);
  }

  /** Replaces the newest continuation by all of it. */
  finish(written: string): void {
    const shown = (of: string): string => shownContinuation(of, this.asked.blanks, this.lineBreak);
    // A piece may have been taken over meanwhile, so only what is new is added.
    const added = shown(written).slice(shown(this.written).length);
    this.written = written;
    this.continuations[0] = (this.continuations[0] ?? '') + added;
    void this.refresh();
  }

  /**
   * Has the editor ask for the text as it is now, once at a time.
   * @returns false where the editor does not ask at all: it is read-only
   */
  async refresh(): Promise<boolean> {
    if (this.refreshing) {
      this.refreshing = 'outdated';
      return true;
    }
    let isAsked = false;
    do {
      this.refreshing = 'upToDate';
      isAsked = await this.askEditor();
    } while (this.isOutdated());
    this.refreshing = undefined;
    return isAsked;
  }

  /** @returns whether the editor asked for the text */
  private async askEditor(): Promise<boolean> {
    let how: vscode.InlineCompletionTriggerKind | undefined;
    // An editor does not ask the same providers twice at one place, so each time there is a new one.
    const before = this.provider;
    this.provider = vscode.languages.registerInlineCompletionItemProvider(
      { scheme: this.document.uri.scheme },
      {
        provideInlineCompletionItems: (document, position, context) => {
          how = context.triggerKind;
          return this.itemsAt(document, position);
        },
      },
    );
    before?.dispose();
    // Asked for by a person, the text on show would stay first; so it is asked for as if by itself.
    const quietly = { explicit: false, providerId: `${this.extensionId}:*` };
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger', quietly);
    if (how === vscode.InlineCompletionTriggerKind.Automatic || this.isOver) {
      return true;
    }
    // An older VS Code knows no such request: the text on show has to go first. It blinks, so not too often.
    await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    await new Promise((resolve) => setTimeout(resolve, blinkMilliseconds));
    return how !== undefined;
  }

  private isOutdated(): boolean {
    return this.refreshing === 'outdated' && !this.isOver;
  }

  dispose(): void {
    this.cancellation.cancel();
    this.isOver = true;
    this.provider?.dispose();
    this.subscriptions.forEach((each) => {
      each.dispose();
    });
  }

  private get lineBreak(): string {
    return this.document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  }

  private itemsAt(document: vscode.TextDocument, position: vscode.Position): vscode.InlineCompletionItem[] {
    if (document !== this.document || document.offsetAt(position) !== this.anchor) {
      return [];
    }
    const texts = new Set(this.continuations.filter((each) => each !== ''));
    return [...texts].map(
      (text) => new vscode.InlineCompletionItem(text, new vscode.Range(position, position)),
    );
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.document || contentChanges.length === 0) {
      return;
    }
    const [change] = contentChanges;
    const isHere = contentChanges.length === 1 && change?.rangeOffset === this.anchor;
    const left = isHere && change.rangeLength === 0 ? leftOver(this.continuations, change.text) : undefined;
    if (!left || left.includes('')) {
      this.ended();
      return;
    }
    this.anchor += change?.text.length ?? 0;
    this.continuations = left;
  }

  private moved({ textEditor, selections }: vscode.TextEditorSelectionChangeEvent): void {
    const [selection] = selections;
    if (
      textEditor === this.editor &&
      (selections.length !== 1 ||
        !selection?.isEmpty ||
        this.document.offsetAt(selection.active) !== this.anchor)
    ) {
      this.ended();
    }
  }
}
