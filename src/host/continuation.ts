import * as vscode from 'vscode';
import { ScopeError, isScopeError } from '../protocol/errors';
import type { InferenceClient } from '../worker/client';
import type { ContinuationStatus } from './continuationStatus';
import type { GhostText } from './ghostText';
import { continuationContext } from './ids';
import { looksBinary } from './selectedText';
import { setting } from './settings';
import type { TaskModels } from './taskModels';

/** More text than this before the cursor is beyond what a model reads. */
const maxCharacters = 20_000;

/**
 * Continues a text by a language model, token by token, as ghost text of the editor's own kind: Tab takes it over,
 * Ctrl+Right a word of it. Nothing runs unless it is asked for, and whatever takes the cursor elsewhere ends it.
 */
export class Continuation implements vscode.Disposable {
  private running: { readonly ghost: GhostText; readonly status: ContinuationStatus } | undefined;
  /** Tells the answers to two questions apart, of which the first may still send a token. */
  private numAsked = 0;

  constructor(
    private readonly client: InferenceClient,
    private readonly taskModels: TaskModels,
    private readonly extensionId: string,
  ) {}

  /** What is on show, the newest first; for tests too. */
  get current(): readonly string[] | undefined {
    return this.running?.ghost.texts;
  }

  /**
   * Continues the selection, or what stands before the cursor. Resolves when the model has ended or was stopped.
   * @throws {ScopeError} `emptyText`, `binaryText`, `readOnlyText`, `ghostTextOff`, or what the model says
   */
  async start(editor: vscode.TextEditor): Promise<void> {
    this.stop();
    const { document, selection } = editor;
    if (!vscode.workspace.getConfiguration('editor', document).get('inlineSuggest.enabled', true)) {
      throw new ScopeError('ghostTextOff');
    }
    const before = textToContinue(document, selection);
    const model = await this.taskModels.for('generation');
    if (!selection.isEmpty || editor.selections.length > 1) {
      editor.selection = new vscode.Selection(selection.end, selection.end);
    }
    editor.revealRange(new vscode.Range(selection.end, selection.end));
    const [{ GhostText }, { ContinuationStatus }, { continuationPrompt }] = await Promise.all([
      import('./ghostText'),
      import('./continuationStatus'),
      import('../prompts/continuationPrompt'),
    ]);
    const { prompt, blanks } = continuationPrompt(before);
    const ghost = new GhostText(editor, selection.end, { model, prompt, blanks }, this.extensionId, () =>
      this.stop(),
    );
    this.running = { ghost, status: new ContinuationStatus(model.id) };
    await vscode.commands.executeCommand('setContext', continuationContext, true);
    // Whether an editor can be written in is told nowhere, but only such an editor asks for ghost text.
    if (!(await ghost.refresh())) {
      this.stop();
      throw new ScopeError('readOnlyText');
    }
    await this.write();
  }

  /** Writes another continuation at the same place, with another seed; those before stay to be chosen. */
  async another(): Promise<void> {
    if (this.running) {
      await this.write();
    }
  }

  /** Takes the ghost text away and ends the run. */
  async reject(): Promise<void> {
    if (this.running) {
      this.stop();
      await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
    }
  }

  dispose(): void {
    this.stop();
  }

  private async write(): Promise<void> {
    const { running } = this;
    if (!running) {
      return;
    }
    const { ghost, status } = running;
    const token = ghost.begin();
    status.begin();
    const { model, prompt } = ghost.asked;
    const options = { ...sampling(), keepEnd: true };
    try {
      const generation = await this.client.generate(
        { model, owner: `continue ${++this.numAsked}`, prompt, options },
        ({ text }) => {
          if (!token.isCancellationRequested) {
            ghost.add(text);
            status.token();
          }
        },
        token,
      );
      ghost.finish(generation.text);
      status.finish(generation);
    } catch (error) {
      if (!isScopeError(error, 'cancelled')) {
        await this.reject();
        throw error;
      }
    }
  }

  private stop(): void {
    const { running } = this;
    this.running = undefined;
    if (running) {
      running.ghost.dispose();
      running.status.dispose();
      void vscode.commands.executeCommand('setContext', continuationContext, false);
    }
  }
}

/** @throws {ScopeError} `emptyText` or `binaryText` */
function textToContinue(document: vscode.TextDocument, selection: vscode.Selection): string {
  const end = document.offsetAt(selection.end);
  const from = selection.isEmpty ? 0 : document.offsetAt(selection.start);
  const start = document.positionAt(Math.max(from, end - maxCharacters));
  const text = document.getText(new vscode.Range(start, selection.end));
  if (text.trim() === '') {
    throw new ScopeError('emptyText');
  }
  if (looksBinary(text)) {
    throw new ScopeError('binaryText');
  }
  return text;
}

function sampling(): { temperature: number; topP: number; maxNewTokens: number } {
  return {
    temperature: setting('generation.temperature'),
    topP: setting('generation.topP'),
    maxNewTokens: setting('generation.maxTokens'),
  };
}
