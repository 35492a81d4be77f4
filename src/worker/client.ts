import { ScopeError, toScopeError } from '../protocol/errors';
import type { CancellationToken, Disposable, MessageConnection, RequestType } from '../protocol/jsonrpc';
import type { Transport, ask, createRpc } from '../protocol/rpc';
import type { AttentionRun } from '../protocol/attention';
import type { ErrorData } from '../protocol/errors';
import { EffectsProgress } from '../protocol/effects';
import { LoadedChanged, type ProcessMemory } from '../protocol/loadedModels';
import type { ModelSource } from '../protocol/model';
import {
  Generate,
  type GeneratedToken,
  type Generation,
  Score,
  type TextScore,
  TokenGenerated,
  TokensScored,
} from '../protocol/language';
import { Translate } from '../protocol/seq2seq';
import {
  type AttendParams,
  type AttendPictureParams,
  Attend,
  AttendPicture,
  type Phase,
  PhaseChanged,
  Release,
} from '../protocol/worker';

/** A started inference process, whatever it runs on. */
export interface WorkerHandle {
  readonly transport: Transport;
  readonly processId: number | undefined;
  /** Called once when the process has ended, with a phrase that says how. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

/** A request that a model works on. */
export interface Job {
  /** As on the wire, e.g. `attention/run`. */
  readonly method: string;
  readonly model: ModelSource;
}

/** What sends messages. */
interface Rpc {
  readonly ask: typeof ask;
  readonly createRpc: typeof createRpc;
}

export interface ClientOptions {
  /** Loads what sends messages, with the first request. */
  readonly loadRpc?: () => Promise<Rpc>;
  /** After so long without a request the process ends, and its memory with it; 0 or less: never. Asked each time. */
  readonly idleMilliseconds?: () => number;
  /** After a cancel the process has this long to notice before it is ended; 5 s without it. */
  readonly graceMilliseconds?: number;
}

/** Who is told what the client and its process do. */
export interface ClientEvents {
  phase(owner: string, phase: Phase): void;
  /** A request was answered. */
  answered?(method: string, params: unknown): void;
  log(message: string): void;
  /** A process was started, or the last one is gone. */
  process?(isAlive: boolean): void;
  /** A job was begun or is done; these are left. */
  jobs?(left: readonly Job[]): void;
  /** How a job ended. */
  ended?(job: Job, failure?: ScopeError): void;
  /** A model was loaded or released. */
  memory?(memory: ProcessMemory): void;
}

type ParamsOf<T> = T extends RequestType<infer P, unknown, ErrorData> ? P : never;

const usualGrace = 5000;

/**
 * The host's side of the inference process: starts it on first use, rejects everything pending when
 * it dies, and starts a fresh one for the next request. Nothing is replayed, since a request that
 * kills the process would kill it again.
 */
export class InferenceClient implements Disposable {
  /** Who is told each token of a generation, by owner. */
  private readonly tokenListeners = new Map<string, (token: GeneratedToken) => void>();
  private readonly jobs = new Set<Job>();
  /** Who is told how much of a long request is done, by owner. */
  private readonly progressListeners = new Map<string, (done: number, total: number) => void>();
  private live:
    | { handle: WorkerHandle; connection: MessageConnection; ask: typeof ask; died: Promise<never> }
    | undefined;

  /** Requests whose answers are awaited, and what ends the process when there are none for long. */
  private numPending = 0;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly start: () => WorkerHandle,
    private readonly events: ClientEvents,
    private readonly options: ClientOptions = {},
  ) {}

  /** Whether a process is alive. */
  get isRunning(): boolean {
    return this.live !== undefined;
  }

  /** Of the process now alive; a worker in the browser has none. */
  get processId(): number | undefined {
    return this.live?.handle.processId;
  }

  attend(params: AttendParams, token: CancellationToken): Promise<AttentionRun> {
    this.announce(params.owner);
    return this.request(Attend, params, token);
  }

