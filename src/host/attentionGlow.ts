import * as vscode from 'vscode';
import { type AnalysedPlace, editorsOf, isInDocument, rangeIn, tokenAt } from './analysedPlace';
import { glowContext } from './ids';

/** What lights up for one token: how much it attends to each other, as the panel draws it. */
export interface Glow {
  readonly query: number;
  /** One weight per token of the run. */
  readonly row: Float32Array;
}

/** Where the weights come from: what the panel shows. */
export interface GlowSource {
  place(): AnalysedPlace | undefined;
  /** `[tokens, tokens]` of the run on show. */
  weights(runId: number): Promise<Float32Array>;
}

const numLevels = 8;
/** Weaker than this share of the strongest is left dark. */
const floor = 0.03;

/**
 * Lights up, in the document itself, what the token under the cursor attends to, and follows the cursor
 * until it is cleared. Brightness is relative to the strongest weight of the row.
 */
export class AttentionGlow implements vscode.Disposable {
  /** What is lit now. */
  current: Glow | undefined;
  private active = false;
  /** Counts the looks at the cursor, so that an older one does not overrule a newer. */
  private turn = 0;
  private lit: vscode.TextEditor | undefined;
  /** Made when something is lit for the first time: most windows never see it. */
  private looks: GlowLooks | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly source: GlowSource) {
    this.subscriptions = [
      vscode.window.onDidChangeTextEditorSelection(() => void this.follow()),
      vscode.workspace.onDidChangeTextDocument(() => void this.follow()),
      vscode.window.onDidChangeVisibleTextEditors(() => void this.follow()),
    ];
  }

  /** Begins to follow the cursor, or looks again after the panel shows something else. */
  async start(): Promise<void> {
    this.active = true;
    await vscode.commands.executeCommand('setContext', glowContext, true);
    await this.follow();
  }

  async refresh(): Promise<void> {
    await this.follow();
  }

  async stop(): Promise<void> {
    this.active = false;
    this.turn++;
    this.darken();
    await vscode.commands.executeCommand('setContext', glowContext, false);
  }

  dispose(): void {
    for (const each of [...this.subscriptions, ...allOf(this.looks)]) {
      each.dispose();
    }
  }

  private async follow(): Promise<void> {
    const turn = ++this.turn;
    const place = this.active ? this.source.place() : undefined;
    const editor = place && this.editorOf(place);
    const query = editor && tokenAt(place, editor.document, editor.selection.active);
    if (!place || !editor || query === undefined) {
      this.darken();
      return;
    }
    // Weights of a run that was unloaded meanwhile come when it is computed again.
    const weights = await this.source.weights(place.runId).catch(() => undefined);
    // Meanwhile the cursor, the text or the run may have changed: then another turn has decided.
    if (!weights || !this.active || turn !== this.turn) {
      return;
    }
    const n = place.tokens.length;
    this.light(editor, place, { query, row: weights.slice(query * n, (query + 1) * n) });
  }

  private editorOf(place: AnalysedPlace): vscode.TextEditor | undefined {
    const editors = editorsOf(place);
    return editors.find((editor) => editor === vscode.window.activeTextEditor) ?? editors[0];
  }

  private light(editor: vscode.TextEditor, place: AnalysedPlace, glow: Glow): void {
    if (this.lit !== editor) {
      this.darken();
    }
    this.lit = editor;
    this.current = glow;
    const strongest = glow.row.reduce((most, weight) => Math.max(most, weight), 0);
    const looks = (this.looks ??= glowLooks());
    const ranges: vscode.DecorationOptions[][] = looks.levels.map(() => []);
    place.tokens.forEach((token, index) => {
      const share = (glow.row[index] as number) / (strongest || 1);
      if (share >= floor && isInDocument(place, token)) {
        const level = Math.min(numLevels - 1, Math.floor(share * numLevels));
        ranges[level]?.push({
          range: rangeIn(editor.document, place.source, token.start, token.end),
          hoverMessage: (glow.row[index] as number).toFixed(4),
        });
      }
    });
    looks.levels.forEach((decoration, level) => editor.setDecorations(decoration, ranges[level] ?? []));
    const query = place.tokens[glow.query];
    if (query) {
      editor.setDecorations(looks.query, [rangeIn(editor.document, place.source, query.start, query.end)]);
    }
  }

  private darken(): void {
    this.current = undefined;
    for (const decoration of allOf(this.looks)) {
      this.lit?.setDecorations(decoration, []);
    }
    this.lit = undefined;
  }
}

/** How light looks: a decoration for each step of brightness, and one for the token that looks. */
interface GlowLooks {
  readonly levels: readonly vscode.TextEditorDecorationType[];
  readonly query: vscode.TextEditorDecorationType;
}

function glowLooks(): GlowLooks {
  return {
    levels: Array.from({ length: numLevels }, (_, level) => glowDecoration(level)),
    query: vscode.window.createTextEditorDecorationType({
      border: '1px solid',
      borderColor: new vscode.ThemeColor('focusBorder'),
      borderRadius: '2px',
    }),
  };
}

function allOf(looks: GlowLooks | undefined): readonly vscode.TextEditorDecorationType[] {
  return looks ? [...looks.levels, looks.query] : [];
}

/** One step of brightness; text stays readable on the strongest in every theme. */
function glowDecoration(level: number): vscode.TextEditorDecorationType {
  const alpha = (0.08 + (0.5 * (level + 1)) / numLevels).toFixed(2);
  return vscode.window.createTextEditorDecorationType({
    light: { backgroundColor: `rgba(0, 140, 120, ${alpha})` },
    dark: { backgroundColor: `rgba(40, 180, 150, ${alpha})` },
    overviewRulerColor: `rgba(40, 180, 150, ${alpha})`,
    borderRadius: '2px',
  });
}
