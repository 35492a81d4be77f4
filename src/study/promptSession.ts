import { newStudy, presetTask } from '../prompts/presets';
import { advice } from '../prompts/advice';
import { findings } from '../prompts/sentences';
import { strategyId } from '../prompts/strategy';
import { StudyState } from '../prompts/studyState';
import { readTable, withRows } from '../prompts/table';
import { wordings } from '../prompts/wording';
import { ScopeError, isScopeError, toScopeError } from '../protocol/errors';
import { Tokenize } from '../protocol/language';
import type { ModelSource, Precision } from '../protocol/model';
import type { CellsUpdate, InputCell, RunProgress } from '../protocol/promptPage';
import type { RunCircumstances } from '../protocol/promptRuns';
import type { StudySummary } from '../protocol/promptSummary';
import {
  type AskedModel,
  type CellAddress,
  type CellResult,
  type Example,
  type Item,
  type Study,
  type Task,
  type TaskKind,
  cellKey,
  isLocal,
} from '../protocol/prompts';
import { type ModelPlace, ignoredBy } from '../protocol/abilities';
import { AllProviders } from '../providers/allProviders';
import type { Providers } from '../providers/provider';
import type { InferenceClient } from '../worker/client';
import { AnswerGrader } from './answerGrader';
import { modelIdentities } from './modelIdentity';
import { type ReadyPrompt, PromptRenderer } from './promptRenderer';
import { PromptRunner } from './promptRunner';
import { SentenceVectors } from './sentenceVectors';

/** A definition, an answer (`late`: to what the study asked before it was changed), or a person's verdict on one. */
export type JournalLine =
  | { readonly study: Study }
  | { readonly result: CellResult; readonly late?: boolean }
  | { readonly verdict: CellResult };

/** Keeps what a session does; `archive/studyArchive.ts` is the one on disk. Nothing that it cannot keep rejects. */
export interface Journal {
  /** @param identities what tells each model's files, by model id */
  begin(
    study: Study,
    results: readonly CellResult[],
    identities?: ReadonlyMap<string, string>,
  ): Promise<void>;
  add(id: string, line: JournalLine): Promise<void>;
  /** What is answered from now on belongs to another run. */
  startRun?(
    id: string,
    identities: ReadonlyMap<string, string>,
    circumstances?: Promise<RunCircumstances>,
  ): void;
}

export interface PromptSessionServices {
  readonly client: InferenceClient;
  /** Compares examples with an input. */
  readonly encoder: ModelSource;
  readonly journal: Journal;
  /** Whether a person's JavaScript may judge answers; without it it may not. */
  mayRunExpressions?(): boolean;
  /** Which of a model's graphs is asked; int8 without it. */
  precision?(): Precision;
  /** Who answers for models; without it only those of this computer are asked. */
  readonly providers?: Providers;
  readonly language: 'en' | 'zh';
  /** Where the definition is kept elsewhere, an edit goes there and comes back by {@link PromptSession.replace}. */
  edited?(study: Study): Promise<void>;
  /** Who is asked, to be kept with a run. */
  circumstances?(study: Study): Promise<RunCircumstances>;
  describe(error: ScopeError): string;
  /** The definition, or what is shown of it, has changed. */
  changed(): void;
  cellsChanged(update: CellsUpdate): void;
  streamed(cell: CellAddress, text: string): void;
}

/** Answers are told to the page in bundles, at most this often. */
const updateMilliseconds = 200;
/** So is the text of an answer being written: a page cannot be read faster, and drawing it takes time from the model. */
const streamMilliseconds = 50;

