import * as vscode from 'vscode';
import { errorText } from '../host/errorText';
import { commandIds } from '../host/ids';
import type { Models } from '../host/models';
import { inspectStrings } from '../host/pageStrings';
import { type SelectedText, selectedText } from '../host/selectedText';
import type { TaskModels } from '../host/taskModels';
import { ScopeError, toScopeError } from '../protocol/errors';
import * as page from '../protocol/inspectPage';
import type { ModelSource } from '../protocol/model';
import type { InferenceClient } from '../worker/client';
import { pageOptions } from './html';
import { InspectSession, maxInspected } from './inspectSession';

export interface InspectViewServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly taskModels: TaskModels;
  readonly memory: vscode.Memento;
  editor(): vscode.TextEditor | undefined;
  showAttention(text: SelectedText, model: ModelSource, layer: number): Promise<void>;
}

/** After a selection, and after a text was edited: whoever types is left alone. */
const restMilliseconds = { selection: 350, edit: 1500 } as const;
const pausedKey = 'inspect.paused';

/** The live view of the selection in the side bar: works only while it is seen, and never while somebody types. */
export class InspectView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly session: InspectSession;
  private view: vscode.WebviewView | undefined;
  private strings: page.InspectSnapshot['strings'] | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private changed: () => void = () => undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly services: InspectViewServices) {
    const { models, taskModels, client, log } = services;
    this.session = new InspectSession({
      client,
      models: async () => ({
        attention: models.current(),
        generation: await taskModels.for('generation'),
        sentiment: await taskModels.for('sentiment'),
      }),
      describe: (error) => {
        log.debug(String(error));
        return errorText(toScopeError(error)).message;
      },
      changed: () => this.changed(),
    });
    this.subscriptions = [
      vscode.window.onDidChangeTextEditorSelection(() => this.soon('selection')),
      vscode.window.onDidChangeActiveTextEditor(() => this.soon('selection')),
      vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => {
        if (contentChanges.length > 0) {
          this.session.stop();
          this.soon('edit');
        }
      }),
    ];
  }

  async resolveWebviewView(view: vscode.WebviewView): Promise<void> {
    const { PageConnection } = await import('./pageConnection');
    const { extensionUri, log } = this.services;
    this.view = view;
    view.webview.options = pageOptions(extensionUri);
    const connection = new PageConnection(view, extensionUri, log);
    connection.on(page.InspectReady, async () => {
      this.strings = await inspectStrings();
      this.soon('selection');
      return this.snapshot();
    });
    connection.onDo(page.PauseInspect, ({ paused }) => this.pause(paused));
    connection.onDo(page.InspectAttention, ({ layer }) => {
      const { text } = this.session;
      if (!text) {
        throw new ScopeError('emptyText');
      }
      return this.services.showAttention(text, this.services.models.current(), layer);
    });
    connection.onDo(page.InspectAct, ({ action }) => {
      if (!page.inspectActions.includes(action)) {
        throw new ScopeError('badRequest', action);
      }
      return vscode.commands.executeCommand(commandIds[action]);
    });
    this.changed = () => {
      // A page that has not asked yet gets everything when it does.
      if (this.strings) {
        void connection.wire.sendNotification(page.InspectChanged, this.snapshot());
      }
    };
    view.onDidChangeVisibility(() => {
      if (view.visible) {
        this.soon('selection');
      } else {
        clearTimeout(this.timer);
        this.session.release();
      }
    });
    connection.start('inspect', () => {
      if (this.view === view) {
        this.view = undefined;
        this.changed = () => undefined;
        clearTimeout(this.timer);
        this.session.release();
      }
    });
  }

  /** What the page shows; for tests too. */
  snapshot(): page.InspectSnapshot {
    const { strings } = this;
    if (!strings) {
      throw new ScopeError('runExpired');
    }
    const { text, parts } = this.session;
    return {
      locale: vscode.env.language,
      strings,
      source: text
        ? {
            name: text.name,
            startLine: text.startLine,
            endLine: text.endLine,
            wasCut: text.wasCut || text.text.length > maxInspected,
          }
        : null,
      paused: this.paused,
      parts,
    };
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const each of this.subscriptions) {
      each.dispose();
    }
  }

  private get paused(): boolean {
    return this.services.memory.get(pausedKey, false);
  }

  private async pause(paused: boolean): Promise<void> {
    await this.services.memory.update(pausedKey, paused);
    if (paused) {
      clearTimeout(this.timer);
      this.session.release();
    } else {
      this.soon('selection');
    }
    this.changed();
  }

  /** Looks once nothing has happened for a while. */
  private soon(after: keyof typeof restMilliseconds): void {
    clearTimeout(this.timer);
    if (this.view?.visible === true && !this.paused) {
      this.timer = setTimeout(() => void this.look(), restMilliseconds[after]);
    }
  }

  private async look(): Promise<void> {
    const text = textOf(this.services.editor());
    const { session } = this;
    const isSame = text?.text === session.text?.text && text?.uri === session.text?.uri;
    if (isSame && page.inspectParts.every((part) => session.parts[part].state !== 'waiting')) {
      return;
    }
    await session.look(text);
  }
}

/** The selection, or what the cursor stands in; nothing where there is nothing to look at. */
function textOf(editor: vscode.TextEditor | undefined): SelectedText | undefined {
  try {
    return editor && selectedText(editor);
  } catch {
    return undefined;
  }
}
