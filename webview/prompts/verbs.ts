import type { MessageConnection, RequestType } from '../../src/protocol/jsonrpc';
import type { ErrorData } from '../../src/protocol/errors';
import {
  type CopyFormat,
  EditStudy,
  ExportStudy,
  InspectCell,
  JudgeCell,
  OpenBundledTask,
  OpenSuiteLine,
  PasteRows,
  PauseRun,
  PerformPrompt,
  type PromptAction,
  RenderCell,
  RunCells,
  SetTaskKind,
  ShowCellAttention,
  StopRun,
  UndoEdit,
  UseCell,
} from '../../src/protocol/promptPage';
import {
  type CellAddress,
  type Study,
  type Task,
  type TaskKind,
  promptKey,
} from '../../src/protocol/prompts';
import { ask } from '../../src/protocol/rpc';
import { fill } from '../common/format';
import type { Store } from './store';

/** What the page's controls do. A failure is told in the notice line. */
export class Verbs {
  constructor(
    private readonly connection: MessageConnection,
    private readonly store: Store,
  ) {}

  edit(change: Partial<Study>): void {
    const { study } = this.store;
    if (study) {
      void this.send(EditStudy, { study: { ...study, ...change } });
    }
  }

  editTask(change: Partial<Task>): void {
    const { study } = this.store;
    if (study) {
      this.edit({ task: { ...study.task, ...change } });
    }
  }

  setKind(kind: TaskKind, language: Task['language']): void {
    void this.send(SetTaskKind, { kind, language });
  }

  undo(redo: boolean): void {
    void this.send(UndoEdit, { redo });
  }

  run(what: 'input' | 'items' | readonly CellAddress[]): void {
    void this.send(RunCells, { what });
  }

  pause(pause: boolean): void {
    void this.send(PauseRun, { pause });
  }

  stop(): void {
    void this.send(StopRun, {});
  }

  judge(cell: CellAddress, pass: boolean | null): void {
    void this.send(JudgeCell, { cell: address(cell), pass });
  }

  /** Keeps a prompt that a person wrote over the rendered one; null goes back. */
  editPrompt(cell: CellAddress, text: string | null): void {
    const { study } = this.store;
    if (study) {
      const others = Object.fromEntries(
        Object.entries(study.edited).filter(([key]) => key !== promptKey(cell)),
      );
      this.store.editing = null;
      this.edit({ edited: text === null ? others : { ...others, [promptKey(cell)]: text } });
    }
  }

  async open(cell: CellAddress): Promise<void> {
    this.store.opened = { cell, prompt: null };
    this.store.changed();
    const prompt = await this.send(RenderCell, { cell: address(cell) });
    if (prompt && this.store.opened.cell === cell) {
      this.store.opened = { cell, prompt };
      this.store.changed();
    }
  }

  async inspect(cell: CellAddress): Promise<void> {
    this.store.inspection = { cell, found: null, failed: false };
    this.store.changed();
    const found = await this.send(InspectCell, { cell: address(cell) });
    if (this.store.inspection.cell === cell) {
      this.store.inspection = { cell, found: found ?? null, failed: found === undefined };
      this.store.changed();
    }
  }

  attention(cell: CellAddress): void {
    void this.send(ShowCellAttention, { cell: address(cell) });
  }

  async use(
    cell: CellAddress,
    what: 'prompt' | 'answer',
    how: 'insert' | 'copy',
    format: CopyFormat = 'text',
  ): Promise<void> {
    const done = await this.send(UseCell, { cell: address(cell), what, how, format });
    if (done !== undefined && how === 'copy') {
      this.store.say(this.store.snapshot.strings.copied);
    }
  }

  async paste(to: 'examples' | 'items', text: string): Promise<void> {
    const done = await this.send(PasteRows, { to, text });
    if (done) {
      this.store.say(fill(this.store.snapshot.strings.pasted, done.added, done.skipped));
    }
  }

  openTask(id: string): void {
    void this.send(OpenBundledTask, { id });
  }

  async exportReport(format: 'md' | 'html', language: 'en' | 'zh'): Promise<void> {
    const done = await this.send(ExportStudy, { format, language });
    if (done?.saved) {
      this.store.say(this.store.snapshot.strings.saved);
    }
  }

  /** Shows a suite's text at a line. */
  openLine(line: number): void {
    void this.send(OpenSuiteLine, { line });
  }

  perform(action: PromptAction): void {
    void this.send(PerformPrompt, { action });
  }

  /** Undefined where the host could not; that is told in the notice line. */
  async send<P, R>(type: RequestType<P, R, ErrorData>, params: P): Promise<R | undefined> {
    try {
      return await ask(this.connection, type, params);
    } catch {
      // The host has told what it was.
      this.store.say(this.store.snapshot.strings.failed);
      return undefined;
    }
  }
}

/** Without what a result carries beside its address. */
function address({ strategy, item, model, repeat }: CellAddress): CellAddress {
  return { strategy, item, model, ...(repeat === undefined ? {} : { repeat }) };
}
