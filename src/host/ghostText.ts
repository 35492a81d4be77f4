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

/** The editor asks for ghost text again at most this often while tokens come. */
const refreshMilliseconds = 60;

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
  private timer: NodeJS.Timeout | undefined;
  private readonly document: vscode.TextDocument;
  private anchor: number;
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly editor: vscode.TextEditor,
    place: vscode.Position,
    readonly asked: Asked,
    private readonly ended: () => void,
  ) {
    this.document = editor.document;
    this.anchor = this.document.offsetAt(place);
    this.subscriptions = [
      vscode.languages.registerInlineCompletionItemProvider(
        { scheme: this.document.uri.scheme },
        { provideInlineCompletionItems: (document, position) => this.itemsAt(document, position) },
      ),
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
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    }, refreshMilliseconds);
  }

  dispose(): void {
    this.cancellation.cancel();
    clearTimeout(this.timer);
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
