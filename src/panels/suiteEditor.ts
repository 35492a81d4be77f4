import * as vscode from 'vscode';
import type { StudyArchive } from '../archive/studyArchive';
import type { BundledTasks } from '../host/bundledTasks';
import { textOf } from '../host/fileText';
import { commandIds } from '../host/ids';
import type { ModelServers } from '../host/modelServers';
import { promptStrings } from '../host/pageStrings';
import { ScopeError } from '../protocol/errors';
import * as page from '../protocol/promptPage';
import type { PromptAction, PromptSnapshot } from '../protocol/promptPage';
import { benchSnapshot } from './benchSnapshot';
import { pageOptions } from './html';
import { PageConnection } from './pageConnection';
import { type BenchServices, PromptBench } from './promptBench';
import type { SuiteSession } from './suiteSession';
import type { SuiteSessions } from './suiteSessions';
import { emptySuite } from './suiteText';
import { pastRuns } from './pastRuns';

export interface SuiteEditorServices extends BenchServices {
  readonly extensionUri: vscode.Uri;
  readonly sessions: SuiteSessions;
  readonly servers: ModelServers;
  readonly archive: StudyArchive;
  readonly tasks: BundledTasks;
  /** Hears what the page asked for. */
  answered(method: string, params: unknown): void;
}

/** A suite on the screen; for tests too. */
export interface OpenSuite {
  readonly suite: SuiteSession;
  snapshot(): PromptSnapshot;
}

/** Shows a suite's document as the grid. Undo, saving and hot exit are VS Code's, since the document is its own. */
export class SuiteEditor {
  private readonly open = new Map<string, OpenSuite>();

  constructor(private readonly services: SuiteEditorServices) {}

  /** The editor of a suite that is open. */
  of(uri: vscode.Uri): OpenSuite | undefined {
    return this.open.get(uri.toString());
  }

  async resolve(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { extensionUri, sessions, tasks, log } = this.services;
    panel.webview.options = pageOptions(extensionUri);
    const [{ suite, release }, strings, bundled] = await Promise.all([
      sessions.hold(document),
      promptStrings(),
      tasks.list(),
    ]);
    const connection = new PageConnection(panel, extensionUri, log, this.services.answered);
    const { wire } = connection;
    const snapshot = (): PromptSnapshot => {
      const { name, isEmpty, problems } = suite;
      const shown = benchSnapshot(
        {
          strings,
          // A task takes the place of what is in the file, so it is offered only where there is nothing.
          tasks: isEmpty ? bundled : [],
          suite: { name, isEmpty, problems },
        },
        suite.session,
      );
      return isEmpty || problems.length > 0 ? { ...shown, study: null } : shown;
    };
    const bench = new PromptBench(suite.session, this.services, {
      undo: async (redo) => {
        await vscode.commands.executeCommand(redo ? 'redo' : 'undo');
      },
      openTask: (id) => this.begin(suite, id),
      perform: (action) => this.perform(action, suite),
      servers: this.services.servers,
      local: suite.models.known,
      past: pastRuns(this.services.archive),
    });
    connection.on(page.PromptReady, snapshot);
    connection.onDo(page.OpenSuiteLine, ({ line }) => openAsText(document.uri, line));
    bench.answerPage(connection);
    const listening = suite.listen({
      changed: () => void wire.sendNotification(page.PromptSnapshotChanged, snapshot()),
      cellsChanged: (update) => void wire.sendNotification(page.CellsChanged, update),
      streamed: (cell, text) => void wire.sendNotification(page.CellStreamed, { cell, text }),
    });
    const key = document.uri.toString();
    const own: OpenSuite = { suite, snapshot };
    this.open.set(key, own);
    connection.start('prompts', () => {
      listening.dispose();
      release();
      if (this.open.get(key) === own) {
        this.open.delete(key);
      }
    });
  }

  private async begin(suite: SuiteSession, task: string): Promise<void> {
    const uri = vscode.Uri.joinPath(this.services.extensionUri, 'media', 'tasks', `${task}.yaml`);
    await this.services.tasks.find(task);
    await suite.begin(await textOf(uri));
  }

  private async perform(action: PromptAction, suite: SuiteSession): Promise<void> {
    switch (action) {
      case 'openAsText':
        return openAsText(suite.document.uri);
      case 'beginSuite':
        return suite.begin(emptySuite(suite.name.replace(/\..*$/, '')));
      case 'exportPromptfoo':
        await vscode.commands.executeCommand(commandIds.exportPromptfoo, suite.document.uri);
        return;
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }
}

/**
 * Shows a suite's text in place of its grid.
 * @param line counted from 1
 */
export async function openAsText(uri: vscode.Uri, line?: number): Promise<void> {
  const options: vscode.TextDocumentShowOptions = {
    viewColumn: vscode.ViewColumn.Active,
    ...(line === undefined ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) }),
  };
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default', options);
}
