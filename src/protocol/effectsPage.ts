import type { ExampleName } from '../attention/effectExamples';
import type { ExampleScore } from './effects';
import type { ErrorData } from './errors';
import { NotificationType, RequestType } from './requestType';

/** What the attention page asks about effects, between it and the extension host. */

/** Any request of `protocol/effects` by its method; model and owner are the host's to say. */
export const PageEffects = new RequestType<
  { readonly method: string; readonly params: unknown },
  unknown,
  ErrorData
>('effects');
export const PageEffectsProgress = new NotificationType<{ readonly done: number; readonly total: number }>(
  'effects/progress',
);
/** How well the model on show does an example. */
export const PageExampleScore = new RequestType<{ readonly example: ExampleName }, ExampleScore, ErrorData>(
  'effects/example',
);
/** Shows the first prompt of an example, by the model on show. */
export const OpenExample = new RequestType<{ readonly example: ExampleName }, null, ErrorData>(
  'effects/open',
);

/** A run that was made to look at effects: what to measure at its last token. */
export interface EffectsOpening {
  readonly example: ExampleName;
  /** Text of one token each, with its space. */
  readonly target: string;
  readonly contrast: string;
}
