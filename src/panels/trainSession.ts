import { ScopeError } from '../protocol/errors';
import * as train from '../protocol/train';
import type { TrainProgress, TrainSettings } from '../protocol/train';
import {
  type EarlierRun,
  type TrainAction,
  type TrainSpeed,
  type TrainView,
  stepsPerStart,
  trainSpeeds,
} from '../protocol/trainPage';
import { checkSettings } from '../train/checkSettings';
import { firstSettings, presets } from '../train/presets';
import type { TrainClient } from '../worker/trainClient';
import type { RememberedTraining } from './trainMemory';

/** What the page is told. */
export interface TrainListener {
  begun(view: TrainView & { readonly progress: TrainProgress }): void;
  advanced(progress: TrainProgress): void;
  asked(question: string, look: train.TrainLook): void;
  speedChanged(speed: TrainSpeed): void;
  keep(remembered: RememberedTraining): void;
}

/** Curves that stay for comparison, and how long a run must have been to be one. */
const mostEarlier = 3;
const leastSteps = 20;
/** Between two notes of how far a run is. */
const keepMilliseconds = 2000;

/** The run on show, and what was there before. The weights are with the process that trains. */
export class TrainSession {
  private run = 0;
  private settings: TrainSettings;
  /** Those of the run that is there; the chosen ones may be newer. */
  private trained: TrainSettings;
  private preset: string | null;
  private lostAt: number | null;
  private speed: TrainSpeed = null;
  private facts: train.TrainFacts | undefined;
  private question: string | null = null;
  private losses: Float32Array<ArrayBuffer> = new Float32Array();
  private earlier: readonly EarlierRun[] = [];
  private newest: TrainProgress | undefined;
  private keptAt = 0;
  private beginning: Promise<void> | undefined;

  constructor(
    private readonly client: TrainClient,
    private readonly listener: TrainListener,
    remembered: RememberedTraining | undefined,
    /** Whether what is remembered was on show until VS Code was closed. */
    wasLost: boolean,
  ) {
    this.settings = this.trained = remembered?.settings ?? firstSettings;
    this.preset = remembered ? remembered.preset : 'reverse';
    this.lostAt = wasLost && remembered && remembered.step > 0 ? remembered.step : null;
  }

  /** What the process said last; for tests too. */
  get progress(): TrainProgress | undefined {
    return this.newest;
  }

  /** Of the process that trains. */
  get processId(): number | undefined {
    return this.client.processId;
  }

  /** Everything that a page shows. Begins the run, where there is none yet. */
  async ready(): Promise<TrainView & { readonly progress: TrainProgress }> {
    this.beginning ??= this.begin();
    try {
      await this.beginning;
    } catch (error) {
      // The next try begins anew.
      this.beginning = undefined;
      throw error;
    }
    const progress = await this.client.request(train.TrainingSoFar, {});
    this.take(progress, true);
    return { ...this.view(), progress };
  }

  /** Begins anew with other settings; goes on with them if it went on. */
  async change(settings: TrainSettings, preset: string | null): Promise<void> {
    const wasRunning = this.newest?.state === 'running';
    this.settings = checkSettings(settings);
    this.preset = presets.some(({ id }) => id === preset) ? preset : null;
    await this.restart();
    if (wasRunning) {
      await this.goOn(stepsPerStart);
    }
  }

  async do(action: TrainAction): Promise<void> {
    switch (action) {
      case 'start':
        return this.goOn(stepsPerStart);
      case 'step':
        return this.goOn(1);
      case 'repeat':
        return this.goOn(Math.max(0, (this.lostAt ?? 0) - (this.newest?.step ?? 0)));
      case 'pause':
        await this.client.request(train.Pause, {});
        return;
      case 'reset':
        return this.restart();
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }

  async changeSpeed(speed: TrainSpeed): Promise<void> {
    if (!trainSpeeds.includes(speed)) {
      throw new ScopeError('badRequest', String(speed));
    }
    this.speed = speed;
    this.listener.speedChanged(speed);
    if (this.newest?.state === 'running') {
      await this.goOn(stepsPerStart);
    }
  }

  /** @returns whether it is a question of this task */
  async ask(question: string | null): Promise<boolean> {
    const asked = await this.client.request(train.AskModel, {
      question: question === null ? null : String(question).slice(0, 200),
    });
    if (asked) {
      this.question = asked.question;
      this.listener.asked(asked.question, asked.look);
    }
    return asked !== null;
  }

  lookAt(step: number): Promise<train.TrainLook> {
    return this.client.request(train.LookBack, { step });
  }

  /** The process has told something. */
  advanced(progress: TrainProgress): void {
    if (progress.run === this.run) {
      this.take(progress, false);
      this.listener.advanced(progress);
    }
  }

  /** The process is gone, and the run with it. */
  died(): void {
    this.beginning = undefined;
    this.newest = undefined;
    this.losses = new Float32Array();
  }

  dispose(): void {
    if (this.newest) {
      this.keep(this.newest);
    }
    this.client.dispose();
  }

  private async goOn(numSteps: number): Promise<void> {
    this.lostAt = null;
    await this.client.request(train.GoOn, { numSteps, stepsPerSecond: this.speed });
  }

  private async restart(): Promise<void> {
    if (this.losses.length >= leastSteps) {
      const left = { settings: this.trained, losses: this.losses.buffer };
      this.earlier = [left, ...this.earlier].slice(0, mostEarlier);
    }
    this.lostAt = null;
    this.beginning = this.begin();
    await this.beginning;
    if (this.newest) {
      this.listener.begun({ ...this.view(), progress: this.newest });
    }
  }

  private async begin(): Promise<void> {
    const run = ++this.run;
    const { settings, question } = this;
    const { facts, progress } = await this.client.request(train.BeginTraining, { run, settings, question });
    if (run === this.run) {
      this.facts = facts;
      this.trained = settings;
      this.losses = new Float32Array();
      this.take(progress, true);
      this.keep(progress);
    }
  }

  private take(progress: TrainProgress, isWhole: boolean): void {
    const told = new Float32Array(progress.losses);
    const joined = new Float32Array(progress.step);
    joined.set(isWhole ? [] : this.losses.subarray(0, progress.step - told.length));
    joined.set(told, progress.step - told.length);
    this.losses = joined;
    this.newest = progress;
    const now = Date.now();
    if (progress.state !== 'running' || now - this.keptAt > keepMilliseconds) {
      this.keptAt = now;
      this.keep(progress);
    }
  }

  private keep({ step }: TrainProgress): void {
    this.listener.keep({
      settings: this.settings,
      preset: this.preset,
      step: Math.max(step, this.lostAt ?? 0),
    });
  }

  private view(): TrainView {
    const { settings, preset, speed, facts, earlier, lostAt } = this;
    if (!facts) {
      throw new ScopeError('runExpired');
    }
    return { settings, preset, speed, facts, earlier, lostAt };
  }
}
