import type { ErrorData } from './errors';
import { NotificationType, RequestType } from './requestType';
import type { TrainFacts, TrainLook, TrainProgress, TrainSettings } from './train';
import type { TrainStrings } from './trainStrings';

/** The wire between the extension host and the page on which a tiny transformer is trained. */

/** Steps in a second that can be asked for; null: as many as the machine does. */
export const trainSpeeds = [null, 20, 5, 1] as const;
export type TrainSpeed = (typeof trainSpeeds)[number];

/** One press of Start goes on for so many steps; nothing computes for ever because somebody looked away. */
export const stepsPerStart = 1000;

/** An experiment: settings, and texts under these names in the strings. */
export interface OfferedPreset {
  readonly id: string;
  readonly settings: TrainSettings;
}

/** The curve of a run that was left, to compare with. */
export interface EarlierRun {
  readonly settings: TrainSettings;
  /** Float32, one loss a step. */
  readonly losses: ArrayBuffer;
}

export interface TrainView {
  readonly settings: TrainSettings;
  /** The experiment that these settings are; null: settings of one's own. */
  readonly preset: string | null;
  readonly speed: TrainSpeed;
  readonly facts: TrainFacts;
  /** The last ones, the newest first. */
  readonly earlier: readonly EarlierRun[];
  /** Where the run stood that a restart of VS Code has ended; the same seed repeats it. Null: there was none. */
  readonly lostAt: number | null;
}

export interface TrainSnapshot extends TrainView {
  readonly locale: string;
  readonly strings: TrainStrings;
  readonly presets: readonly OfferedPreset[];
  readonly progress: TrainProgress;
}

const request = <P, R>(method: string): RequestType<P, R, ErrorData> =>
  new RequestType<P, R, ErrorData>(`trainPage/${method}`);

export const TrainReady = request<Record<string, never>, TrainSnapshot>('ready');
/** Begins anew with other settings; a run that went on goes on with them. */
export const ChangeSettings = request<
  { readonly settings: TrainSettings; readonly preset: string | null },
  null
>('settings');
/** `repeat` goes on to where the run stood that was lost. */
export type TrainAction = 'start' | 'pause' | 'step' | 'reset' | 'repeat';
export const Train = request<{ readonly action: TrainAction }, null>('do');
export const ChangeSpeed = request<{ readonly speed: TrainSpeed }, null>('speed');
/** Puts a typed question on show, or (null) a drawn one. Answers whether it is a question of this task. */
export const AskTyped = request<{ readonly question: string | null }, { readonly accepted: boolean }>('ask');
/** The question on show, as it was answered after an earlier step. */
export const LookAtStep = request<{ readonly step: number }, TrainLook>('look');

/** A run was begun: everything on show is its. */
export const TrainBegun = new NotificationType<TrainView & { readonly progress: TrainProgress }>(
  'trainPage/begun',
);
export const TrainAdvanced = new NotificationType<TrainProgress>('trainPage/advanced');
/** Another question is on show. */
export const TrainAsked = new NotificationType<{ readonly question: string; readonly look: TrainLook }>(
  'trainPage/asked',
);
export const TrainSpeedChanged = new NotificationType<{ readonly speed: TrainSpeed }>('trainPage/speeds');
/** The process has ended; nothing goes on until a run is begun anew. */
export const TrainFailed = new NotificationType<{ readonly detail: string }>('trainPage/failed');