/** One workbench: the study on it, its prompts, and the run. Knows nothing of the screen. */
export class PromptSession {
  private state: StudyState | undefined;
  private cells: readonly InputCell[] = [];
  private rendering = 0;
  private fresh: CellResult[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDisposed = false;
  /** The summary that was told last, and how long it may stand while answers come in. */
  private summed:
    | (Pick<CellsUpdate, 'summary' | 'findings' | 'advice'> & {
        readonly study: Study | undefined;
        readonly until: number;
      })
    | undefined;
  private readonly written = new Map<string, { cell: CellAddress; text: string }>();
  private streamTimer: ReturnType<typeof setTimeout> | undefined;
  readonly renderer: PromptRenderer;
  private readonly runner: PromptRunner;
  private readonly providers: Providers;

  constructor(private readonly services: PromptSessionServices) {
    this.providers = services.providers ?? new AllProviders(services.client);
    const { client, encoder } = services;
    const vectors = new SentenceVectors(client, encoder);
    this.renderer = new PromptRenderer(client, vectors, this.providers);
    const grader = new AnswerGrader({
      client,
      providers: this.providers,
      vectors,
      mayRunExpressions: () => services.mayRunExpressions?.() === true,
    });
    this.runner = new PromptRunner(this.providers, this.renderer, grader, {
      study: () => this.state?.study ?? null,
      fingerprint: (cell) => this.state?.fingerprint(cell) ?? null,
      finished: (result) => this.keep(result),
      streamed: (cell, text) => {
        this.stream(cell, text);
      },
      progressed: () => {
        this.scheduleUpdate();
      },
      describe: (error) => services.describe(error),
    });
  }

  get study(): Study | null {
    return this.state?.study ?? null;
  }

  get inputCells(): readonly InputCell[] {
    return this.cells;
  }

  get progress(): RunProgress {
    return this.runner.progress;
  }

  get canUndo(): boolean {
    return this.state?.canUndo ?? false;
  }

  get canRedo(): boolean {
    return this.state?.canRedo ?? false;
  }

  get numOutdated(): number {
    return this.state?.numOutdated ?? 0;
  }

  /** Who answers for the study's models. */
  places(): ModelPlace[] {
    const study = this.state?.study;
    return (study?.models ?? []).map((model): ModelPlace => {
      const nobody = { model: model.id, host: null, ignored: [], canInspect: false, currency: null };
      try {
        const { host, currency, abilities } = this.providers.of(model);
        const ignored = study ? ignoredBy(study, abilities) : [];
        return { model: model.id, host, currency, ignored, canInspect: abilities.has('inspection') };
      } catch (error) {
        return { ...nobody, problem: this.services.describe(toScopeError(error)) };
      }
    });
  }

  private get precision(): Precision {
    return this.services.precision?.() ?? 'int8';
  }

  /** Answers that count, for the study as it is now. */
  results(): CellResult[] {
    return this.state?.results() ?? [];
  }

  /** Every answer, to be kept with the study. */
  everything(): CellResult[] {
    return this.state?.everything() ?? [];
  }

  summary(): StudySummary | null {
    return this.state?.summary() ?? null;
  }

  findings(summary: StudySummary | null): string[] {
    return summary ? findings(summary, wordings[this.services.language]) : [];
  }

  /** What to do for the best answers, a sentence or two per model. */
  advice(summary: StudySummary | null): string[] {
    return summary ? advice(summary, wordings[this.services.language]) : [];
  }

  /** Begins a study with a text. */
  async begin(input: string, title: string, model: AskedModel): Promise<void> {
    await this.open(newStudy(newStudyId(), title, input, model), []);
  }

  /** Puts a study on the workbench in place of the one that is there. */
  async open(study: Study, results: readonly CellResult[]): Promise<void> {
    this.runner.stop();
    this.state = new StudyState(study, results, await modelIdentities(study, this.precision));
    await this.services.journal.begin(study, results, this.state.modelIdentities);
    await this.refresh();
  }

  /** Replaces the definition; a step that can be undone. */
  async edit(study: Study): Promise<void> {
    const whole = checked(study);
    if (this.services.edited) {
      return this.services.edited(whole);
    }
    this.state?.edit(whole);
    await this.afterEdit();
  }

  /** Takes a definition that was changed elsewhere; no step that can be undone here. */
  async replace(study: Study): Promise<void> {
    this.state?.replace(study);
    await this.afterEdit();
  }

  async undo(redo: boolean): Promise<void> {
    if (this.state?.undo(redo)) {
      await this.afterEdit();
    }
  }

  /** Another kind of task, or another language: its wording replaces the one that is there. */
  async setKind(kind: TaskKind, language: Task['language']): Promise<void> {
    const study = this.requireStudy();
    const { task } = study;
    // Examples that a person has touched stay; those that came with the old kind go with it.
    const touched =
      JSON.stringify(task.examples) !== JSON.stringify(presetTask(task.kind, task.language).examples);
    const model = study.models[0] as AskedModel;
    const preset = newStudy(study.id, study.title, study.input, model, kind, language);
    await this.edit({
      ...study,
      task: { ...preset.task, items: task.items, ...(touched ? { examples: task.examples } : {}) },
      sampling: { ...study.sampling, stop: preset.sampling.stop },
      edited: {},
    });
  }

  async addRow(to: 'examples' | 'items', row: Example | Item): Promise<void> {
    const study = this.requireStudy();
    await this.edit({ ...study, task: { ...study.task, [to]: [...study.task[to], row] } });
  }

  /** Adds rows of a pasted table. */
  async paste(to: 'examples' | 'items', text: string): Promise<{ added: number; skipped: number }> {
    const study = this.requireStudy();
    const table = readTable(text);
    const task = withRows(study.task, table, to);
    const added = task[to].length - study.task[to].length;
    if (added > 0) {
      await this.edit({ ...study, task });
    }
    return { added, skipped: table.skipped + table.rows.length - added };
  }

  /** Every cell of the test. */
  testCells(): CellAddress[] {
    return this.state?.cells('items') ?? [];
  }

  /** A cell that names no repeat is asked as often as the study says. */
  run(what: 'input' | 'items' | readonly CellAddress[]): void {
    const state = this.state;
    if (!state) {
      return;
    }
    if (this.progress.state === 'idle') {
      this.startRun(state);
    }
    this.runner.run(
      what === 'items'
        ? state.missing()
        : what === 'input'
          ? state.cells('input')
          : what.flatMap((cell) => (cell.repeat === undefined ? state.repeats(cell) : cell)),
    );
  }

  pause(pause: boolean): void {
    this.runner.pause(pause);
  }

  stop(): void {
    this.runner.stop();
  }

  async judge(cell: CellAddress, pass: boolean | null): Promise<void> {
    const judged = this.state?.judge(cell, pass);
    const id = this.state?.study.id;
    if (judged && id !== undefined) {
      const kept = this.services.journal.add(id, { verdict: judged });
      this.tell(judged);
      await kept;
    }
  }

  result(cell: CellAddress): CellResult | undefined {
    return this.state?.result(cell);
  }

  prompt(cell: CellAddress): Promise<ReadyPrompt> {
    return this.renderer.render(this.requireStudy(), cell);
  }

  /** Writes the input's prompts anew and counts their tokens. */
  async refresh(): Promise<void> {
    const turn = ++this.rendering;
    const state = this.state;
    this.services.changed();
    if (!state) {
      return;
    }
    if (state.identify(await modelIdentities(state.study, this.precision)) && state === this.state) {
      this.startRun(state);
      this.services.changed();
    }
    const cells: InputCell[] = [];
    for (const cell of state.prompts('input')) {
      cells.push(await this.inputCell(state.study, cell));
      if (turn !== this.rendering) {
        return;
      }
    }
    this.cells = cells;
    this.services.changed();
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    clearTimeout(this.streamTimer);
    this.rendering++;
    this.runner.dispose();
  }

  private async inputCell(study: Study, cell: CellAddress): Promise<InputCell> {
    try {
      const { prompt, model, shownExamples } = await this.renderer.render(study, cell);
      if (!isLocal(model)) {
        // Its tokenizer is not here.
        return { ...cell, prompt, numTokens: null, shownExamples };
      }
      const params = { model, owner: 'prompts', text: prompt.text };
      const { totalTokens } = await this.services.client.request(Tokenize, params);
      return { ...cell, prompt, numTokens: totalTokens, shownExamples };
    } catch (error) {
      if (isScopeError(error, 'cancelled')) {
        return { ...cell, prompt: null, numTokens: null, shownExamples: 0 };
      }
      const problem = this.services.describe(toScopeError(error));
      return { ...cell, prompt: null, numTokens: null, shownExamples: 0, problem };
    }
  }

  private startRun(state: StudyState): void {
    const { journal, circumstances } = this.services;
    journal.startRun?.(state.study.id, state.modelIdentities, circumstances?.(state.study));
  }

  private async afterEdit(): Promise<void> {
    const study = this.state?.study;
    if (study) {
      await this.services.journal.add(study.id, { study });
      await this.refresh();
    }
  }

  /** Tells the first word at once, and what follows in bundles. */
  private stream(cell: CellAddress, text: string): void {
    this.written.set(cellKey(cell), { cell, text });
    if (this.streamTimer === undefined) {
      this.tellWritten();
    }
  }

  private tellWritten(): void {
    this.streamTimer = undefined;
    if (this.written.size > 0 && !this.isDisposed) {
      this.written.forEach(({ cell, text }) => this.services.streamed(cell, text));
      this.written.clear();
      this.streamTimer = setTimeout(() => {
        this.tellWritten();
      }, streamMilliseconds);
    }
  }

  private async keep(result: CellResult): Promise<void> {
    // What was written of it on the way is not told after the answer itself.
    this.written.delete(cellKey(result));
    const { state } = this;
    if (state) {
      state.record(result);
      // Kept before anybody hears of it: what was seen once is there after a crash.
      const late = state.fingerprint(result) !== result.fingerprint;
      await this.services.journal.add(state.study.id, { result, late });
      this.tell(result);
    }
  }

  private tell(result: CellResult): void {
    this.fresh.push(result);
    this.scheduleUpdate();
  }

  private scheduleUpdate(): void {
    if (this.isDisposed) {
      // What still comes from the process after the page has closed is kept in the journal, but told to nobody.
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const results = this.fresh.splice(0).filter((result) => this.state?.result(result) !== undefined);
      const { progress } = this;
      this.services.cellsChanged({ results, ...this.summedUp(progress.state === 'running'), progress });
    }, updateMilliseconds);
  }

