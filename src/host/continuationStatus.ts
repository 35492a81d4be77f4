import * as vscode from 'vscode';
import type { Generation } from '../protocol/language';
import { commandIds } from './ids';

/** A status bar item for a continuation: who writes, how much and how fast. It is there while the ghost text is. */
export class ContinuationStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'transformerScope.continuation',
    vscode.StatusBarAlignment.Right,
    200,
  );
  private numTokens = 0;
  private firstToken = 0;

  constructor(private readonly model: string) {
    this.item.name = vscode.l10n.t('Continue Text');
    this.item.command = commandIds.anotherContinuation;
    this.item.tooltip = vscode.l10n.t(
      'Tab accepts the text, Ctrl+Right a word of it, Escape rejects it. Click, or run the command again, for another.',
    );
  }

  begin(): void {
    this.numTokens = 0;
    this.show('$(loading~spin)', this.model);
    this.item.show();
  }

  token(): void {
    this.numTokens++;
    if (this.numTokens === 1) {
      this.firstToken = performance.now();
    }
    this.show('$(loading~spin)', this.model, ...this.speed(performance.now() - this.firstToken));
  }

  finish({ tokens, tokenMilliseconds, finish, text, numPromptTokens, numDroppedTokens }: Generation): void {
    const { t } = vscode.l10n;
    this.numTokens = tokens.length;
    const notes = this.speed(tokenMilliseconds);
    if (finish === 'context') {
      notes.push(t('the model can read no further'));
    } else if (finish === 'end') {
      notes.push(
        text.trim() === '' ? t('the model would end the text here') : t('the model ends the text there'),
      );
    }
    if (numDroppedTokens > 0) {
      notes.push(
        t('it read the last {0} of {1} tokens', numPromptTokens, numPromptTokens + numDroppedTokens),
      );
    }
    this.show('$(sparkle)', this.model, ...notes);
  }

  dispose(): void {
    this.item.dispose();
  }

  /** The first token takes the time of the prompt, which is not counted. */
  private speed(milliseconds: number): string[] {
    const perSecond = ((this.numTokens - 1) / milliseconds) * 1000;
    const tokens = vscode.l10n.t('{0} tokens', this.numTokens);
    return this.numTokens > 1 ? [tokens, vscode.l10n.t('{0}/s', Math.round(perSecond))] : [tokens];
  }

  private show(icon: string, ...parts: readonly string[]): void {
    this.item.text = `${icon} ${parts.join(' · ')}`;
  }
}
