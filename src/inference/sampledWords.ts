import { wordOfTokens } from '../compare/sharedWords';
import { seededRandom } from '../prompts/random';
import type { TextRange } from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import { type LanguageModel, rowOf } from './languageModel';
import { sample } from './sampling';

/** What is drawn so often without giving a word is not drawn for: the text's own token stays. */
const mostDraws = 200;
const written = /^[\p{L}\p{N}]+$/u;

/**
 * Draws other words for some of a text, as ELECTRA's generator does (Clark et al. 2020, section 2): the words are
 * masked all at once, and each of their tokens is drawn from what the model expects there, full vocabulary,
 * temperature 1. Only tokens of letters and digits are drawn, and such as begin a word where the text's own does.
 * @param words ascending ranges of the text, in UTF-16 units
 * @returns per word the drawn one, the text's own where its tokens were drawn; null for a word that is not read any more
 * @throws {ScopeError} `modelUnsupported` for other models
 */
export async function sampleWords(
  model: LanguageModel,
  text: string,
  words: readonly TextRange[],
  seed: number,
): Promise<(string | null)[]> {
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
  // A hyphen or an apostrophe within a word is left as it is.
  const open = new Set(
    places.flat().filter((position) => written.test(tokenizer.textOf(ids[position]!).trim())),
  );
  const logits = await model.logits(ids.map((id, position) => (open.has(position) ? mask : id)));
  const random = seededRandom(seed);
  const draw = (position: number): number => {
    const own = ids[position]!;
    const begins = /^\s/.test(tokenizer.textOf(own));
    for (let count = 0; count < mostDraws; count++) {
      const id = sample(rowOf(logits, position), random());
      const drawn = tokenizer.textOf(id);
      if (id === own || (written.test(drawn.trim()) && /^\s/.test(drawn) === begins)) {
        return id;
      }
    }
    return own;
  };
  return places.map((positions, index) => {
    const { start, end } = words[index]!;
    const own = text.slice(start, end);
    // A word that is cut off at the end of what is read would be read half.
    if (positions.length === 0 || tokens[positions.at(-1)!]!.end < end) {
      return null;
    }
    const drawn = positions.map((position) => (open.has(position) ? draw(position) : ids[position]!));
    return drawn.every((id, place) => id === ids[positions[place]!])
      ? own
      : likeWritten(own, tokenizer.decode(drawn).replace(/\s+/g, ''));
  });
}

/** A capital is kept: an uncased generator would give itself away by it. */
function likeWritten(own: string, drawn: string): string {
  const [first = ''] = own;
  const [drawnFirst = ''] = drawn;
  return first === first.toLowerCase() ? drawn : drawnFirst.toUpperCase() + drawn.slice(drawnFirst.length);
}
