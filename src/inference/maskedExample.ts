import { seededRandom } from '../prompts/random';
import type { MaskedExample } from '../protocol/compare';
import { ScopeError } from '../protocol/errors';
import { candidatesOf } from './fillMask';
import { type LanguageModel, rowOf } from './languageModel';
import { argmax, logSumExp } from './sampling';

/** Devlin et al. 2019, section 3.1 and appendix A.1. */
const shareChosen = 0.15;
const shareMasked = 0.8;
const shareReplaced = 0.1;

/**
 * One training example as BERT saw them: 15 % of the tokens are chosen; of these 80 % become `[MASK]`, 10 %
 * a random token, 10 % stay as they are, and the loss is the mean cross-entropy of the true tokens there.
 * Another seed chooses other tokens: BERT did so once per text, RoBERTa (Liu et al. 2019) each time anew.
 * @throws {ScopeError} `emptyText` when there is nothing to choose
 */
export async function maskedExample(
  model: LanguageModel,
  text: string,
  seed: number,
): Promise<MaskedExample> {
  model.requireHead('masked');
  const mask = model.special.mask;
  if (mask === undefined) {
    throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
  }
  const { tokens } = model.tokenizer.tokenize(text, model.maxTokens);
  const open = tokens.flatMap(({ special, start, end }, position) =>
    !special && end > start ? [position] : [],
  );
  if (open.length === 0) {
    throw new ScopeError('emptyText');
  }
  const random = seededRandom(seed);
  const numChosen = Math.max(1, Math.round(shareChosen * open.length));
  const chosen = sampled(open, numChosen, random).sort((a, b) => a - b);
  const ids = tokens.map(({ id }) => id);
  const stated = model.config['vocab_size'];
  const vocabularySize = typeof stated === 'number' ? stated : (await model.logits(ids)).width;
  const treated = chosen.map((position) => {
    const draw = random();
    if (draw < shareMasked) {
      return { position, treatment: 'masked' as const, shown: mask };
    }
    if (draw < shareMasked + shareReplaced) {
      return {
        position,
        treatment: 'replaced' as const,
        shown: ordinaryToken(model, vocabularySize, random),
      };
    }
    return { position, treatment: 'kept' as const, shown: ids[position]! };
  });
  const seen = [...ids];
  treated.forEach(({ position, shown }) => (seen[position] = shown));
  const logits = await model.logits(seen);
  const results = treated.map(({ position, treatment, shown }) => {
    const row = rowOf(logits, position);
    const id = ids[position]!;
    const [predicted] = candidatesOf(model, row, 1);
    return {
      position,
      treatment,
      shownPiece: model.tokenizer.pieceOf(shown),
      loss: logSumExp(row) - row[id]!,
      predicted: predicted!,
      right: argmax(row) === id,
    };
  });
  return {
    tokens,
    seed,
    chosen: results,
    loss: results.reduce((sum, { loss }) => sum + loss, 0) / results.length,
  };
}

/** `count` of the values without repetition (Fisher & Yates, its first steps). */
function sampled(values: readonly number[], count: number, random: () => number): number[] {
  const pool = [...values];
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(random() * (pool.length - index));
    [pool[index], pool[other]] = [pool[other]!, pool[index]!];
  }
  return pool.slice(0, count);
}

/** A token of the vocabulary that stands for text. */
function ordinaryToken(model: LanguageModel, size: number, random: () => number): number {
  for (;;) {
    const id = Math.floor(random() * size);
    if (model.tokenizer.textOf(id).trim() !== '') {
      return id;
    }
  }
}
