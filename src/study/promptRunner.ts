import { textDigest } from '../prompts/random';
import { samplingOf } from '../prompts/repeats';
import { judgeLabel } from '../prompts/scorers';
import type { ScopeError } from '../protocol/errors';
import { type ErrorCode, isScopeError, toScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { RunProgress } from '../protocol/promptPage';
import type { CellAddress, CellResult, Item, Study } from '../protocol/prompts';
import type { Provider, Providers } from '../providers/provider';
import type { AnswerGrader } from './answerGrader';
import { LabelChoice } from './labelChoice';
import type { PromptRenderer, ReadyPrompt } from './promptRenderer';
import { RunLane } from './runLane';

export interface RunnerEvents {
  /** The study as it is when a cell begins. */
  study(): Study | null;
  /** Under which the cell's answer is kept; null for a cell that is no more. */
  fingerprint(cell: CellAddress): string | null;
  /** Resolves when the answer is kept; nothing more is asked before. */
  finished(result: CellResult): Promise<void>;
  streamed(cell: CellAddress, text: string): void;
  progressed(): void;
  /** A failure in the reader's language. */
  describe(error: ScopeError): string;
}

type Outcome = Omit<CellResult, keyof CellAddress | 'fingerprint'>;

/** After so many failures of these kinds in a row the run pauses instead of failing a thousand times. */
const mostFailures = 3;
const hopeless: readonly ErrorCode[] = [
  'workerDied',
  'serverUnset',
  'serverUnsafe',
  'serverUnreachable',
  'serverKey',
  'editorModelGone',
  'editorModelRefused',
];

/**
 * Answers cells, as many at once as each provider takes: one of the local models, more of a server. A cell's failure
 * is its result and stops nothing; a cell during which the process died is tried once more. Pausing lets what runs
 * finish; stopping ends it.
 */
export class PromptRunner {
  private readonly lanes = new Map<string, RunLane>();
  private readonly labels: LabelChoice;
  private paused = false;
  private done = 0;
  private millisecondsSpent = 0;
  /** Since when something runs; undefined while nothing does. */
  private since: number | undefined;

  constructor(
    private readonly providers: Providers,
    private readonly renderer: PromptRenderer,
    private readonly grader: AnswerGrader,
    private readonly events: RunnerEvents,
  ) {
    this.labels = new LabelChoice(renderer);
  }

  get progress(): RunProgress {
    const left = this.sum((lane) => lane.numLeft);
    const running = [...this.lanes.values()].flatMap((lane) => lane.cells);
    return {
      state: left === 0 ? 'idle' : this.paused ? 'paused' : 'running',
      done: this.done,
      total: this.done + left,
      cell: running[0] ?? null,
      running,
      secondsLeft: this.done < 3 ? null : ((this.spent() / this.done) * left) / 1000,
    };
  }

  /** Adds cells that do not wait already; a run that was paused goes on. */
  run(cells: readonly CellAddress[]): void {
    if (this.progress.state === 'idle') {
      this.lanes.clear();
      this.done = 0;
      this.millisecondsSpent = 0;
    }
    for (const [name, own] of this.byLane(cells)) {
      const lane = this.lanes.get(name) ?? new RunLane();
      this.lanes.set(name, lane);
      lane.add(own);
    }
    this.goOn();
  }

  pause(pause: boolean): void {
    if (pause) {
      this.paused = true;
      this.events.progressed();
    } else {
      this.goOn();
    }
  }

  /** Forgets what waits and ends the running cells, which keep no result. */
  stop(): void {
    this.paused = false;
    this.lanes.forEach((lane) => lane.stop());
    this.events.progressed();
  }

  dispose(): void {
    this.stop();
  }

  private goOn(): void {
    this.paused = false;
    this.lanes.forEach((lane) => {
      lane.failures = 0;
    });
    this.events.progressed();
    this.fill();
  }

  /** Begins as many cells as there is room for. */
  private fill(): void {
    for (const lane of this.lanes.values()) {
      for (let cell = lane.next(); cell && !this.paused; cell = lane.next()) {
        const provider = this.providerOf(cell);
        if (lane.numActive >= (provider?.concurrency ?? 1)) {
          break;
        }
        this.since ??= performance.now();
        void this.one(lane, cell, lane.begin(cell));
      }
    }
  }

  private async one(lane: RunLane, cell: CellAddress, token: CancellationToken): Promise<void> {
    try {
      const result = await this.answered(lane, cell, token);
      if (result) {
        await this.events.finished(result);
        this.done++;
      }
    } finally {
      lane.end(token);
      this.millisecondsSpent = this.spent();
      this.since = this.sum((each) => each.numActive) > 0 ? performance.now() : undefined;
      this.fill();
      this.events.progressed();
    }
  }

  /** The cell's result, also when it failed; undefined when it was stopped, or is no more. */
  private async answered(
    lane: RunLane,
    cell: CellAddress,
    token: CancellationToken,
  ): Promise<CellResult | undefined> {
    const study = this.events.study();
    const fingerprint = this.events.fingerprint(cell);
    if (!study || fingerprint === null) {
      return undefined;
    }
    this.events.progressed();
    for (let attempt = 0; ; attempt++) {
      try {
        this.grader.refuseEarly(study);
        const ready = await this.renderer.render(study, cell);
        if (!(await lane.allowed(() => ready.provider.allowed()))) {
          lane.clear();
          return undefined;
        }
        if (token.isCancellationRequested) {
          return undefined;
        }
        const asksLabels = study.task.scorer.kind === 'choice' && study.task.labels.length > 0;
        const outcome = await (asksLabels && ready.provider.abilities.has('labelScores')
          ? this.choose(study, cell, ready, token)
          : this.generate(study, cell, ready, token));
        if (token.isCancellationRequested) {
          // Who was stopped too late to notice keeps no result either: another study may be open by now.
          return undefined;
        }
        lane.failures = 0;
        return { ...cell, fingerprint, promptHash: textDigest(ready.prompt.text), ...outcome };
      } catch (error) {
        if (isScopeError(error, 'cancelled') || token.isCancellationRequested) {
          return undefined;
        }
        const failure = toScopeError(error);
        lane.failures += Number(hopeless.includes(failure.code));
        this.paused ||= lane.failures >= mostFailures;
        if (failure.code === 'workerDied' && attempt === 0 && !this.paused) {
          continue;
        }
        return { ...cell, fingerprint, ...failed(this.events.describe(failure)) };
      }
    }
  }

  private async generate(
    study: Study,
    cell: CellAddress,
    { prompt, provider, messages, strategy, cue }: ReadyPrompt,
    token: CancellationToken,
  ): Promise<Outcome> {
    const question = { prompt, messages, sampling: samplingOf(study, cell) };
    const { text, ...figures } = await provider.ask(
      question,
      (written) => this.events.streamed(cell, written),
      token,
    );
    const { task } = study;
    const wasCut = figures.finish === 'length' || figures.finish === 'context';
    const scored = { task, strategy, item: itemOf(study, cell), cue, output: text, wasCut };
    const verdict = await this.grader.judge(study, scored, token);
    return { ...verdict, output: text, ...figures };
  }

  private async choose(
    study: Study,
    cell: CellAddress,
    ready: ReadyPrompt,
    token: CancellationToken,
  ): Promise<Outcome> {
    const started = performance.now();
    const { label, scores } = await this.labels.choose(study, cell, ready, token);
    return {
      ...judgeLabel(label, itemOf(study, cell)),
      output: label,
      finish: 'choice',
      numPromptTokens: 0,
      numNewTokens: 0,
      milliseconds: performance.now() - started,
      meanBits: null,
      labelScores: scores,
    };
  }

  /** Undefined where nobody answers for the cell; asking for it then says why. */
  private providerOf(cell: CellAddress): Provider | undefined {
    const model = this.events.study()?.models.find(({ id }) => id === cell.model);
    try {
      return model && this.providers.of(model);
    } catch {
      return undefined;
    }
  }

  private byLane(cells: readonly CellAddress[]): Map<string, CellAddress[]> {
    const laneOf = new Map<string, string>();
    const lanes = new Map<string, CellAddress[]>();
    for (const cell of cells) {
      let name = laneOf.get(cell.model);
      if (name === undefined) {
        name = this.providerOf(cell)?.lane ?? '';
        laneOf.set(cell.model, name);
      }
      const lane = lanes.get(name);
      if (lane) {
        lane.push(cell);
      } else {
        lanes.set(name, [cell]);
      }
    }
    return lanes;
  }

  private spent(): number {
    return this.millisecondsSpent + (this.since === undefined ? 0 : performance.now() - this.since);
  }

  private sum(of: (lane: RunLane) => number): number {
    return [...this.lanes.values()].reduce((sum, lane) => sum + of(lane), 0);
  }
}

function itemOf(study: Study, { item }: CellAddress): Item {
  return item < 0 ? { input: study.input } : (study.task.items[item] ?? { input: '' });
}

function failed(message: string): Outcome {
  return {
    output: '',
    answer: null,
    pass: null,
    failure: 'error',
    formatKept: null,
    finish: 'error',
    numPromptTokens: 0,
    numNewTokens: 0,
    milliseconds: 0,
    meanBits: null,
    error: message,
  };
}
