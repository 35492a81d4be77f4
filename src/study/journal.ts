import type { RunCircumstances } from '../protocol/promptRuns';
import type { CellResult, Study } from '../protocol/prompts';

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
