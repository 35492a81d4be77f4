import { NotificationType } from './requestType';
import type { Candidate } from './language';
import { modelRequests } from './modelRequest';

/** What in a model causes its prediction: parts are switched off while it reads, and the answer is compared. */

/** Which prediction is looked at: of a masked model the token at `position`, of a causal one that behind it. */
export interface EffectPlace {
  readonly runId: number;
  readonly position: number;
}

/**
 * What is measured. With a contrast: how far the target's logit lies above the contrast's (Wang et al. 2022). Without:
 * how far it lies above the mean over the vocabulary, since a softmax does not see what all logits have in common.
 */
export interface EffectTarget {
  readonly targetId: number;
  readonly contrastId?: number;
}

/** What is done to a head. `other…`: what it gave, or where it looked, in another text of as many tokens. */
export const headChanges = ['zero', 'mean', 'uniform', 'otherOutput', 'otherPattern'] as const;
export type HeadChange = (typeof headChanges)[number];

export interface HeadPlace {
  readonly layer: number;
  readonly head: number;
}

/** What is changed at once. */
export interface EffectEdits {
  readonly change: HeadChange;
  readonly heads: readonly HeadPlace[];
  /** Tokens that no token may look at, in every layer. */
  readonly keys: readonly number[];
  /** Changes heads only where the prediction is made; else at every token. */
  readonly onlyAtPosition: boolean;
  /** For `other…`. */
  readonly otherText?: string;
}

/** Why a head's direct contribution cannot be told. */
export type DirectObstacle = 'postNorm' | 'normBehind' | 'notFound' | 'notLinear';

/** The prediction as it is, before anything is changed. */
export interface EffectBase {
  readonly head: 'masked' | 'causal';
  readonly numLayers: number;
  readonly numHeads: number;
  /** The tokens that were read: of a causal model those up to the position. */
  readonly numTokens: number;
  /** Likeliest first. */
  readonly candidates: readonly ScoredCandidate[];
  /** The token that stands there; null behind the last. */
  readonly actual: ScoredCandidate | null;
  /** Whether rows of attention can be changed; where a fused operator hides them, only heads can be switched off. */
  readonly changesAttention: boolean;
  readonly direct: 'yes' | DirectObstacle;
  /** Int8: activations are rounded too, so that effects below some hundredths are noise. */
  readonly rounds: boolean;
}

/** A token with its place in the answer. */
export interface ScoredCandidate extends Candidate {
  readonly logit: number;
  /** 1 for the likeliest. */
  readonly rank: number;
}

/** An answer after a change, beside what is measured. */
export interface EffectAnswer {
  readonly candidates: readonly ScoredCandidate[];
  readonly target: ScoredCandidate;
  readonly contrast: ScoredCandidate | null;
  readonly measure: number;
}

/** Every head changed alone. Effects are the measure before less the measure after: what the head was good for. */
export interface HeadEffects {
  /** The measure with nothing changed. */
  readonly measure: number;
  /** Float32 `[layers, heads]`. */
  readonly heads: ArrayBuffer;
  /** Float32 `[layers]`: all heads of a layer at once. */
  readonly layers: ArrayBuffer;
}

/** What each head adds to the measure by the residual stream alone, the final norm's scale held fast. */
export interface DirectEffects {
  readonly measure: number;
  /** Float32 `[layers, heads]`. */
  readonly heads: ArrayBuffer;
  /** What embeddings, feed-forward layers and biases add: the measure less all heads. */
  readonly rest: number;
}

/** The measure with a token, or the tokens of a word, less the measure without. */
export interface OcclusionEffects {
  readonly measure: number;
  /** `mask`: each is replaced by the mask token; `removed`: it is left out of the text. */
  readonly how: 'mask' | 'removed';
  /** Float32 `[tokens]`; NaN where nothing can be taken out. */
  readonly tokens: ArrayBuffer;
}

/** ‖f(x)‖ of Kobayashi et al. (2020): the length of each token's value behind the output projection. */
export interface ValueNorms {
  /** Float32 `[layers, heads, tokens]`. */
  readonly norms: ArrayBuffer;
  readonly numTokens: number;
  /** Float32 `[layers, heads, tokens]`: the weights of the row that predicts. */
  readonly weights: ArrayBuffer;
}

/** A prompt whose next token is known. */
export interface ExamplePrompt {
  readonly text: string;
  /** Text of one token each, with its space. */
  readonly target: string;
  readonly contrast: string;
}

/** How well a model does an example, from the prompts whose target and contrast are single tokens of it. */
export interface ExampleScore {
  readonly numPrompts: number;
  /** How often the target's logit lies above the contrast's. */
  readonly numAbove: number;
  /** How often the target is the likeliest of the whole vocabulary. */
  readonly numFirst: number;
  /** Of target less contrast. */
  readonly meanDifference: number;
  /** Float32 `[layers, heads]`: what each head adds to that difference directly, the mean over all prompts. */
  readonly direct: { readonly heads: ArrayBuffer; readonly numHeads: number } | null;
}

const request = modelRequests('effects');

export type RankParams = EffectPlace &
  EffectTarget &
  Pick<EffectEdits, 'change' | 'onlyAtPosition' | 'otherText'>;

export const PredictBase = request<EffectPlace & { readonly topK: number }, EffectBase>('base');
/** Tokens by their text, e.g. ` Mary`; null where it is not one token of the model. */
export const FindTokens = request<{ readonly texts: readonly string[] }, readonly (Candidate | null)[]>(
  'tokens',
);
export const PredictEdited = request<
  EffectPlace & EffectTarget & { readonly edits: EffectEdits; readonly topK: number },
  EffectAnswer
>('edited');
export const RankHeads = request<RankParams, HeadEffects>('rank');
export const DirectOfHeads = request<EffectPlace & EffectTarget, DirectEffects>('direct');
export const Occlude = request<
  EffectPlace &
    EffectTarget & {
      /** Of each token of the run: tokens of the same number are taken out together. */
      readonly groups: readonly number[];
    },
  OcclusionEffects
>('occlude');
export const NormsOfValues = request<EffectPlace, ValueNorms>('norms');
export const ScoreExample = request<{ readonly prompts: readonly ExamplePrompt[] }, ExampleScore>('example');

/** How far a long request of an owner is. */
export const EffectsProgress = new NotificationType<{
  readonly owner: string;
  readonly done: number;
  readonly total: number;
}>('effects/progress');
