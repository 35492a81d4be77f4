import type { Architecture } from './architecture';
import type { AttentionRun, TextRange } from './attention';
import type { Candidate } from './language';
import type { ModelSource, Token } from './model';

/** The plain data of the BERT/GPT comparison: two models, one text, and everything that was measured. */

export const sides = ['left', 'right'] as const;
/** The two places. By default an encoder stands left and a decoder right; any model may stand in either. */
export type Side = (typeof sides)[number];
export type Both<T> = { readonly [S in Side]: T };

/** The parts of a comparison, in the order in which they are measured: the one of most passes last. */
export const compareParts = [
  'reading',
  'blank',
  'architecture',
  'pretraining',
  'sentences',
  'uses',
  'chat',
  'cloze',
] as const;
export type ComparePart = (typeof compareParts)[number];

/** Why something could not be measured; the page and the report have the sentence. */
export type Missing = {
  readonly missing:
    /** The model has no masked-language-model head. */
    | 'notMasked'
    /** The model does not write from left to right. */
    | 'notCausal'
    /** The graph has no such output: next sentence, classification. */
    | 'noHead'
    /** The text has one sentence only. */
    | 'oneSentence'
    /** The text has no word to ask for. */
    | 'noWords'
    /** No bundled model can do it. */
    | 'noModel'
    /** Something went wrong; `detail` says what, in the reader's language. */
    | 'failed';
  readonly detail?: string;
  /** Whose it is, where that is not said by its place. */
  readonly model?: string;
};
export type Maybe<T> = T | Missing;

export function isMissing<T>(value: Maybe<T>): value is Missing {
  return typeof value === 'object' && value !== null && 'missing' in value;
}

/** A word on whose borders both tokenisations and Unicode's word borders (UAX 29) agree. */
export interface SharedWord extends TextRange {
  readonly text: string;
  /** Something can be asked for: it has a letter or a digit. */
  readonly counts: boolean;
}

/** Both models' attention to the same text; weights are asked for by `runId`. */
export interface Reading extends Both<Maybe<AttentionRun>> {
  readonly words: readonly SharedWord[];
  /** For each token of a side the index of its word; -1 for special tokens. */
  readonly wordOf: Both<readonly number[]>;
}

/** How well a model expected one word. */
export interface WordScore {
  /** `-log2 p(word | context)`, summed over the word's tokens; null where the model has no context (the first). */
  readonly bits: number | null;
  /** Whether every token of the word was the model's first choice; null where nothing was predicted. */
  readonly right: boolean | null;
  /** Rank of the word's first token, from 1. */
  readonly rank: number | null;
  /** What the model would have written instead: its first choice at each token of the word; may be blanks alone. */
  readonly guess: string;
}

/** A model's answers over all words. */
export interface ClozeSide {
  /** `both`: the word is masked whole and predicted from both sides. `left`: predicted from what stands before. */
  readonly context: 'both' | 'left';
  /** One per word of {@link Reading.words}. */
  readonly scores: readonly WordScore[];
  /** Per token in bits: surprisal (causal), or pseudo-log-likelihood terms, one token masked at a time (Salazar et al. 2020). */
  readonly tokenBits: readonly (number | null)[];
  readonly tokens: readonly Token[];
  /** Natural logarithm of the text's (pseudo-)likelihood, and `exp(-logLikelihood / numScored)`. */
  readonly logLikelihood: number;
  readonly numScored: number;
  readonly perplexity: number;
}

/** How near two distributions over one vocabulary are to each other. */
export interface Divergence {
  /** Half the sum of the differences: 0 for the same, 1 for nothing in common. */
  readonly totalVariation: number;
  /** What it costs to take the right model's for the left's, in bits (Kullback & Leibler 1951). */
  readonly klBits: number;
}

/** Two masked language models on the same words, each masked whole; compared at the first token of a word. */
export type Agreement =
  | {
      readonly vocabulary: 'same';
      readonly vocabularySize: number;
      /** One per word; null where a word was not compared. */
      readonly divergences: readonly (Divergence | null)[];
    }
  /** Their distributions cannot be compared: they are over other tokens. */
  | {
      readonly vocabulary: 'different';
      readonly sizes: Both<number>;
      /** The first id that stands for different tokens, where the sizes are the same. */
      readonly firstDifference: ({ readonly id: number } & Both<string>) | null;
    };

export interface Cloze extends Both<Maybe<ClozeSide>> {
  readonly words: readonly SharedWord[];
  /** Only where both are masked language models, as of a student and its teacher. */
  readonly agreement?: Maybe<Agreement>;
}

/** What each model puts at one place of the text. */
export interface BlankSide {
  readonly head: 'masked' | 'causal';
  /** Likeliest first, full vocabulary, temperature 1. */
  readonly candidates: readonly Candidate[];
}

/** The same blank, filled in two ways. */
export interface Blank extends Both<Maybe<BlankSide>> {
  /** Index into {@link Reading.words}. */
  readonly word: number;
  /** The left model's candidates, and the word itself, put into the whole text and scored by the right model. */
  readonly inContext: Maybe<
    readonly {
      readonly text: string;
      /** The word that stands in the text. */
      readonly original: boolean;
      /** Natural logarithm of the whole text's likelihood with this word. */
      readonly logLikelihood: number;
      /** Of these alternatives, normalised among them. */
      readonly share: number;
    }[]
  >;
}

