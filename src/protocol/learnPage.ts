import type { ErrorData } from './errors';
import { NotificationType, RequestType } from './requestType';
import type { LearnStrings } from './learnStrings';

/** The wire between the extension host and the page of the course, in the reader's language. */

export interface LearnStep {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly look: string;
  readonly done: boolean;
}

export interface LearnChapter {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly steps: readonly LearnStep[];
}

export interface LearnSnapshot {
  readonly strings: LearnStrings;
  readonly chapters: readonly LearnChapter[];
}

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`learn/${method}`);

export const LearnReady = request<Record<string, never>, LearnSnapshot>('ready');
/** Does what the step is about. */
export const DoStep = request<{ readonly id: string }, null>('do');
/** What the reader says of a step, whatever happened. */
export const MarkStep = request<{ readonly id: string; readonly done: boolean }, null>('mark');
/** Begins the course anew. */
export const ResetCourse = request<Record<string, never>, null>('reset');
export const LearnChanged = new NotificationType<LearnSnapshot>('learn/changed');
