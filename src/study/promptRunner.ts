import { fingerprintOf } from '../prompts/fingerprint';
import { judge, judgeLabel } from '../prompts/scorers';
import { ScopeError, isScopeError, toScopeError } from '../protocol/errors';
import { type CancellationToken, CancellationTokenSource } from '../protocol/jsonrpc';
import { type GeneratedToken, type Generation, ScoreContinuation } from '../protocol/language';
import type { RunProgress } from '../protocol/promptPage';
import {
  type CellAddress,
  type CellResult,
  type LabelScore,
  type Study,
  cellKey,
  requireLocal,
} from '../protocol/prompts';
import type { InferenceClient } from '../worker/client';
import type { PromptRenderer, ReadyPrompt } from './promptRenderer';

export interface RunnerEvents {
  /** The study as it is when a cell begins. */
  study(): Study | null;
  finished(result: CellResult): void;
  streamed(cell: CellAddress, text: string): void;
  progressed(): void;
  /** A failure in the reader's language. */
  describe(error: ScopeError): string;
}

/** After this many deaths of the process in a row the run pauses instead of killing a fourth. */
const mostDeaths = 3;

/**
 * Answers cells one after the other. A cell's failure is its result and stops nothing; a cell during which
 * the process died is tried once more. Pausing lets the running cell finish; stopping ends it.
 */
export class PromptRunner {
  private waiting: CellAddress[] = [];
  private running: { cell: CellAddress; source: CancellationTokenSource } | undefined;
  private paused = false;
  private done = 0;
  private millisecondsSpent = 0;
  private deaths = 0;
  private looping = false;

  constructor(
    private readonly client: InferenceClient,
    private readonly renderer: PromptRenderer,
    private readonly events: RunnerEvents,
  ) {}

  get progress(): RunProgress {
    const left = this.waiting.length + Number(this.running !== undefined);
    return {
      state: left === 0 ? 'idle' : this.paused ? 'paused' : 'running',
      done: this.done,
      total: this.done + left,
      cell: this.running?.cell ?? null,
      secondsLeft: this.done < 3 ? null : ((this.millisecondsSpent / this.done) * left) / 1000,
    };
  }

  /** Adds cells that do not wait already; a run that was paused goes on. */
  run(cells: readonly CellAddress[]): void {
    if (this.progress.state === 'idle') {
      this.done = 0;
      this.millisecondsSpent = 0;
      this.deaths = 0;
    }
    const known = new Set([...this.waiting, ...(this.running ? [this.running.cell] : [])].map(cellKey));
    this.waiting.push(...cells.filter((cell) => !known.has(cellKey(cell))));
    this.paused = false;
    void this.loop();
  }

  pause(pause: boolean): void {
    this.paused = pause;
    this.events.progressed();
    void this.loop();
  }

  /** Forgets what waits and ends the running cell, which keeps no result. */
  stop(): void {
    this.waiting = [];
    this.paused = false;
    this.running?.source.cancel();
    this.events.progressed();
  }

  dispose(): void {
    this.stop();
  }

  private async loop(): Promise<void> {
    if (this.looping) {
      return;
    }
    this.looping = true;
    try {
      while (!this.paused) {
        const cell = this.waiting.shift();
        if (!cell) {
          break;
        }
        await this.one(cell);
      }
    } finally {
      this.looping = false;
      this.events.progressed();
    }
  }

  private async one(cell: CellAddress): Promise<void> {
    const study = this.events.study();
    const fingerprint = study && fingerprintOf(study, cell);
    if (!study || fingerprint === null) {
      return;
    }
    const source = new CancellationTokenSource();
    this.running = { cell, source };
    this.events.progressed();
    const started = performance.now();
    try {
      const result = await this.answered(study, cell, fingerprint, source.token);
      this.running = undefined;
      if (result) {
        this.done++;
        this.millisecondsSpent += performance.now() - started;
        this.events.finished(result);
      }
    } finally {
      this.running = undefined;
      source.dispose();
    }
  }

