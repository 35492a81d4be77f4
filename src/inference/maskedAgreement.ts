import { wordOfTokens } from '../compare/sharedWords';
import type { TextRange } from '../protocol/attention';
import type { Agreement, Divergence } from '../protocol/compare';
import { ScopeError } from '../protocol/errors';
import { type Cancellation, breatheUnlessCancelled } from './cancellation';
import { type LanguageModel, rowOf } from './languageModel';
import { logSoftmax } from './sampling';

/** The most numbers that are kept of one model: 64 MiB. What is more is thinned out evenly over the text. */
const mostKept = 2 ** 24;

/** What a masked language model expects at the first token of each word. */
export interface MaskedAnswers {
  readonly vocabularySize: number;
  pieceOf(id: number): string;
  /** Per word its tokens and the logits of its first, `[vocabulary]`; null where it was not asked for. */
  readonly words: readonly ({ readonly ids: readonly number[]; readonly logits: Float32Array } | null)[];
}

/**
 * Asks for each word, masked whole. The answers outlive the model, so that two models need not be loaded at once.
 * @param words ascending ranges of the text, in UTF-16 units
 * @throws {ScopeError} `modelUnsupported` for other models, `cancelled`
 */
export async function maskedAnswers(
  model: LanguageModel,
  text: string,
  words: readonly TextRange[],
  cancellation?: Cancellation,
): Promise<MaskedAnswers> {
  model.requireHead('masked');
  const { tokenizer, special } = model;
  const { mask } = special;
  if (mask === undefined) {
    throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
  }
  const { tokens } = tokenizer.tokenize(text, model.maxTokens);
  const ids = tokens.map(({ id }) => id);
  const places: number[][] = words.map(() => []);
  wordOfTokens(text, tokens, words).forEach((word, position) => places[word]?.push(position));
  const { width } = await model.logits(ids);
  const step = Math.max(1, Math.ceil((words.length * width) / mostKept));
  const answers: ({ ids: number[]; logits: Float32Array } | null)[] = [];
  for (const [index, positions] of places.entries()) {
    const [first] = positions;
    if (first === undefined || index % step !== 0) {
      answers.push(null);
      continue;
    }
    await breatheUnlessCancelled(cancellation);
    const hidden = new Set(positions);
    const logits = await model.logits(ids.map((id, position) => (hidden.has(position) ? mask : id)));
    answers.push({
      ids: positions.map((position) => ids[position]!),
      logits: rowOf(logits, first).slice(),
    });
  }
  return { vocabularySize: width, pieceOf: (id) => tokenizer.pieceOf(id), words: answers };
}

/** How near the answers of two models are to each other, where they are over the same tokens. */
export function agreementOf(left: MaskedAnswers, right: MaskedAnswers): Agreement {
  const sizes = { left: left.vocabularySize, right: right.vocabularySize };
  const differs = sizes.left === sizes.right ? firstDifference(left, right) : null;
  if (sizes.left !== sizes.right || differs) {
    return { vocabulary: 'different', sizes, firstDifference: differs };
  }
  const divergences = left.words.map((own, index) => {
    const other = right.words[index];
    // Another split of the word is another question.
    return own && other && own.ids.join() === other.ids.join() ? divergence(own.logits, other.logits) : null;
  });
  return { vocabulary: 'same', vocabularySize: sizes.left, divergences };
}

function firstDifference(
  left: MaskedAnswers,
  right: MaskedAnswers,
): { id: number; left: string; right: string } | null {
  for (let id = 0; id < left.vocabularySize; id++) {
    const [own, other] = [left.pieceOf(id), right.pieceOf(id)];
    if (own !== other) {
      return { id, left: own, right: other };
    }
  }
  return null;
}

/** Of `softmax(left)` and `softmax(right)`, both `[vocabulary]` logits. */
export function divergence(left: ArrayLike<number>, right: ArrayLike<number>): Divergence {
  const [p, q] = [logSoftmax(left), logSoftmax(right)];
  let apart = 0;
  let nats = 0;
  for (let id = 0; id < p.length; id++) {
    const [own, other] = [Math.exp(p[id]!), Math.exp(q[id]!)];
    apart += Math.abs(own - other);
    nats += own === 0 ? 0 : own * (p[id]! - q[id]!);
  }
  return { totalVariation: apart / 2, klBits: Math.max(0, nats / Math.LN2) };
}
