import type { TextRange } from './attention';
import type { Agreement, ClozeSide, DetectedText, MaskedExample } from './compare';
import type { ModelSource } from './model';
import { modelRequests } from './modelRequest';
import type { Architecture } from './architecture';

/** What the inference process measures for a comparison of models: many passes behind one request. */

const request = modelRequests('measure');

/**
 * How well a model expects each word of a text, and each token. Words that the model does not read any more
 * are `badRequest`: a text that is to be measured must fit.
 */
export const ScoreWords = request<{ readonly text: string; readonly words: readonly TextRange[] }, ClozeSide>(
  'words',
);

/** One training example of masked language modelling; the same seed masks the same tokens. */
export const MaskText = request<{ readonly text: string; readonly seed: number }, MaskedExample>('mask');

/**
 * Words drawn by a masked language model in the place of some of a text, the generator's part in ELECTRA's training
 * (Clark et al. 2020); null for a word that the model does not read any more. The same seed draws the same words.
 */
export const SampleWords = request<
  { readonly text: string; readonly words: readonly TextRange[]; readonly seed: number },
  readonly (string | null)[]
>('sampleWords');

/** How likely each token of a text is a replaced one, to a model with the head for that (Clark et al. 2020). */
export const DetectReplaced = request<{ readonly text: string }, DetectedText>('detectReplaced');

/** How far two masked language models with one vocabulary say the same of each word of a text. */
export const CompareMasked = request<
  { readonly other: ModelSource; readonly text: string; readonly words: readonly TextRange[] },
  Agreement
>('agreement');

/** Cosines between the mean states of texts, for every layer. */
export const CompareTexts = request<
  { readonly texts: readonly string[] },
  { readonly numLayers: number; readonly cosines: ArrayBuffer }
>('cosines');

/** Reads what a model is made of; nothing is run. */
export const DescribeModel = request<Record<never, never>, Architecture>('describe');
