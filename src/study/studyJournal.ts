import { appendFile, mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CellResult, type Study, answerKey } from '../protocol/prompts';

/** A change of a study. */
export type Line = { readonly study: Study } | { readonly result: CellResult };

/** What a person knows a kept study by. */
export interface KeptStudy {
  readonly id: string;
  readonly title: string;
  readonly input: string;
  readonly numAnswers: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** Who keeps studies, as those who work on them know it. */
export type StudyKeeper = Pick<StudyJournal, 'begin' | 'add' | 'read' | 'recent'>;

/** Journals of studies that are no longer opened are kept this far. */
const mostJournals = 30;

/**
 * Keeps each study as a file to which every change and every finished answer is added as one line, so that
 * a window that closes, or a machine that stops, loses at most the line being written.
 */
export class StudyJournal {
  private last: Promise<void> = Promise.resolve();

  constructor(
    readonly folder: string,
    private readonly log: (message: string) => void,
  ) {}

  /** Writes a study anew, with what is known of it; forgets the oldest ones beyond a number. */
  begin(study: Study, results: readonly CellResult[]): Promise<void> {
    return this.next(async () => {
      await mkdir(this.folder, { recursive: true });
      const lines: Line[] = [{ study }, ...results.map((result) => ({ result }))];
      const path = this.path(study.id);
      await writeFile(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await rename(`${path}.new`, path);
      await this.forgetOldest();
    });
  }

  add(id: string, line: Line): Promise<void> {
    return this.next(() => appendFile(this.path(id), `${JSON.stringify(line)}\n`));
  }

  /** The study as it was last; undefined when there is none. A line that was not finished is left out. */
  async read(id: string): Promise<{ study: Study; results: CellResult[] } | undefined> {
    await this.last;
    const text = await readFile(this.path(id), 'utf8').catch(() => '');
    let study: Study | undefined;
    const results = new Map<string, CellResult>();
    for (const line of text.split('\n')) {
      const entry = parsed(line);
      if (entry && 'study' in entry) {
        study = entry.study;
      } else if (entry) {
        results.set(answerKey(entry.result), entry.result);
      }
    }
    return study && { study, results: [...results.values()] };
  }

  /** Deletes a study. @returns what brings it back */
  async remove(id: string): Promise<() => Promise<void>> {
    const path = this.path(id);
    let kept: { readonly text: string; readonly changed: Date } | undefined;
    await this.next(async () => {
      kept = { text: await readFile(path, 'utf8'), changed: (await stat(path)).mtime };
      await rm(path);
    });
    return async () => {
      const found = kept;
      if (found) {
        await this.next(async () => {
          await writeFile(path, found.text);
          await utimes(path, found.changed, found.changed);
        });
      }
    };
  }

  /** The studies that are kept, the last one first. */
  async recent(): Promise<KeptStudy[]> {
    await this.last;
    const names = await readdir(this.folder).catch(() => []);
    const kept = await Promise.all(
      names.filter((name) => name.endsWith('.jsonl')).map((name) => this.describe(name)),
    );
    return kept.filter((each) => each !== undefined).sort((a, b) => b.changed - a.changed);
  }

  private async describe(name: string): Promise<KeptStudy | undefined> {
    const found = await this.read(name.replace(/\.jsonl$/, ''));
    const times = await stat(join(this.folder, name)).catch(() => undefined);
    return (
      found &&
      times && {
        id: found.study.id,
        title: found.study.title,
        input: found.study.input,
        numAnswers: found.results.length,
        changed: times.mtimeMs,
      }
    );
  }

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.last;
  }

  private async forgetOldest(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.jsonl'));
    const dated = await Promise.all(
      names.map(async (name) => ({ name, time: (await stat(join(this.folder, name))).mtimeMs })),
    );
    const old = dated.sort((a, b) => b.time - a.time).slice(mostJournals);
    await Promise.all(old.map(({ name }) => rm(join(this.folder, name), { force: true })));
  }

  /** One write after the other; a full disk costs the memory of a run, not the run. */
  private next(write: () => Promise<void>): Promise<void> {
    this.last = this.last.then(write).catch((error: unknown) => {
      this.log(`The study could not be kept: ${String(error)}`);
    });
    return this.last;
  }

  private path(id: string): string {
    return join(this.folder, `${id.replace(/[^\w-]/g, '_')}.jsonl`);
  }
}

function parsed(line: string): Line | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && ('study' in entry || 'result' in entry)
      ? (entry as Line)
      : undefined;
  } catch {
    return undefined;
  }
}
