import { NotificationType } from './requestType';
import type { Token } from './model';
import { modelRequests } from './modelRequest';

/** What the inference process does with a language model, and what each task answers. */

/** A token that the model would put somewhere. */
export interface Candidate {
  readonly id: number;
  readonly piece: string;
  /** What the token adds to a text, with its space where it begins a word; empty for a special token. */
  readonly text: string;
  /** Over the full vocabulary, temperature 1. */
  readonly probability: number;
}

/** One masked place and what belongs there, likeliest first. */
export interface FilledMask {
  /** Index into the tokens. */
  readonly position: number;
  /** Where the mask stands in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

/** How the next token is drawn; absent settings change nothing. */
export interface SamplingOptions {
  /** 0 takes the likeliest token; 1 samples from the model's own distribution. */
  readonly temperature?: number;
  /** Keeps the k likeliest tokens (Fan et al. 2018); 0 keeps all. */
  readonly topK?: number;
  /** Keeps the smallest set of tokens with this much probability (Holtzman et al. 2020); 1 keeps all. */
  readonly topP?: number;
  /** Keeps tokens at least this fraction as likely as the likeliest (Nguyen et al. 2024); 0 keeps all. */
  readonly minP?: number;
  /** Divides what seen tokens gain over the rest (CTRL, Keskar et al. 2019); 1 changes nothing. */
  readonly repetitionPenalty?: number;
}

export interface GenerationOptions extends SamplingOptions {
  readonly maxNewTokens?: number;
  /** Generation ends before the first of these appears in the new text. */
  readonly stop?: readonly string[];
  /** 32 bits; drawn, and told in the result, when absent. */
  readonly seed?: number;
  /** How many of the likeliest tokens each step reports. */
  readonly alternatives?: number;
  /** False computes every step from the whole text, for comparison. */
  readonly useCache?: boolean;
  /** Of a prompt that is too long the end is read; else it is refused. */
  readonly keepEnd?: boolean;
  /**
   * How much of the prompt, in UTF-16 units, other prompts begin with too. It is read by itself and kept, so that
   * the next of them is read from there.
   */
  readonly sharedPrefix?: number;
}

/** One step. Probabilities are the model's own: full vocabulary, temperature 1, nothing filtered. */
export interface GeneratedToken {
  readonly id: number;
  readonly piece: string;
  /** What this token adds to the readable text; empty while a character or a stop string is unfinished. */
  readonly text: string;
  /** Nats. */
  readonly logProbability: number;
  readonly alternatives: readonly Candidate[];
  /** Of the full distribution; only where alternatives were asked for. */
  readonly entropyBits?: number;
}

export interface Generation {
  /** The new text, without prompt, end token and stop string. */
  readonly text: string;
  readonly tokens: readonly GeneratedToken[];
  readonly numPromptTokens: number;
  /** Tokens at the beginning of the prompt that were not read (`keepEnd`). */
  readonly numDroppedTokens: number;
  /** `length`: as many as asked; `context`: the model reads no further. */
  readonly finish: 'end' | 'stop' | 'length' | 'context' | 'cancelled';
  readonly seed: number;
  readonly usedCache: boolean;
  /** Tokens of the prompt that were kept from an earlier one and not read again. */
  readonly numReusedTokens?: number;
  /** Reading the prompt. */
  readonly promptMilliseconds: number;
  /** Everything after it. */
  readonly tokenMilliseconds: number;
}

/** How well a model expected one token of a text. */
export interface TokenScore {
  /** `-log2 p(token | context)`, over the full vocabulary at temperature 1. */
  readonly surprisalBits: number;
  /** 1 for the token that the model expected most. */
  readonly rank: number;
  /** What the model expected there, likeliest first; as many as were asked for. */
  readonly alternatives: readonly Candidate[];
}

/** How well a model expected a text. */
export interface TextScore {
  /** Of the text itself, without the special tokens that a model puts around it. */
  readonly tokens: readonly Token[];
  /** One per token; null where nothing was predicted: special tokens, and the first without anything before it. */
  readonly scores: readonly (TokenScore | null)[];
  /** Natural logarithm of the text's probability: the sum over the scored tokens. */
  readonly logLikelihood: number;
  readonly numScored: number;
  /** `exp(-logLikelihood / numScored)`. */
  readonly perplexity: number;
  /** `left`: given what stands before. `both`: given everything else (pseudo-likelihood). */
  readonly context: 'left' | 'both';
  /** Tokens of the whole text; more than `tokens` when no more were to be scored. */
  readonly totalTokens: number;
  /** A text that is longer than `windowTokens` is read in several windows that overlap by half. */
  readonly numWindows: number;
  readonly windowTokens: number;
  /** Tokens before the text that were read with it. */
  readonly numContextTokens: number;
}

/** How likely a continuation is after a prompt. */
export interface ContinuationScore {
  /** Natural logarithm of `p(continuation | prompt)`. */
  readonly logLikelihood: number;
  readonly numTokens: number;
}

/** What a sequence classifier thinks of a text, likeliest first. */
export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** A text as tokens, special ones around it included. */
export interface TokenizedText {
  readonly tokens: readonly Token[];
  readonly totalTokens: number;
  /** The most tokens that the model reads; null where it states none. */
  readonly maxTokens: number | null;
}

/** One vector for a text: the mean over its tokens, special ones included. Not normalised. */
export interface Embedding {
  /** Float32, `[width]`. */
  readonly vector: ArrayBuffer;
  /** What was averaged: the last layer's output, or its input where the graph does not give its output. */
  readonly state: 'afterLastLayer' | 'beforeLastLayer';
  readonly numTokens: number;
  /** More than `numTokens` when the text was longer than the model reads. */
  readonly totalTokens: number;
}

/** What a model would put at a place in a text. */
export interface Prediction {
  /** `masked`: from both sides; `causal`: only from what stands before. */
  readonly head: 'masked' | 'causal';
  /** Likeliest first; `text` is what is to be inserted, with a space where one is missing. */
  readonly candidates: readonly Candidate[];
}

/** What a model expects at one token of a text. */
export interface TokenPrediction {
  /** `masked`: the token at `position`; `causal`: the token behind it. */
  readonly head: 'masked' | 'causal';
  readonly position: number;
  /** Likeliest first; `drawn` is the probability that the sampling settings leave, 0 where they cut it off. */
  readonly candidates: readonly (Candidate & { readonly drawn: number })[];
  /** The token that stands there; null behind the last. `rank` counts from 1. */
  readonly actual: {
    readonly id: number;
    readonly piece: string;
    readonly probability: number;
    readonly rank: number;
  } | null;
}

/** What a model would answer after some of its layers. */
export interface LayerPrediction {
  /** Layers that were passed: 0 is the embedding, the number of layers the model's own answer. */
  readonly layer: number;
  /** Likeliest first; probabilities are over the full vocabulary at temperature 1. */
  readonly candidates: readonly Candidate[];
  readonly entropyBits: number;
  /** The token that stands there; null behind the last. */
  readonly actual: TokenPrediction['actual'];
}

/** The logit lens (nostalgebraist 2020) at one token: final norm and unembedding behind every layer. */
export interface LensReading {
  /** `masked`: the token at `position`, which is masked for it; `causal`: the token behind it. */
  readonly head: 'masked' | 'causal';
  readonly tokens: readonly Token[];
  readonly position: number;
  /** One more than the model has layers. */
  readonly layers: readonly LayerPrediction[];
}

/** Two texts as one sequence, in the order in which they are read. */
interface TextPair {
  readonly first: string;
  readonly second: string;
}

const request = modelRequests('language');

/** The text as the model's tokenizer divides it, without a limit; no graph is loaded for it. */
export const Tokenize = request<{ text: string }, TokenizedText>('tokenize');
/** How many tokens texts have together, special tokens not counted. */
export const CountTokens = request<
  { texts: readonly string[] },
  { numTokens: number; maxTokens: number | null }
>('countTokens');
export const Predict = request<{ before: string; after: string; topK: number }, Prediction>('predict');
export const FillMask = request<{ text: string; topK: number }, readonly FilledMask[]>('fillMask');
export const NextToken = request<{ text: string; topK: number }, readonly Candidate[]>('nextToken');
export const NextSentence = request<TextPair, { probability: number }>('nextSentence');

/** Scores each token of a text, however long it is. */
export const Score = request<
  {
    readonly text: string;
    /** What stands before it, which a causal model reads too. */
    readonly before?: string;
    /** How many of the likeliest tokens are told of each place. */
    readonly topK?: number;
    readonly maxTokens?: number;
  },
  TextScore
>('score');
export const TokensScored = new NotificationType<{
  readonly owner: string;
  readonly done: number;
  readonly total: number;
}>('language/scored');
export const ScoreContinuation = request<{ prompt: string; continuation: string }, ContinuationScore>(
  'scoreContinuation',
);
export const Classify = request<{ text: string }, readonly LabelProbability[]>('classify');
export const Embed = request<{ text: string }, Embedding>('embed');

/** What every layer would answer at a token of the text; of a longer text the model's window is read. */
export const LogitLens = request<{ text: string; position: number; topK: number }, LensReading>('logitLens');

/** A conversation as the model reads it, by its own chat template; null when it states none (a base model). */
export const RenderChat = request<
  { messages: readonly { readonly role: string; readonly content: string }[] },
  { readonly text: string } | null
>('renderChat');

/** Continues a prompt; each token is told by {@link TokenGenerated} as it comes. */
export const Generate = request<{ prompt: string; options: GenerationOptions }, Generation>('generate');
export const TokenGenerated = new NotificationType<{
  readonly owner: string;
  readonly token: GeneratedToken;
}>('language/token');