  /**
   * Thousands of answers take a while to be summed up; while more come in, that is done anew only for a tenth of the
   * time, so that the editor does not wait.
   * @param mayWait whether a summary will follow
   */
  private summedUp(mayWait: boolean): Pick<CellsUpdate, 'summary' | 'findings' | 'advice'> {
    const started = performance.now();
    const last = this.summed;
    if (mayWait && last && last.study === this.state?.study && started < last.until) {
      return { summary: last.summary, findings: last.findings, advice: last.advice ?? [] };
    }
    const summary = this.summary();
    const told = { summary, findings: this.findings(summary), advice: this.advice(summary) };
    const until = performance.now() + 9 * (performance.now() - started);
    this.summed = { ...told, study: this.state?.study, until };
    return told;
  }

  private requireStudy(): Study {
    if (!this.state) {
      throw new ScopeError('badRequest', 'no study');
    }
    return this.state.study;
  }
}

/** What a page sends is not trusted to be whole: two ways of the same name would share their answers. */
function checked(study: Study): Study {
  const ways = new Map(study.strategies.map((strategy) => [strategyId(strategy), strategy]));
  const models = new Map(study.models.map((model) => [model.id, model]));
  if (ways.size === 0 || models.size === 0) {
    throw new ScopeError('badRequest', 'a study needs a way of asking and a model');
  }
  return { ...study, strategies: [...ways.values()], models: [...models.values()] };
}

/** An id under which no other study is kept. */
export function newStudyId(): string {
  return `study-${Date.now().toString(36)}-${Math.floor(Math.random() * 36 ** 4).toString(36)}`;
}
