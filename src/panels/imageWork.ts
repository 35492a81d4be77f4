import { errorText } from '../host/errorText';
import { type ErrorCode, type ScopeError, isScopeError, toScopeError } from '../protocol/errors';
import type { ImageRun } from '../protocol/imagePage';

/** What one piece of work may ask and tell while it goes on. */
export interface Work {
  /** Whether it was stopped, or a newer one has taken its place: what it still finds out is of no interest. */
  isOver(): boolean;
  tell(stage: 'model' | 'listing' | 'texts' | 'pictures', done?: number, total?: number): void;
}

/** How often progress is told, in milliseconds. */
const tellEvery = 200;
/** So many pictures say how long one takes. */
const enoughToTell = 3;

/** The work of one tab: one piece at a time, the newest one. */
export class ImageWork {
  private current: object | undefined;
  private run: ImageRun = { state: 'idle' };

  constructor(
    private readonly changed: (run: ImageRun) => void,
    private readonly log: (message: string) => void,
  ) {}

  get isWorking(): boolean {
    return this.current !== undefined;
  }

  /** Does a piece of work; one that is under way gives way. Resolves when it is over, whatever came of it. */
  async start(doIt: (work: Work) => Promise<void>): Promise<void> {
    const own = {};
    this.current = own;
    const isOver = (): boolean => this.current !== own;
    let told = 0;
    let pace: { readonly stage: string; readonly since: number } | undefined;
    const tell: Work['tell'] = (stage, done = 0, total = 0) => {
      const now = performance.now();
      if (pace?.stage !== stage) {
        pace = { stage, since: now };
        told = 0;
      }
      if (!isOver() && now - told >= tellEvery) {
        told = now;
        const seconds = (now - pace.since) / 1000;
        const perSecond = done >= enoughToTell && seconds > 0 ? done / seconds : null;
        this.set({ state: 'working', stage, done, total, perSecond });
      }
    };
    tell('model');
    let end: ImageRun = { state: 'idle' };
    try {
      await doIt({ isOver, tell });
    } catch (error) {
      end = this.failed(toScopeError(error));
    }
    if (!isOver()) {
      this.current = undefined;
      this.set(end);
    }
  }

  /** Ends what is under way; what it has found so far stays. */
  stop(): void {
    const { run } = this;
    if (this.current) {
      this.current = undefined;
      const counts = run.state === 'working' && run.stage === 'pictures' ? run : { done: 0, total: 0 };
      this.set({ state: 'stopped', done: counts.done, total: counts.total });
    }
  }

  private failed(error: ScopeError): ImageRun {
    if (error.code === 'cancelled') {
      return { state: 'idle' };
    }
    this.log(`images: ${error.message}`);
    return { state: 'failed', ...errorText(error) };
  }

  private set(run: ImageRun): void {
    this.run = run;
    this.changed(run);
  }
}

/** Whether a failure is about a picture alone: the others may be fine. */
function isAboutPicture(error: unknown): boolean {
  return isScopeError(error, 'pictureUnreadable') || isScopeError(error, 'badRequest');
}

/** Failures of the process in a row after which the model, and not a picture, is to blame. */
const mostDeaths = 3;

const fatal: readonly ErrorCode[] = ['workerDied', 'outOfMemory', 'inferenceFailed'];

/** Decides which pictures are left out: broken ones, and single ones at which the process fails. */
export class PictureFailures {
  private inARow = 0;

  succeeded(): void {
    this.inARow = 0;
  }

  /** @returns whether to go on without it */
  goOn(error: unknown): boolean {
    if (isAboutPicture(error)) {
      return true;
    }
    const { code } = toScopeError(error);
    return fatal.includes(code) && ++this.inARow < mostDeaths;
  }

  /** Why a picture was left out, without its name in front. */
  static reason(error: unknown, name: string): string {
    const failure = toScopeError(error);
    const { message } = errorText(failure);
    const detail = failure.detail?.replace(`${name}: `, '');
    return isAboutPicture(error) ? (detail ?? message) : message;
  }
}
