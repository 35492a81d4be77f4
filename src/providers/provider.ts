import type { CancellationToken } from '../protocol/jsonrpc';
import type { ContinuationScore } from '../protocol/language';
import type { AskedModel, RenderedPrompt, SamplingChoice } from '../protocol/prompts';
import type { Ability } from '../protocol/abilities';
import type { Message } from '../prompts/renderPrompt';

/** What is asked of a model. */
export interface Question {
  readonly prompt: RenderedPrompt;
  /** The same as a conversation, for providers that take one. */
  readonly messages: readonly Message[];
  readonly sampling: SamplingChoice;
}

/** What a model answered, and what it cost. */
export interface Reply {
  readonly text: string;
  /** `length` and `context` mean that the model would have gone on. */
  readonly finish: string;
  /** 0 where the provider does not say. */
  readonly numPromptTokens: number;
  readonly numNewTokens: number;
  /** From the question to the last word; for a local model what it computed. */
  readonly milliseconds: number;
  /** Mean surprisal of the answer's tokens in bits; null where the provider tells no probabilities. */
  readonly meanBits: number | null;
  /** In the provider's currency; undefined where nobody has named a price. */
  readonly price?: number;
}

/** Somebody who answers for models: the inference process, a server, the editor. */
export interface Provider {
  /** Those of one lane share its concurrency, and the person's leave. */
  readonly lane: string;
  /** Questions that may be under way at once. */
  readonly concurrency: number;
  /** What is not here is ignored by the provider, and is flagged. */
  readonly abilities: ReadonlySet<Ability>;
  /**
   * What the model is given: a text by its own chat template (`template`), a text as it stands (`text`), or turns
   * (`conversation`), of which nobody here sees the text.
   */
  readonly takes: 'template' | 'text' | 'conversation';
  /** The host that texts are sent to; null for this computer. */
  readonly host: string | null;
  /** Of prices, e.g. `USD`; null where nothing costs. */
  readonly currency: string | null;
  /**
   * Whether the person lets texts be sent there; asked before the first question and remembered.
   * Local models need no leave.
   */
  allowed(): Promise<boolean>;
  /**
   * Asks one question. `onText` is told what was written so far, where the provider streams.
   * @throws {ScopeError} `cancelled` when the token says so; else what went wrong, after retries
   */
  ask(question: Question, onText: (text: string) => void, token: CancellationToken): Promise<Reply>;
  /** How likely each text is right after the prompt; there for providers that can (`labelScores`). */
  scoreTexts?(
    question: Question,
    texts: readonly string[],
    token: CancellationToken,
  ): Promise<ContinuationScore[]>;
}

/** Who answers for which model. */
export interface Providers {
  /** @throws {ScopeError} `serverUnset` for a server that the settings do not describe */
  of(model: AskedModel): Provider;
}
