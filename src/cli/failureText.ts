import type { ErrorCode, ScopeError } from '../protocol/errors';
import type { Translate } from './words';

/** A failure as a person at a terminal is told it; the same sentences as in the editor. */
export function failureText({ code, detail }: ScopeError, t: Translate): string {
  const sentence = sentences(t)[code] ?? t('Something went wrong inside Transformer Scope.');
  return detail === undefined ? sentence : `${sentence} (${detail})`;
}

/** What can happen where there is no editor, no page and no network. */
function sentences(t: Translate): Partial<Record<ErrorCode, string>> {
  return {
    modelMissing: t('The model’s files were not found.'),
    modelCorrupt: t('The model could not be read; its file may be damaged or incomplete.'),
    tokenizerFailed: t('The model’s tokenizer could not be read.'),
    inferenceFailed: t('The model failed while computing.'),
    outOfMemory: t('Out of memory. Try a shorter text or a smaller model.'),
    workerDied: t('The inference process ended unexpectedly. The next attempt starts a new one.'),
    workerUnavailable: t('The inference process could not be started.'),
    writeFailed: t('The file could not be written.'),
    studyUnreadable: t('This is not a prompt study that can be read.'),
    modelElsewhere: t('Only a model on this computer can be inspected; this one runs elsewhere.'),
    cancelled: t('Stopped.'),
    badRequest: t('The suite has no such part.'),
  };
}
