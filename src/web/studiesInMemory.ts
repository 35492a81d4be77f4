import type { KeptStudy } from '../archive/keptStudy';
import type { StudyKeeper } from '../archive/studyArchive';
import type { JournalLine } from '../study/journal';
import { type CellResult, type Study, answerKey } from '../protocol/prompts';

/** Keeps studies for as long as the window is open: in the browser there is no folder for journals. */
export class StudiesInMemory implements StudyKeeper {
  private readonly studies = new Map<
    string,
    { study: Study; readonly results: Map<string, CellResult>; changed: number }
  >();

  begin(study: Study, results: readonly CellResult[]): Promise<void> {
    const byKey = new Map(results.map((result) => [answerKey(result), result]));
    this.studies.set(study.id, { study, results: byKey, changed: Date.now() });
    return Promise.resolve();
  }

  add(id: string, line: JournalLine): Promise<void> {
    const kept = this.studies.get(id);
    if (kept) {
      kept.changed = Date.now();
      if ('study' in line) {
        kept.study = line.study;
      } else {
        const result = 'result' in line ? line.result : line.verdict;
        kept.results.set(answerKey(result), result);
      }
    }
    return Promise.resolve();
  }

  read(id: string): Promise<{ study: Study; results: CellResult[] } | undefined> {
    const kept = this.studies.get(id);
    return Promise.resolve(kept && { study: kept.study, results: [...kept.results.values()] });
  }

  /** The latest first. */
  recent(): Promise<KeptStudy[]> {
    const studies = [...this.studies.values()].map(
      ({ study: { id, title, input }, results, changed }): KeptStudy => ({
        id,
        title,
        input,
        numAnswers: results.size,
        changed,
      }),
    );
    return Promise.resolve(studies.sort((a, b) => b.changed - a.changed));
  }
}