  attendPicture(params: AttendPictureParams, token: CancellationToken): Promise<AttentionRun> {
    this.announce(params.owner);
    return this.request(AttendPicture, params, token);
  }

  /** Continues a prompt; `onToken` is called for each token before the answer comes. */
  generate(
    params: ParamsOf<typeof Generate>,
    onToken: (token: GeneratedToken) => void,
    token?: CancellationToken,
  ): Promise<Generation> {
    return this.streamed(Generate, params, onToken, token);
  }

  /** Renders a text by an encoder-decoder; `onToken` is called for each token before the answer comes. */
  translate(
    params: ParamsOf<typeof Translate>,
    onToken: (token: GeneratedToken) => void,
    token?: CancellationToken,
  ): Promise<Generation> {
    return this.streamed(Translate, params, onToken, token);
  }

  /** Scores a text; `onScored` is told how many of its tokens are done. */
  score(
    params: ParamsOf<typeof Score>,
    onScored: (done: number, total: number) => void,
    token?: CancellationToken,
  ): Promise<TextScore> {
    return this.followed(Score, params, onScored, token);
  }

  /** Asks something of which the process tells how much is done. */
  async followed<P extends { readonly owner: string }, R>(
    type: RequestType<P, R, ErrorData>,
    params: P,
    onProgress: (done: number, total: number) => void,
    token?: CancellationToken,
  ): Promise<R> {
    this.progressListeners.set(params.owner, onProgress);
    try {
      return await this.request(type, params, token);
    } finally {
      if (this.progressListeners.get(params.owner) === onProgress) {
        this.progressListeners.delete(params.owner);
      }
    }
  }

  private async streamed<P extends { readonly owner: string }>(
    type: RequestType<P, Generation, ErrorData>,
    params: P,
    onToken: (token: GeneratedToken) => void,
    token?: CancellationToken,
  ): Promise<Generation> {
    this.tokenListeners.set(params.owner, onToken);
    try {
      return await this.request(type, params, token);
    } finally {
      if (this.tokenListeners.get(params.owner) === onToken) {
        this.tokenListeners.delete(params.owner);
      }
    }
  }

  /** Frees what the process keeps for `owner`; nothing to do when there is none. */
  release(owner: string): void {
    this.live?.connection.sendNotification(Release, { owner }).catch((error: unknown) => {
      this.events.log(`release: ${String(error)}`);
    });
  }

  /** Ends the process: WASM memory returns in no other way. */
  unload(): void {
    clearTimeout(this.idleTimer);
    this.live?.handle.kill();
    this.forget();
  }

  dispose(): void {
    this.unload();
  }

  /** Asks anything that needs no more than its answer, e.g. `Predict` of `protocol/language`. */
  async request<P, R>(type: RequestType<P, R, ErrorData>, params: P, token?: CancellationToken): Promise<R> {
    const job = jobOf(type.method, params);
    if (!job) {
      return this.reply(type, params, token);
    }
    this.jobs.add(job);
    this.events.jobs?.([...this.jobs]);
    try {
      const result = await this.reply(type, params, token);
      this.events.ended?.(job);
      return result;
    } catch (error) {
      this.events.ended?.(job, toScopeError(error));
      throw error;
    } finally {
      this.jobs.delete(job);
      this.events.jobs?.([...this.jobs]);
    }
  }

  /** Asks the process that runs; undefined where none does: none is started for a question about it. */
  async askRunning<P, R>(type: RequestType<P, R, ErrorData>, params: P): Promise<R | undefined> {
    const { live } = this;
    if (!live) {
      return undefined;
    }
    const answered = live.ask(live.connection, type, params);
    answered.catch(() => undefined);
    return Promise.race([answered, live.died]);
  }

