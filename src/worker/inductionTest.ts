import { headPatterns } from '../attention/headPatterns';
import { packPatterns } from '../attention/patternTable';
import { selfCheck } from '../attention/selfCheck';
import type { AttentionModel } from '../inference/attentionModel';
import { seededRandom } from '../prompts/random';
import type { HeadTable } from '../protocol/attention';
import { ScopeError } from '../protocol/errors';

/** Fewer tokens than this cannot tell a habit from chance. */
const minCopyLength = 4;

/**
 * Runs different random tokens twice in a row and measures every head on them: nothing in them means
 * anything, so attention to what followed the first copy is induction (Olsson et al. 2022).
 */
export async function testInduction(
  model: AttentionModel,
  copyLength: number,
  seed: number,
): Promise<HeadTable> {
  const { front, back } = frame(model);
  const room = model.info.maxTokens - front.length - back.length;
  const length = Math.min(copyLength, Math.floor(room / 2));
  if (length < minCopyLength) {
    throw new ScopeError('modelUnsupported', `it reads only ${model.info.maxTokens} tokens`);
  }
  const copy = randomIds(model, length, seed);
  const ids = [...front, ...copy, ...copy, ...back];
  const layers = await model.attend(ids);
  const inside = (index: number): boolean => index >= front.length && index < ids.length - back.length;
  const tokens = {
    ids,
    special: ids.map((_, index) => !inside(index)),
    punctuation: ids.map(() => false),
    causal: selfCheck(layers).causal,
  };
  const heads = layers.flatMap((layer) =>
    Array.from({ length: layer.numHeads }, (_, head) => headPatterns(layer, head, tokens)),
  );
  return { data: packPatterns(heads) };
}

/** The special tokens that this model's texts begin and end with. */
function frame(model: AttentionModel): { front: number[]; back: number[] } {
  const { tokens } = model.tokenizer.tokenize('a', Infinity);
  const first = tokens.findIndex((token) => !token.special);
  const last = tokens.findLastIndex((token) => !token.special);
  const ids = tokens.map((token) => token.id);
  return { front: ids.slice(0, Math.max(0, first)), back: ids.slice(last + 1) };
}

/** Different tokens of the vocabulary that write something. */
function randomIds(model: AttentionModel, length: number, seed: number): number[] {
  const vocabulary = model.config.vocabSize;
  if (vocabulary === undefined) {
    throw new ScopeError('modelUnsupported', 'config.json states no vocab_size');
  }
  const random = seededRandom(seed);
  const chosen = new Set<number>();
  // Reserved ids are rare; a vocabulary of nothing else must still come to an end.
  for (let tries = 0; chosen.size < length && tries < 50 * length; tries++) {
    const id = Math.floor(random() * vocabulary);
    if (model.tokenizer.decode([id]).trim() !== '') {
      chosen.add(id);
    }
  }
  return [...chosen];
}
