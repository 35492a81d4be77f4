import type { HeldOut, TrainLook, TrainProgress } from '../../src/protocol/train';
import type { TrainSnapshot, TrainView } from '../../src/protocol/trainPage';

/** One weight of one head. */
export interface Cell {
  readonly layer: number;
  readonly head: number;
  readonly query: number;
  readonly key: number;
}

type Shown = Omit<TrainSnapshot, 'progress'>;

/** What the page shows: the run as far as it was told, and what the reader looks at. */
export class Store {
  shown: Shown;
  /** Without its losses and tests, which are below. */
  progress: TrainProgress;
  losses: number[] = [];
  heldOut: HeldOut[] = [];
  /** The earlier step that is looked at; null: the newest. */
  then: TrainLook | null = null;
  cell: Cell | null = null;
  helpOpen = false;
  /** Why nothing goes on any more. */
  failure: string | null = null;
  /** Said to screen readers, and shown until something else happens. */
  notice = '';
  /** A question was typed that is none. */
  isBadQuestion = false;
  private readonly listeners: (() => void)[] = [];

  constructor({ progress, ...shown }: TrainSnapshot) {
    this.shown = shown;
    this.progress = progress;
    this.take(progress);
  }

  /** What is on show: the newest, or what was looked back at. */
  get look(): TrainLook {
    return this.then ?? this.progress.look;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  changed(): void {
    this.listeners.forEach((listener) => {
      listener();
    });
  }

  update(changed: Partial<Shown>): void {
    this.shown = { ...this.shown, ...changed };
    this.changed();
  }

  begin({ progress, ...view }: TrainView & { readonly progress: TrainProgress }): void {
    this.shown = { ...this.shown, ...view };
    this.losses = [];
    this.heldOut = [];
    this.then = this.failure = null;
    this.isBadQuestion = false;
    this.take(progress);
    this.changed();
  }

  advance(progress: TrainProgress): void {
    if (progress.run !== this.progress.run) {
      return;
    }
    this.take(progress);
    // What was far back in a long run may be kept no longer.
    if (this.then && !progress.snapshots.includes(this.then.step)) {
      this.then = null;
    }
    this.changed();
  }

  asked(question: string, look: TrainLook): void {
    this.progress = { ...this.progress, question, look };
    this.then = null;
    this.isBadQuestion = false;
    this.changed();
  }

  fail(detail: string): void {
    this.failure = detail;
    this.progress = { ...this.progress, state: 'paused' };
    this.changed();
  }

  say(text: string): void {
    this.notice = text;
    this.changed();
  }

  private take(progress: TrainProgress): void {
    new Float32Array(progress.losses).forEach((loss) => this.losses.push(loss));
    this.heldOut.push(...progress.heldOut);
    this.progress = progress;
    if (this.cell && this.cell.query >= progress.look.tokens.length) {
      this.cell = null;
    }
  }
}
