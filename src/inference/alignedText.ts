/** A half-open range in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Units `[from, to)` of a text give way to `text`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const onlyMarks = /^\p{M}+$/u;

/**
 * A text on its way through a tokenizer's normalisers, where each UTF-16 unit knows which range of the
 * original it comes from. What a normaliser makes out of several characters comes from all of them; what
 * it makes up (a prefix space) has an empty range; a combining mark that is removed stays with its letter.
 */
export class AlignedText {
  private constructor(
    readonly text: string,
    private readonly starts: readonly number[],
    private readonly ends: readonly number[],
    /** Where an empty text lies. */
    private readonly at: number,
  ) {}

  /** @param base where `text` begins in the original */
  static of(text: string, base = 0): AlignedText {
    const starts: number[] = [];
    const ends: number[] = [];
    let offset = base;
    for (const char of text) {
      for (let unit = 0; unit < char.length; unit++) {
        starts.push(offset);
        ends.push(offset + char.length);
      }
      offset += char.length;
    }
    return new AlignedText(text, starts, ends, base);
  }

  /** The original's range of units `[from, to)`. */
  range(from: number, to: number): Range {
    if (from >= to) {
      const border = this.starts[from] ?? this.ends.at(-1) ?? this.at;
      return { start: border, end: border };
    }
    return { start: this.starts[from]!, end: this.ends[to - 1]! };
  }

  slice(from: number, to: number): AlignedText {
    const border = this.range(from, from).start;
    return new AlignedText(
      this.text.slice(from, to),
      this.starts.slice(from, to),
      this.ends.slice(from, to),
      border,
    );
  }

  /** @param edits ordered and disjoint; where one changes nothing, units keep their own ranges */
  edit(edits: Iterable<Edit>): AlignedText {
    const parts: string[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    let done = 0;
    const keep = (to: number): void => {
      parts.push(this.text.slice(done, to));
      for (; done < to; done++) {
        starts.push(this.starts[done]!);
        ends.push(this.ends[done]!);
      }
    };
    for (const { from, to, text } of edits) {
      const old = this.text.slice(from, to);
      if (old === text) {
        continue;
      }
      keep(from);
      const { start, end } = this.range(from, to);
      if (text === '' && starts.length > 0 && onlyMarks.test(old)) {
        // Both units of a surrogate pair, or all of a ligature, end where their letter now ends.
        const last = starts.at(-1);
        for (let unit = starts.length - 1; unit >= 0 && starts[unit] === last; unit--) {
          ends[unit] = Math.max(ends[unit]!, end);
        }
      }
      parts.push(text);
      for (let unit = 0; unit < text.length; unit++) {
        starts.push(start);
        ends.push(end);
      }
      done = to;
    }
    if (done === 0) {
      // Nothing but a prefix, or nothing at all, was written so far.
      if (parts.length === 0) {
        return this;
      }
    }
    keep(this.text.length);
    return new AlignedText(parts.join(''), starts, ends, this.at);
  }

  /** Each code point through `rewrite`. */
  map(rewrite: (char: string) => string): AlignedText {
    return this.mapMatches(/./gsu, rewrite);
  }

  /** Each match of a global pattern through `rewrite`. */
  mapMatches(pattern: RegExp, rewrite: (match: string) => string): AlignedText {
    const edits: Edit[] = [];
    for (const match of this.text.matchAll(pattern)) {
      const text = rewrite(match[0]);
      if (text !== match[0]) {
        edits.push({ from: match.index, to: match.index + match[0].length, text });
      }
    }
    return this.edit(edits);
  }
}
