import * as vscode from 'vscode';
import { trainViewType } from '../host/ids';
import { trainStrings } from '../host/pageStrings';
import * as page from '../protocol/trainPage';
import type { Preset } from '../train/presets';
import type { WorkerHandle } from '../worker/client';
import type { TrainClient } from '../worker/trainClient';
import { pageOptions } from './html';
import type { PageConnection } from './pageConnection';
import { TrainMemory } from './trainMemory';
import type { TrainSession } from './trainSession';

export interface TrainPanelServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** Starts what trains, apart from the extension host. */
  start(): WorkerHandle;
}

/** The host half of the page on which a tiny model is trained. There is one panel; closing it ends the training. */
export class TrainPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session: TrainSession | undefined;
  private readonly memory: TrainMemory;

  constructor(private readonly services: TrainPanelServices) {
    this.memory = new TrainMemory(services.memory);
  }

  /** What goes on; for tests too. */
  get current(): TrainSession | undefined {
    return this.session;
  }

  /** Opens the page, or shows the one that is open. */
  async show(): Promise<void> {
    const parts = await loadParts();
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const title = vscode.l10n.t('Train a Tiny Model');
    const options = pageOptions(this.services.extensionUri);
    const column = vscode.ViewColumn.Active;
    this.attach(vscode.window.createWebviewPanel(trainViewType, title, column, options), parts, false);
  }

  /** Takes over a panel that VS Code kept over a restart. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    this.attach(panel, await loadParts(), true);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private attach(panel: vscode.WebviewPanel, parts: Parts, isRestored: boolean): void {
    const { extensionUri, log } = this.services;
    this.panel?.dispose();
    const connection = new parts.PageConnection(panel, extensionUri, log);
    const { wire } = connection;
    const client = new parts.TrainClient(() => this.services.start(), {
      progress: (progress) => session.advanced(progress),
      died: (detail) => {
        session.died();
        void wire.sendNotification(page.TrainFailed, { detail });
      },
      log: (message) => log.warn(message),
    });
    const session: TrainSession = new parts.TrainSession(
      client,
      {
        begun: (begun) => void wire.sendNotification(page.TrainBegun, begun),
        advanced: (progress) => void wire.sendNotification(page.TrainAdvanced, progress),
        asked: (question, look) => void wire.sendNotification(page.TrainAsked, { question, look }),
        speedChanged: (speed) => void wire.sendNotification(page.TrainSpeedChanged, { speed }),
        keep: (remembered) => void this.memory.keep(remembered),
      },
      this.memory.read(),
      isRestored,
    );
    connection.on(page.TrainReady, async () => ({
      ...(await session.ready()),
      locale: vscode.env.language,
      strings: parts.strings,
      presets: parts.presets.map(({ id, settings }) => ({ id, settings })),
    }));
    connection.onDo(page.ChangeSettings, ({ settings, preset }) => session.change(settings, preset));
    connection.onDo(page.Train, ({ action }) => session.do(action));
    connection.onDo(page.ChangeSpeed, ({ speed }) => session.changeSpeed(speed));
    connection.on(page.AskTyped, async ({ question }) => ({ accepted: await session.ask(question) }));
    connection.on(page.LookAtStep, ({ step }) => session.lookAt(step));
    this.panel = panel;
    this.session = session;
    connection.start('train', () => {
      session.dispose();
      if (this.panel === panel) {
        this.panel = undefined;
        this.session = undefined;
      }
    });
  }
}

/** All of it is there before there is a panel, so that no second one can come between. */
interface Parts {
  readonly strings: page.TrainSnapshot['strings'];
  readonly presets: readonly Preset[];
  readonly TrainSession: typeof TrainSession;
  readonly TrainClient: typeof TrainClient;
  readonly PageConnection: typeof PageConnection;
}

async function loadParts(): Promise<Parts> {
  const [strings, session, client, connection, { presets }] = await Promise.all([
    trainStrings(),
    import('./trainSession'),
    import('../worker/trainClient'),
    import('./pageConnection'),
    import('../train/presets'),
  ]);
  return { strings, ...session, ...client, ...connection, presets };
}
