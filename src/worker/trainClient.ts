import { ScopeError, type ErrorData } from '../protocol/errors';
import type { Disposable, MessageConnection, RequestType } from '../protocol/jsonrpc';
import { ask, createRpc } from '../protocol/rpc';
import { type TrainProgress, TrainingProgressed } from '../protocol/train';
import type { WorkerHandle } from './client';

interface TrainEvents {
  progress(progress: TrainProgress): void;
  /** The process ended by itself, with a phrase that says how. */
  died(reason: string): void;
  log(message: string): void;
}

/** The host's side of the process that trains: starts it on first use; when it dies, the next request starts another. */
export class TrainClient implements Disposable {
  private live: { handle: WorkerHandle; connection: MessageConnection; died: Promise<never> } | undefined;

  constructor(
    private readonly start: () => WorkerHandle,
    private readonly events: TrainEvents,
  ) {}

  /** Of the process now alive. */
  get processId(): number | undefined {
    return this.live?.handle.processId;
  }

  /** @throws {ScopeError} `workerDied` when the process ends before it has answered */
  request<P, R>(type: RequestType<P, R, ErrorData>, params: P): Promise<R> {
    const { connection, died } = this.connect();
    const answered = ask(connection, type, params);
    answered.catch(() => undefined);
    return Promise.race([answered, died]);
  }

  /** Ends the process, and what it computes. */
  dispose(): void {
    const { live } = this;
    this.live = undefined;
    live?.handle.kill();
  }

  private connect(): NonNullable<typeof this.live> {
    if (this.live) {
      return this.live;
    }
    const handle = this.start();
    const connection = createRpc(handle.transport);
    connection.onError(([error]) => this.events.log(`wire of the training: ${error.message}`));
    connection.onNotification(TrainingProgressed, (progress) => {
      if (this.live?.handle === handle) {
        this.events.progress(progress);
      }
    });
    const died = new Promise<never>((_, reject) => {
      handle.onExit((reason) => {
        connection.dispose();
        if (this.live?.handle === handle) {
          this.live = undefined;
          this.events.log(`The training process ended: ${reason}`);
          this.events.died(reason);
        }
        reject(new ScopeError('workerDied', reason));
      });
    });
    // Nobody may be waiting when it ends.
    died.catch(() => undefined);
    connection.listen();
    this.live = { handle, connection, died };
    return this.live;
  }
}