/** One training example of masked language modelling, as BERT saw them (Devlin et al. 2019, section 3.1). */
export interface MaskedExample {
  readonly tokens: readonly Token[];
  readonly seed: number;
  readonly chosen: readonly {
    readonly position: number;
    /** 80 %: `[MASK]`; 10 %: a random token; 10 %: left as it is. */
    readonly treatment: 'masked' | 'replaced' | 'kept';
    /** What the model saw there. */
    readonly shownPiece: string;
    /** Cross-entropy at this position in nats. */
    readonly loss: number;
    /** The model's first choice. */
    readonly predicted: Candidate;
    readonly right: boolean;
  }[];
  /** Mean of the chosen positions, in nats. */
  readonly loss: number;
}

/** Next-token prediction, as GPT is trained: one loss per position. */
export interface CausalExample {
  readonly tokens: readonly Token[];
  /** Nats; null at the first token. */
  readonly losses: readonly (number | null)[];
  readonly loss: number;
  readonly perplexity: number;
}

/** BERT's second training task: does one sentence follow another? */
export interface NextSentenceExample {
  readonly model: string;
  readonly first: string;
  readonly second: string;
  /** Of `second` after `first`, as they stand in the text. */
  readonly probability: number;
  /** The other way round. */
  readonly swapped: number;
  /** After `first`, a sentence that belongs to no such text. */
  readonly unrelated: { readonly text: string; readonly probability: number };
}

/** What a replaced-token detector says of a text. */
export interface DetectedText {
  readonly tokens: readonly Token[];
  /** Per token the probability that it was replaced; null for special tokens. */
  readonly probabilities: readonly (number | null)[];
}

/** Replaced-token detection, as ELECTRA is trained (Clark et al. 2020). */
export interface ReplacedExample {
  /** Whose head it is. */
  readonly model: string;
  /** Who drew the other words. */
  readonly generator: string;
  readonly seed: number;
  /** The text as it stands, in which nothing was replaced. */
  readonly original: DetectedText;
  /** The text with other words in some places. */
  readonly changed: DetectedText;
  /** In order. Where the generator drew the word of the text itself, nothing was replaced. */
  readonly drawn: readonly {
    /** Of the changed text. */
    readonly start: number;
    readonly end: number;
    readonly was: string;
    readonly now: string;
  }[];
}

export interface Pretraining {
  readonly masked: Maybe<MaskedExample>;
  readonly causal: Maybe<CausalExample>;
  readonly nextSentence: Maybe<NextSentenceExample>;
  /** `noHead` where neither model is a detector. */
  readonly replaced: Maybe<ReplacedExample>;
}

/** Cosines between the sentences' mean hidden states, layer by layer. */
export interface SentenceSimilarity {
  readonly model: string;
  /** The states entering each layer: 0 is the embedding. */
  readonly numLayers: number;
  /** Float32 `[numLayers, sentences, sentences]`. */
  readonly cosines: ArrayBuffer;
}

export interface Sentences extends Both<Maybe<SentenceSimilarity>> {
  readonly sentences: readonly string[];
}

/** The text classified in one way. */
export interface Classified {
  readonly model: string;
  readonly method: 'head' | 'zeroShot' | 'fewShot';
  readonly numExamples: number;
  /** As it was sent, for the prompted ways. */
  readonly prompt?: string;
  /** Likeliest first; of prompted ways normalised among the labels. */
  readonly labels: readonly { readonly label: string; readonly probability: number }[];
  readonly milliseconds: number;
}

export interface Uses {
  readonly classified: readonly Maybe<Classified>[];
  /** How the causal model goes on. */
  readonly continued: Maybe<{ readonly model: string; readonly text: string; readonly numTokens: number }>;
  /** What comes of it when a masked model is made to write: one mask at the end, filled, and again. */
  readonly forced: Maybe<{
    readonly model: string;
    readonly pieces: readonly string[];
    readonly text: string;
  }>;
}

/** The same prompt to a base model and to one that was tuned on instructions. */
export interface Chat {
  readonly prompt: string;
  readonly base: Maybe<ChatAnswer>;
  readonly tuned: Maybe<ChatAnswer>;
}
export interface ChatAnswer {
  readonly model: string;
  /** As the model reads it. */
  readonly sent: string;
  readonly text: string;
  readonly numTokens: number;
  /** Why it ended: `end`, `length`, … */
  readonly finish: string;
}

export interface Architectures extends Both<Maybe<Architecture>> {
  /** Further columns of the table. */
  readonly others: readonly Maybe<Architecture>[];
}

/** What each part found. */
export interface CompareValues {
  readonly reading: Reading;
  readonly cloze: Cloze;
  readonly blank: Maybe<Blank>;
  readonly architecture: Architectures;
  readonly pretraining: Pretraining;
  readonly sentences: Maybe<Sentences>;
  readonly uses: Uses;
  readonly chat: Chat;
}

export type PartState<T> =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'done'; readonly value: T; readonly milliseconds: number }
  | { readonly state: 'failed'; readonly message: string };
export type CompareStates = { readonly [P in ComparePart]: PartState<CompareValues[P]> };

/** What a finished comparison was made of; the report needs nothing else. */
export interface ComparedText {
  readonly text: string;
  readonly source: {
    readonly name: string;
    readonly startLine: number;
    readonly endLine: number;
  };
  readonly models: Both<ModelSource>;
}