  /** The cell's result, also when it failed; undefined when it was stopped. */
  private async answered(
    study: Study,
    cell: CellAddress,
    fingerprint: string,
    token: CancellationToken,
  ): Promise<CellResult | undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        const ready = await this.renderer.render(study, cell);
        const result = await (study.task.scorer.kind === 'choice' && study.task.labels.length > 0
          ? this.choose(study, cell, ready, token)
          : this.generate(study, cell, ready, token));
        this.deaths = 0;
        return { ...cell, fingerprint, ...result };
      } catch (error) {
        if (isScopeError(error, 'cancelled')) {
          return undefined;
        }
        if (isScopeError(error, 'workerDied')) {
          this.deaths++;
          this.paused ||= this.deaths >= mostDeaths;
          if (attempt === 0 && !this.paused) {
            continue;
          }
        }
        return { ...cell, fingerprint, ...failed(this.events.describe(toScopeError(error))) };
      }
    }
  }

  private async generate(
    study: Study,
    cell: CellAddress,
    { prompt, model, strategy, cue }: ReadyPrompt,
    token: CancellationToken,
  ): Promise<Omit<CellResult, keyof CellAddress | 'fingerprint'>> {
    let text = '';
    const onToken = (generated: GeneratedToken): void => {
      text += generated.text;
      this.events.streamed(cell, text);
    };
    const params = {
      model: requireLocal(model),
      owner: 'prompts',
      prompt: prompt.text,
      options: study.sampling,
    };
    const generation = await this.client.generate(params, onToken, token);
    if (generation.finish === 'cancelled') {
      throw new ScopeError('cancelled');
    }
    const item = cell.item < 0 ? { input: study.input } : study.task.items[cell.item];
    const wasCut = generation.finish === 'length' || generation.finish === 'context';
    const verdict = judge({
      task: study.task,
      strategy,
      item: item ?? { input: '' },
      cue,
      output: generation.text,
      wasCut,
    });
    return { ...verdict, ...figuresOf(generation) };
  }

  /** The label that the model finds likeliest, per token, so that long labels have no disadvantage. */
  private async choose(
    study: Study,
    cell: CellAddress,
    { prompt, model }: ReadyPrompt,
    token: CancellationToken,
  ): Promise<Omit<CellResult, keyof CellAddress | 'fingerprint'>> {
    const { labels, frame } = study.task;
    const started = performance.now();
    const scores: LabelScore[] = [];
    for (const label of labels) {
      const gap = /\s$/.test(prompt.text) || prompt.template === 'model' ? '' : frame.gap;
      const text = { prompt: prompt.text, continuation: gap + label };
      const params = { model: requireLocal(model), owner: 'prompts', ...text };
      const { logLikelihood, numTokens } = await this.client.request(ScoreContinuation, params, token);
      scores.push({ label, logLikelihood, perToken: logLikelihood / Math.max(1, numTokens) });
    }
    const best = scores.reduce((top, each) => (each.perToken > top.perToken ? each : top));
    const item = cell.item < 0 ? { input: study.input } : (study.task.items[cell.item] ?? { input: '' });
    return {
      ...judgeLabel(best.label, item),
      output: best.label,
      finish: 'choice',
      numPromptTokens: 0,
      numNewTokens: 0,
      milliseconds: performance.now() - started,
      meanBits: null,
      labelScores: scores,
    };
  }
}

function figuresOf(
  generation: Generation,
): Pick<CellResult, 'output' | 'finish' | 'numPromptTokens' | 'numNewTokens' | 'milliseconds' | 'meanBits'> {
  const { tokens } = generation;
  const nats = tokens.reduce((sum, token) => sum - token.logProbability, 0);
  return {
    output: generation.text,
    finish: generation.finish,
    numPromptTokens: generation.numPromptTokens,
    numNewTokens: tokens.length,
    milliseconds: generation.promptMilliseconds + generation.tokenMilliseconds,
    meanBits: tokens.length === 0 ? null : nats / Math.LN2 / tokens.length,
  };
}

function failed(message: string): Omit<CellResult, keyof CellAddress | 'fingerprint'> {
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
