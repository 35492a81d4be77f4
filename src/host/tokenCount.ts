import * as vscode from 'vscode';
import { CountTokens } from '../protocol/language';
import type { InferenceClient } from '../worker/client';
import { commandIds } from './ids';
import type { Models } from './models';
import { onSettingChanged, setting } from './settings';

/** After this long without a change the tokens are counted: never while somebody types. */
const patienceMilliseconds = 300;
/** A longer text is not counted; it would only keep the process busy. */
const maxCharacters = 100_000;

/** Whose requests these are. */
export const tokenCountOwner = 'tokenCount';

/**
 * Says in the status bar how many tokens the selection has, or without one the document. It starts the inference
 * process only where the setting says so, and then only for a selection.
 */
export class TokenCount implements vscode.Disposable {
  /** What the status bar says; undefined when it says nothing. */
  current: { readonly numTokens: number; readonly of: 'selection' | 'document' } | undefined;
  private readonly item = vscode.window.createStatusBarItem(
    'transformerScope.tokenCount',
    vscode.StatusBarAlignment.Right,
    101,
  );
  private timer: NodeJS.Timeout | undefined;
  /** Counts what was asked, so that an older answer does not overrule a newer one. */
  private turn = 0;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly client: InferenceClient,
    private readonly models: Models,
  ) {
    this.item.name = vscode.l10n.t('Token Count');
    this.item.command = commandIds.showTokens;
    this.subscriptions = [
      this.item,
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) {
          this.soon();
        }
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.soon()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) {
          this.soon();
        }
      }),
      onSettingChanged(() => this.soon()),
    ];
  }

  /** Counts when nothing has changed for a moment. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.count(), patienceMilliseconds);
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async count(): Promise<void> {
    const turn = ++this.turn;
    const editor = vscode.window.activeTextEditor;
    const asked = editor && this.asked(editor);
    if (!asked) {
      this.hide();
      return;
    }
    try {
      const model = this.models.current();
      const params = { model, owner: tokenCountOwner, texts: asked.texts };
      const counted = await this.client.request(CountTokens, params);
      if (turn === this.turn) {
        this.show(asked.of, model.id, counted, asked.texts);
      }
    } catch {
      // A model that cannot be read is told of where it is used, not while somebody selects words.
      if (turn === this.turn) {
        this.hide();
      }
    }
  }

  /** The texts to be counted; undefined where nothing is to be counted. */
  private asked({
    document,
    selections,
  }: vscode.TextEditor): { of: 'selection' | 'document'; texts: string[] } | undefined {
    const counted = setting('tokenCount');
    const selected = selections.filter((each) => !each.isEmpty);
    const isLoaded = this.client.isRunning;
    if (counted === 'off' || document.uri.scheme === 'output') {
      return undefined;
    }
    if (!isLoaded && !(counted === 'selection' && selected.length > 0)) {
      return undefined;
    }
    const end = document.lineAt(document.lineCount - 1).range.end;
    const ranges = selected.length > 0 ? selected : [new vscode.Range(new vscode.Position(0, 0), end)];
    const size = ranges.reduce(
      (sum, range) => sum + document.offsetAt(range.end) - document.offsetAt(range.start),
      0,
    );
    return size === 0 || size > maxCharacters
      ? undefined
      : {
          of: selected.length > 0 ? 'selection' : 'document',
          texts: ranges.map((range) => document.getText(range)),
        };
  }

  private show(
    of: 'selection' | 'document',
    model: string,
    { numTokens, maxTokens }: { numTokens: number; maxTokens: number | null },
    texts: readonly string[],
  ): void {
    const { t } = vscode.l10n;
    const numCharacters = texts.reduce((sum, text) => sum + text.length, 0);
    const count = numTokens.toLocaleString(vscode.env.language);
    this.current = { numTokens, of };
    const tokens = numTokens === 1 ? t('1 token') : t('{0} tokens', count);
    this.item.text = of === 'selection' ? t('{0} selected', tokens) : tokens;
    this.item.tooltip = [
      of === 'selection'
        ? t('The selection as {0} divides it', model)
        : t('The document as {0} divides it', model),
      t('{0} characters a token', (numTokens === 0 ? 0 : numCharacters / numTokens).toFixed(2)),
      ...(maxTokens === null ? [] : [t('The model reads {0} tokens at once', maxTokens)]),
      t('Click to show their borders'),
    ].join('\n');
    this.item.show();
  }

  private hide(): void {
    this.current = undefined;
    this.item.hide();
  }
}
