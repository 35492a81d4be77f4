import * as vscode from 'vscode';
import type { Chapter } from '../learn/course';
import type { Deed } from '../learn/deeds';
import { attempt, listOf, text } from '../protocol/shape';

const memoryKey = 'course.done';

/** Which steps of the course are done; kept for good, and taken along by Settings Sync. */
export class CourseProgress implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.emitter.event;

  constructor(
    /** Much text, which is read when something may be noted. */
    private readonly course: () => Promise<readonly Chapter[]>,
    private readonly memory: vscode.Memento & { setKeysForSync?(keys: readonly string[]): void },
  ) {
    this.memory.setKeysForSync?.([memoryKey]);
  }

  isDone(id: string): boolean {
    return this.done().includes(id);
  }

  /** Completes the steps that something which happened is the point of. */
  async note(deed: Deed): Promise<void> {
    const { stepsDoneBy } = await import('../learn/course');
    const more = stepsDoneBy(await this.course(), deed).filter((id) => !this.isDone(id));
    if (more.length > 0) {
      await this.keep([...this.done(), ...more]);
    }
  }

  async mark(id: string, done: boolean): Promise<void> {
    const others = this.done().filter((each) => each !== id);
    await this.keep(done ? [...others, id] : others);
  }

  reset(): Promise<void> {
    return this.keep([]);
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private done(): readonly string[] {
    return attempt(listOf(text(100), 10_000), this.memory.get(memoryKey)) ?? [];
  }

  private async keep(done: readonly string[]): Promise<void> {
    await this.memory.update(memoryKey, done);
    this.emitter.fire();
  }
}
