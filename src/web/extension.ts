import * as vscode from 'vscode';
import { BundledTasks } from '../host/bundledTasks';
import { registerCommands } from '../host/commands';
import { type Overlay } from '../host/documentOverlay';
import { setting } from '../host/settings';
import { StatusItem } from '../host/statusItem';
import type { AttentionPanel } from '../panels/attentionPanel';
import type { ComparePanel } from '../panels/comparePanel';
import type { PromptPanel } from '../panels/promptPanel';
import type { TrainPanel } from '../panels/trainPanel';
import type { HeadRequest } from '../protocol/attention';
import type { AttentionState } from '../protocol/attentionPage';
import { BundledChooser } from './bundledChooser';
import { BundledFiles } from './bundledFiles';
import { emptyViews } from './emptyViews';
import { startInference, startTraining } from './startWorker';
import { StudiesInMemory } from './studiesInMemory';
import { webCommands } from './webCommands';
import { buildParts } from '../panels/buildParts';
import { ScopeError } from '../protocol/errors';

/** Names of the files in `media/tasks`, filled in by the build: a folder cannot be listed everywhere. */
declare const bundledTaskFiles: readonly string[];

/** What our tests may read. */
export interface WebExtensionApi {
  attentionState(): AttentionState;
  /** Row-major float32 weights of one head of the run on show. */
  attentionHead(request: HeadRequest): Promise<ArrayBuffer>;
  /** What is drawn over a document. */
  overlay(): Overlay | undefined;
  /** The head that the page on the screen last asked for. */
  headOnScreen(): HeadRequest | undefined;
  readonly attention: AttentionPanel;
  readonly comparison: ComparePanel;
  readonly prompts: PromptPanel;
  readonly training: TrainPanel;
}

/** The browser's composition root: builds the objects that need no machine of their own. */
export function activate(context: vscode.ExtensionContext): WebExtensionApi {
  const { extensionUri } = context;
  const log = vscode.window.createOutputChannel('Transformer Scope', { log: true });
  const files = new BundledFiles(extensionUri);
  const parts = buildParts(context, log, {
    access: { store: () => ({ nameOf: () => undefined, models: () => Promise.resolve([]) }) },
    history: { keep: () => undefined, change: () => undefined, look: () => undefined },
    journal: new StudiesInMemory(),
    tasks: new BundledTasks(extensionUri, bundledTaskFiles),
    makeChooser: (models) => new BundledChooser(models),
    startInference: () =>
      startInference(extensionUri, files, {
        precision: setting('precision'),
        maxBytes: setting('modelMemory') * 1e6,
      }),
    startTraining: () => startTraining(extensionUri),
    writeSuite: () => Promise.reject(new ScopeError('desktopOnly')),
    savedAsSuite: () => Promise.reject(new ScopeError('desktopOnly')),
  });
  const { panel, overlay, comparison, prompts, training } = parts;
  context.subscriptions.push(
    registerCommands(webCommands(parts, parts.editors, context, log), log, (name) =>
      parts.deeds.tell({ kind: 'command', name }),
    ),
    new StatusItem(parts.models, parts.activity),
    emptyViews(),
  );
  return {
    attentionState: () => panel.state,
    attentionHead: (request) => panel.head(request),
    overlay: () => overlay.current,
    headOnScreen: () => panel.lastHeadRequest,
    attention: panel,
    comparison,
    prompts,
    training,
  };
}
