import type { TrainProgress, TrainState } from '../protocol/train';
import type { RecordedTraining } from '../train/recordedTraining';

/** Between two reports. */
const reportMilliseconds = 100;

/** Trains step after step. Between steps it listens, so that a pause or a question waits for one step at most. */
export class TrainingLoop {
  private left = 0;
  private interval = 0;
  private isRunning = false;
  /** Wakes a loop that waits for the time of its next step. */
  private wake: () => void = () => undefined;
  /** What was told already. */
  private told = { losses: 0, heldOut: 0 };
  private pace = { since: 0, step: 0 };

  constructor(
    private readonly run: number,
    readonly training: RecordedTraining,
    private readonly report: (progress: TrainProgress) => void,
  ) {}

  /** Goes on for so many steps from now. @param stepsPerSecond null: as many as the machine does */
  goOn(numSteps: number, stepsPerSecond: number | null): void {
    this.left = this.training.hasDiverged ? 0 : numSteps;
    this.interval = stepsPerSecond === null ? 0 : 1000 / stepsPerSecond;
    this.pace = { since: performance.now(), step: this.training.step };
    this.wake();
    if (!this.isRunning) {
      this.isRunning = true;
      void this.loop();
    }
  }

  /** Ends behind the step that is being computed. */
  pause(): void {
    this.left = 0;
    this.wake();
  }

  /** The whole run, in one piece; what comes later is told from here on. */
  soFar(): TrainProgress {
    this.told = { losses: 0, heldOut: 0 };
    return this.progress();
  }

  private async loop(): Promise<void> {
    let reported = performance.now();
    while (this.left > 0) {
      this.training.learn();
      this.left = this.training.hasDiverged ? 0 : this.left - 1;
      const now = performance.now();
      if (this.left > 0 && now - reported >= reportMilliseconds) {
        reported = now;
        this.report(this.progress());
      }
      await this.turn();
    }
    this.isRunning = false;
    this.report(this.progress());
  }

  /** Lets messages in, and time pass where the training is slowed down. */
  private turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.interval > 0 && this.left > 0) {
        const timer = setTimeout(resolve, this.interval);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      } else {
        setImmediate(resolve);
      }
    });
  }

  private progress(): TrainProgress {
    const { training, told } = this;
    const losses = Float32Array.from(training.losses.slice(told.losses));
    const heldOut = training.heldOut.slice(told.heldOut);
    this.told = { losses: training.losses.length, heldOut: training.heldOut.length };
    const seconds = (performance.now() - this.pace.since) / 1000;
    return {
      run: this.run,
      state: this.state,
      step: training.step,
      losses: losses.buffer,
      heldOut,
      snapshots: training.snapshotSteps,
      stepsPerSecond: seconds > 0 ? (training.step - this.pace.step) / seconds : 0,
      question: training.question,
      look: training.look(),
    };
  }

  private get state(): TrainState {
    if (this.training.hasDiverged) {
      return 'diverged';
    }
    return this.isRunning ? 'running' : 'paused';
  }
}
