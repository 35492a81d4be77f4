import type { AlignedText } from './alignedText';

/** A token that is found in the text before the vocabulary's model sees it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

/** A part of a text: an added token, or what lies between. */
export interface Section {
  readonly text: AlignedText;
  readonly added: AddedToken | undefined;
}

/** Finds added tokens, at each place the longest. */
export class AddedTokenFinder {
  private readonly byFirst = new Map<string, { spelling: string; token: AddedToken }[]>();

  /** @param spelling how a token is written in the text that is searched (it may be normalised) */
  constructor(tokens: readonly AddedToken[], spelling: (token: AddedToken) => string) {
    for (const token of tokens) {
      const written = spelling(token);
      if (written !== '') {
        const list = this.byFirst.get(written[0]!) ?? [];
        list.push({ spelling: written, token });
        this.byFirst.set(written[0]!, list);
      }
    }
    for (const list of this.byFirst.values()) {
      list.sort((a, b) => b.spelling.length - a.spelling.length);
    }
  }

  split(text: AlignedText): Section[] {
    const sections: Section[] = [];
    const source = text.text;
    let done = 0;
    for (let at = 0; at < source.length; at++) {
      const found = this.byFirst.get(source[at]!)?.find(({ spelling }) => source.startsWith(spelling, at));
      if (!found) {
        continue;
      }
      const { spelling, token } = found;
      let from = at;
      let to = at + spelling.length;
      at = to - 1;
      const runsOn =
        wordBefore.test(source.slice(Math.max(0, from - 2), from)) ||
        wordAfter.test(source.slice(to, to + 2));
      if (token.single_word && runsOn) {
        continue;
      }
      while (token.lstrip && from > done && blank.test(source[from - 1]!)) {
        from--;
      }
      while (token.rstrip && to < source.length && blank.test(source[to]!)) {
        to++;
      }
      if (from > done) {
        sections.push({ text: text.slice(done, from), added: undefined });
      }
      sections.push({ text: text.slice(from, to), added: token });
      done = to;
      at = to - 1;
    }
    if (done < source.length) {
      sections.push({ text: text.slice(done, source.length), added: undefined });
    }
    return sections;
  }
}

const blank = /\p{White_Space}/u;
const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u;
const wordAfter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