  private async reply<P, R>(
    type: RequestType<P, R, ErrorData>,
    params: P,
    token?: CancellationToken,
  ): Promise<R> {
    // Whoever has a process asks at once: what is asked and released in a row arrives in that order.
    const live = this.live ?? this.connect(await (this.options.loadRpc ?? loadRpc)());
    clearTimeout(this.idleTimer);
    this.numPending++;
    const answered = live.ask(live.connection, type, params, token);
    const races: Promise<R>[] = [answered, live.died];
    let subscription: Disposable | undefined;
    if (token) {
      races.push(
        new Promise<never>((_, reject) => {
          subscription = token.onCancellationRequested(() => {
            this.endUnlessAnswered(live.handle, answered);
            reject(new ScopeError('cancelled'));
          });
        }),
      );
    }
    try {
      const result = await Promise.race(races);
      this.events.answered?.(type.method, params);
      return result;
    } finally {
      subscription?.dispose();
      answered.catch(() => undefined);
      this.numPending--;
      this.leaveWhenIdle();
    }
  }

  /** Panels that stay open compute again what they need. */
  private leaveWhenIdle(): void {
    const idleMilliseconds = this.options.idleMilliseconds?.() ?? 0;
    if (this.numPending > 0 || idleMilliseconds <= 0 || !this.live) {
      return;
    }
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.unload(), idleMilliseconds);
  }

  /** A run blocks the process, so a cancel may go unnoticed; then only ending it helps. */
  private endUnlessAnswered(handle: WorkerHandle, answered: Promise<unknown>): void {
    const timer = setTimeout(() => {
      this.events.log('The inference process did not stop in time and is ended.');
      handle.kill();
      // What is asked before it is gone must not be sent to it.
      if (this.live?.handle === handle) {
        this.forget();
      }
    }, this.options.graceMilliseconds ?? usualGrace);
    const clear = (): void => clearTimeout(timer);
    answered.then(clear, clear);
  }

  /** Tells whoever waits that a process has to be started first. */
  private announce(owner: string): void {
    if (!this.live) {
      this.events.phase(owner, 'starting');
    }
  }

  private connect({ ask, createRpc }: Rpc): NonNullable<typeof this.live> {
    if (this.live) {
      return this.live;
    }
    let handle: WorkerHandle;
    try {
      handle = this.start();
    } catch (error) {
      throw new ScopeError('workerUnavailable', toScopeError(error).detail, { cause: error });
    }
    const connection = createRpc(handle.transport);
    connection.onError(([error]) => this.events.log(`wire: ${error.message}`));
    connection.onNotification(PhaseChanged, ({ owner, phase }) => this.events.phase(owner, phase));
    connection.onNotification(LoadedChanged, (memory) => {
      // What an ended process had to say is old.
      if (this.live?.handle === handle) {
        this.events.memory?.(memory);
      }
    });
    connection.onNotification(TokenGenerated, ({ owner, token }) => this.tokenListeners.get(owner)?.(token));
    for (const type of [TokensScored, EffectsProgress]) {
      connection.onNotification(type, ({ owner, done, total }) =>
        this.progressListeners.get(owner)?.(done, total),
      );
    }
    const died = new Promise<never>((_, reject) => {
      handle.onExit((reason) => {
        this.events.log(`The inference process ended: ${reason}`);
        if (this.live?.handle === handle) {
          this.forget();
        }
        connection.dispose();
        reject(new ScopeError('workerDied', reason));
      });
    });
    // Nobody may be waiting when it ends.
    died.catch(() => undefined);
    connection.listen();
    this.live = { handle, connection, ask, died };
    this.events.process?.(true);
    return this.live;
  }

  private forget(): void {
    if (this.live) {
      this.live = undefined;
      this.events.process?.(false);
    }
  }
}

function loadRpc(): Promise<Rpc> {
  return import('../protocol/rpc');
}

/** Whatever names a model is work for it; the rest is answered from memory. */
function jobOf(method: string, params: unknown): Job | undefined {
  const model = typeof params === 'object' && params !== null ? (params as Partial<Job>).model : undefined;
  return model && { method, model };
}
