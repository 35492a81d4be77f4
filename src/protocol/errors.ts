/**
 * The failures that a person can meet, as codes that survive both wires.
 * The host turns a code into a sentence in the reader's language (`host/errorText.ts`).
 */
export type ErrorCode =
  | 'cancelled'
  | 'noEditor'
  | 'emptyText'
  | 'binaryText'
  | 'pictureUnreadable'
  | 'modelMissing'
  | 'modelCorrupt'
  | 'modelUnsupported'
  | 'tokenizerFailed'
  | 'inferenceFailed'
  | 'outOfMemory'
  | 'workerDied'
  | 'workerUnavailable'
  | 'runExpired'
  | 'headMissing'
  | 'needsTwoTexts'
  | 'needsTwoSelections'
  | 'tooManyTexts'
  | 'lengthsDiffer'
  | 'selectionTooLong'
  | 'emptyClipboard'
  | 'textChanged'
  | 'readOnlyText'
  | 'tooShort'
  | 'ghostTextOff'
  | 'writeFailed'
  | 'studyUnreadable'
  | 'modelElsewhere'
  | 'serverUnset'
  | 'serverUnsafe'
  | 'serverUnreachable'
  | 'serverSilent'
  | 'serverKey'
  | 'serverBusy'
  | 'serverRefused'
  | 'serverAnswer'
  | 'editorModelGone'
  | 'editorModelRefused'
  | 'badModelId'
  | 'modelIncomplete'
  | 'hubOffline'
  | 'hubNeedsToken'
  | 'hubGated'
  | 'hubNotFound'
  | 'hubBusy'
  | 'hubFailed'
  | 'hubPretender'
  | 'hubWrongContent'
  | 'hubNoGraphs'
  | 'diskFull'
  | 'expressionFailed'
  | 'expressionRefused'
  | 'badRequest'
  | 'internal';

/** What travels in the `data` field of a JSON-RPC error. */
export interface ErrorData {
  readonly code: ErrorCode;
  /** One technical phrase (a file, a tensor, a number), shown after the translated sentence. */
  readonly detail?: string;
}

/** The one error class of the project. `message` is for the log; `code` and `detail` are for people. */
export class ScopeError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail?: string,
    options?: { cause?: unknown },
  ) {
    super(detail === undefined ? code : `${code}: ${detail}`, options);
    this.name = 'ScopeError';
  }

  /** The part that crosses a wire. */
  toData(): ErrorData {
    return this.detail === undefined ? { code: this.code } : { code: this.code, detail: this.detail };
  }
}

/** Whether `error` is ours, and (when given) has that code. */
export function isScopeError(error: unknown, code?: ErrorCode): error is ScopeError {
  return error instanceof ScopeError && (code === undefined || error.code === code);
}

/** Wraps whatever was thrown; a `ScopeError` passes unchanged. */
export function toScopeError(error: unknown, fallback: ErrorCode = 'internal'): ScopeError {
  if (error instanceof ScopeError) {
    return error;
  }
  const text = error instanceof Error ? error.message : String(error);
  return new ScopeError(fallback, text, { cause: error });
}
