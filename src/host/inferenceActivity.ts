import * as vscode from 'vscode';
import { type ErrorData, type ErrorCode, ScopeError } from '../protocol/errors';
import type { ProcessMemory } from '../protocol/loadedModels';
import type { ClientEvents, Job } from '../worker/client';

const failuresKey = 'models.failures';

/** Jobs that show whether a model can be looked into. */
const looking = new Set(['attention/run', 'attention/picture', 'models/load']);
/** Failures that are the model's own, not the text's and not the machine's. */
const modelsOwn = new Set<ErrorCode>([
  'modelMissing',
  'modelCorrupt',
  'modelUnsupported',
  'modelIncomplete',
  'tokenizerFailed',
]);

/**
 * What the inference process is doing and what it has loaded, as far as it has told by itself; and why a model
 * could not be looked into when that was last tried.
 */
export class InferenceActivity implements vscode.Disposable {
  private alive = false;
  private running: readonly Job[] = [];
  private known: ProcessMemory | undefined;
  private readonly jobsEmitter = new vscode.EventEmitter<void>();
  private readonly modelsEmitter = new vscode.EventEmitter<void>();
  /** Something began or ended. */
  readonly onDidChangeJobs = this.jobsEmitter.event;
  /** The process came or went, or a model was loaded, released or refused. */
  readonly onDidChangeModels = this.modelsEmitter.event;

  constructor(private readonly memento: vscode.Memento) {}

  get isAlive(): boolean {
    return this.alive;
  }

  /** Jobs that are not done, the oldest first. */
  get jobs(): readonly Job[] {
    return this.running;
  }

  /** The folders of the models that are being loaded because somebody asked for just that. */
  get loadingFolders(): readonly string[] {
    return this.running.filter(({ method }) => method === 'models/load').map(({ model }) => model.folder);
  }

  /** Undefined while no process runs, and until it has told. */
  get memory(): ProcessMemory | undefined {
    return this.known;
  }

  /** Why a model could not be looked into; undefined when it could, or was never tried. */
  failureOf(folder: string): ScopeError | undefined {
    const failure = this.failures()[folder];
    return failure && new ScopeError(failure.code, failure.detail);
  }

  /** What the client tells. */
  readonly events: Required<Pick<ClientEvents, 'process' | 'jobs' | 'ended' | 'memory'>> = {
    process: (isAlive) => {
      this.alive = isAlive;
      this.known = undefined;
      this.modelsEmitter.fire();
      this.jobsEmitter.fire();
    },
    jobs: (left) => {
      this.running = left;
      this.jobsEmitter.fire();
    },
    memory: (memory) => this.learn(memory),
    ended: ({ method, model }, failure) => {
      if (looking.has(method) && (!failure || modelsOwn.has(failure.code))) {
        this.remember(model.folder, failure?.toData());
      }
    },
  };

  /** Takes over an answer of the process. */
  learn(memory: ProcessMemory): void {
    if (this.alive) {
      this.known = memory;
      this.modelsEmitter.fire();
      this.jobsEmitter.fire();
    }
  }

  dispose(): void {
    this.jobsEmitter.dispose();
    this.modelsEmitter.dispose();
  }

  private failures(): Readonly<Record<string, ErrorData>> {
    return this.memento.get(failuresKey, {});
  }

  private remember(folder: string, failure: ErrorData | undefined): void {
    const before = this.failures();
    if (failure === undefined && before[folder] === undefined) {
      return;
    }
    const others = Object.entries(before).filter(([key]) => key !== folder);
    const next = Object.fromEntries([...others, ...(failure ? [[folder, failure] as const] : [])]);
    void this.memento.update(failuresKey, next);
    this.modelsEmitter.fire();
  }
}
