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
  isLocal,
} from '../protocol/prompts';
import { type ModelPlace, ignoredBy } from '../protocol/abilities';
import { AllProviders } from '../providers/allProviders';
import type { Providers } from '../providers/provider';
import type { InferenceClient } from '../worker/client';
import { AnswerGrader } from './answerGrader';
import type { Journal } from './journal';
import { modelIdentities } from './modelIdentity';
import { type ReadyPrompt, PromptRenderer } from './promptRenderer';
import { PromptRunner } from './promptRunner';
import { RunNews } from './runNews';
import { SentenceVectors } from './sentenceVectors';

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

/** One workbench: the study on it, its prompts, and the run. Knows nothing of the screen. */
export class PromptSession {
  private state: StudyState | undefined;
  private cells: readonly InputCell[] = [];
  private rendering = 0;
  readonly renderer: PromptRenderer;
  private readonly runner: PromptRunner;
  private readonly news: RunNews;
  private readonly providers: Providers;

  constructor(private readonly services: PromptSessionServices) {
    this.providers = services.providers ?? new AllProviders(services.client);
    const { client, encoder } = services;
    this.news = new RunNews(this, services);
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
      streamed: (cell, text) => this.news.writes(cell, text),
      progressed: () => this.news.soon(),
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
      this.news.answered(judged);
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
    this.news.dispose();
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

  private async keep(result: CellResult): Promise<void> {
    this.news.written(result);
    const { state } = this;
    if (state) {
      state.record(result);
      // Kept before anybody hears of it: what was seen once is there after a crash.
      const late = state.fingerprint(result) !== result.fingerprint;
      await this.services.journal.add(state.study.id, { result, late });
      this.news.answered(result);
    }
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
