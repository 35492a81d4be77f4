import type { TextScore } from '../protocol/language';

/** What a scored text comes to, over the tokens that were scored. */
export interface SurprisalSummary {
  readonly meanBits: number;
  /** `2 ** meanBits`. */
  readonly perplexity: number;
  /** Bits of all scored tokens over the characters (Unicode code points) that they stand for. */
  readonly bitsPerCharacter: number;
}

/** A stretch of text with the tokens that stand for it: several where they are the bytes of one character. */
export interface ScoredStretch {
  /** UTF-16 range in the text. */
  readonly start: number;
  readonly end: number;
  /** Indices of its scored tokens. */
  readonly tokens: readonly number[];
  /** The sum over them. */
  readonly bits: number;
}

/** NaN where no token was scored. */
export function surprisalSummary(score: TextScore, text: string): SurprisalSummary {
  const stretches = scoredStretches(score);
  const bits = stretches.reduce((sum, each) => sum + each.bits, 0);
  const characters = stretches.reduce((sum, { start, end }) => sum + [...text.slice(start, end)].length, 0);
  const meanBits = bits / score.numScored;
  return { meanBits, perplexity: 2 ** meanBits, bitsPerCharacter: bits / characters };
}

/** The scored parts of a text in order, none over another. */
export function scoredStretches({ tokens, scores }: TextScore): ScoredStretch[] {
  const stretches: { start: number; end: number; tokens: number[]; bits: number }[] = [];
  tokens.forEach(({ start, end }, index) => {
    const bits = scores[index]?.surprisalBits;
    if (bits === undefined || end <= start) {
      return;
    }
    const last = stretches.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      last.tokens.push(index);
      last.bits += bits;
    } else {
      stretches.push({ start, end, tokens: [index], bits });
    }
  });
  return stretches;
}
