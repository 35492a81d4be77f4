import * as vscode from 'vscode';
import { overlayContext } from './ids';

/** How strengths become colours. */
export type OverlayScale =
  /** 0 is nothing, 1 the strongest. */
  | 'sequential'
  /** −1 is strongest against, 1 strongest for, 0 nothing. */
  | 'diverging'
  /** Borders only: neighbours alternate, whatever their strength. */
  | 'alternating';

export interface OverlayMark {
  /** UTF-16 offsets in the document. */
  readonly start: number;
  readonly end: number;
  readonly strength: number;
  readonly hover?: string | vscode.MarkdownString;
}

/** What is drawn over a document, and the line above it that says what it is. */
export interface Overlay {
  readonly uri: string;
  readonly scale: OverlayScale;
  readonly marks: readonly OverlayMark[];
  /** Zero-based: the line that the legend stands above. */
  readonly line: number;
  readonly legend: string;
  /** How to read it, shown where the pointer rests on the legend. */
  readonly explanation?: string;
  /** What can be done from the legend; clearing is always among it. */
  readonly actions?: readonly vscode.Command[];
}

/** How long the status bar shows a legend where there are no lenses. */
const legendMilliseconds = 20_000;

/** Steps of strength on each side of a scale. */
const numLevels = 8;

/**
 * Draws one picture at a time over a document: colours behind words and a legend above them. It goes when the text
 * is edited, since what was measured was the old one, and when it is cleared (Escape).
 */
export class DocumentOverlay implements vscode.Disposable, vscode.CodeLensProvider {
  current: Overlay | undefined;
  private readonly lensesChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.lensesChanged.event;
  private readonly decorations = new Map<string, vscode.TextEditorDecorationType>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly clearCommand: string) {
    this.subscriptions = [
      this.lensesChanged,
      vscode.languages.registerCodeLensProvider('*', this),
      vscode.window.onDidChangeVisibleTextEditors(() => this.paint()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document.uri.toString() === this.current?.uri) {
          this.clear();
        }
      }),
    ];
  }

  /** Replaces what was drawn. */
  show(overlay: Overlay): void {
    this.unpaint();
    this.current = overlay;
    this.paint();
    this.announce();
    if (
      vscode.workspace.getConfiguration('editor', vscode.Uri.parse(overlay.uri)).get('codeLens') === false
    ) {
      // Without lenses the legend would stand nowhere.
      vscode.window.setStatusBarMessage(overlay.legend, legendMilliseconds);
    }
  }

  clear(): void {
    if (this.current) {
      this.unpaint();
      this.current = undefined;
      this.announce();
    }
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { current } = this;
    if (!current || document.uri.toString() !== current.uri) {
      return [];
    }
    const place = new vscode.Range(current.line, 0, current.line, 0);
    const clear = { title: vscode.l10n.t('Clear'), command: this.clearCommand };
    const legend = { title: current.legend, command: '', tooltip: current.explanation ?? '' };
    const commands = [legend, ...(current.actions ?? []), clear];
    return commands.map((command) => new vscode.CodeLens(place, command));
  }

  dispose(): void {
    for (const each of [...this.subscriptions, ...this.decorations.values()]) {
      each.dispose();
    }
  }

  private editors(): vscode.TextEditor[] {
    const uri = this.current?.uri;
    return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri);
  }

  private paint(): void {
    const { current } = this;
    if (!current) {
      return;
    }
    const groups = new Map<string, OverlayMark[]>();
    current.marks.forEach((mark, index) => {
      const style = styleOf(current.scale, mark.strength, index);
      const group = groups.get(style) ?? [];
      group.push(mark);
      groups.set(style, group);
    });
    for (const editor of this.editors()) {
      const { document } = editor;
      for (const [style, members] of groups) {
        const options = members.map((mark) => ({
          range: new vscode.Range(document.positionAt(mark.start), document.positionAt(mark.end)),
          ...(mark.hover === undefined ? {} : { hoverMessage: mark.hover }),
        }));
        editor.setDecorations(this.decorationOf(style), options);
      }
    }
  }

  private unpaint(): void {
    for (const editor of this.editors()) {
      for (const decoration of this.decorations.values()) {
        editor.setDecorations(decoration, []);
      }
    }
  }

  private announce(): void {
    this.lensesChanged.fire();
    void vscode.commands.executeCommand('setContext', overlayContext, this.current !== undefined);
  }

  private decorationOf(style: string): vscode.TextEditorDecorationType {
    const known = this.decorations.get(style) ?? vscode.window.createTextEditorDecorationType(lookOf(style));
    this.decorations.set(style, known);
    return known;
  }
}

/** `none`, `even`, `odd`, `for3` or `against3`: one decoration type each. */
function styleOf(scale: OverlayScale, strength: number, index: number): string {
  if (scale === 'alternating') {
    return index % 2 === 0 ? 'even' : 'odd';
  }
  const level = Math.min(numLevels, Math.ceil(Math.abs(strength) * numLevels));
  if (level === 0) {
    return 'none';
  }
  return `${scale === 'sequential' ? 'much' : strength > 0 ? 'for' : 'against'}${level}`;
}

/** Red, green and blue in a dark and in a light theme; text stays readable on the strongest. */
const hues: Readonly<Record<string, readonly [dark: string, light: string]>> = {
  much: ['230, 120, 40', '220, 90, 0'],
  for: ['50, 140, 230', '0, 100, 210'],
  against: ['230, 120, 40', '220, 90, 0'],
};

function lookOf(style: string): vscode.DecorationRenderOptions {
  const [, kind = '', level = '0'] = /^([a-z]+?)(\d*)$/.exec(style) ?? [];
  const hue = hues[kind];
  if (hue) {
    const alpha = (0.06 + (0.5 * Number(level)) / numLevels).toFixed(2);
    return {
      dark: { backgroundColor: `rgba(${hue[0]}, ${alpha})` },
      light: { backgroundColor: `rgba(${hue[1]}, ${alpha})` },
      borderRadius: '2px',
    };
  }
  if (kind === 'none') {
    return {};
  }
  const background = new vscode.ThemeColor(
    kind === 'even' ? 'editor.wordHighlightBackground' : 'editor.wordHighlightStrongBackground',
  );
  return {
    backgroundColor: background,
    border: '1px solid',
    borderColor: new vscode.ThemeColor('editorRuler.foreground'),
    borderRadius: '2px',
  };
}
