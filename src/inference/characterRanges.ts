/**
 * Character ranges for tokens whose pieces are spelled in characters (WordPiece, Unigram and
 * SentencePiece BPE). The tokenizer library returns pieces only, after normalisation; we find them
 * again by comparing a loose folding of text and piece: compatibility decomposition, lower case, no
 * marks. Both sides are folded alike, so a tokenizer that keeps case is served as well.
 */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A folded character and the UTF-16 range of the original that it comes from. */
interface FoldedChar {
  readonly char: string;
  readonly start: number;
  end: number;
  /** A word begins here: after white space, at punctuation, at a CJK character. */
  readonly wordStart: boolean;
}

const mark = /\p{M}/u;
const punctuation = /[\p{P}\p{S}]/u;
const ideograph = /[\p{Script=Han}]/u;
const invisible = /[\s\p{C}]/u;
const bytePiece = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * @param pieces the vocabulary's spelling of each token, in order
 * @param isAdded whether a piece is an added token such as `[CLS]`; it has an empty range unless it
 * stands literally in the text
 * @returns one range per piece, ordered, in UTF-16 units of `text`
 */
export function characterRanges(
  text: string,
  pieces: readonly string[],
  isAdded: (index: number) => boolean,
  unknownPiece: string | undefined,
): Range[] {
  const stream = foldText(text);
  const ranges: Range[] = [];
  let cursor = 0;
  let bytesLeft = 0;
  const previousEnd = (): number => ranges.at(-1)?.end ?? 0;

  const take = (count: number): void => {
    const first = stream[cursor];
    const last = stream[cursor + count - 1];
    if (!first || !last) {
      ranges.push({ start: text.length, end: text.length });
      return;
    }
    ranges.push({ start: Math.max(first.start, previousEnd()), end: Math.max(last.end, previousEnd()) });
    cursor += count;
  };

  pieces.forEach((piece, index) => {
    const byte = bytePiece.exec(piece);
    if (byte) {
      const value = Number.parseInt(byte[1] as string, 16);
      if (value <= 0x20) {
        ranges.push({ start: previousEnd(), end: stream[cursor]?.start ?? text.length });
      } else if (bytesLeft > 0) {
        ranges.push(ranges.at(-1) as Range);
        bytesLeft--;
      } else {
        bytesLeft = value >= 0xf0 ? 3 : value >= 0xe0 ? 2 : value >= 0xc0 ? 1 : 0;
        take(1);
      }
      return;
    }
    const folded = foldPiece(piece);
    if (folded.length > 0 && piece !== unknownPiece && matches(stream, cursor, folded)) {
      take(folded.length);
    } else if (isAdded(index) && piece !== unknownPiece) {
      ranges.push({ start: previousEnd(), end: previousEnd() });
    } else if (folded.length === 0) {
      // A lone word-boundary mark stands for the white space before the next character.
      ranges.push({ start: previousEnd(), end: stream[cursor]?.start ?? text.length });
    } else {
      take(unknownLength(stream, cursor));
    }
  });
  return ranges;
}

function foldText(text: string): FoldedChar[] {
  const stream: FoldedChar[] = [];
  let offset = 0;
  let afterBreak = true;
  for (const char of text) {
    const start = offset;
    offset += char.length;
    if (invisible.test(char)) {
      afterBreak = afterBreak || /\s/u.test(char);
      continue;
    }
    const folded = fold(char);
    const last = stream.at(-1);
    if (folded === '' && last && mark.test(char)) {
      last.end = offset;
      continue;
    }
    const alone = punctuation.test(char) || ideograph.test(char);
    let first = true;
    for (const part of folded) {
      stream.push({ char: part, start, end: offset, wordStart: first && (afterBreak || alone) });
      first = false;
    }
    if (!first) {
      afterBreak = alone;
    }
  }
  return stream;
}

function fold(text: string): string {
  return text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}

/** The characters a piece stands for: without `##`, `▁` and `</w>`. */
function foldPiece(piece: string): string[] {
  const bare = piece
    .replace(/^##(?=.)/u, '')
    .replace(/<\/w>$/u, '')
    .replaceAll('▁', '');
  return [...fold(bare).replace(/[\s\p{C}]/gu, '')];
}

function matches(stream: readonly FoldedChar[], cursor: number, folded: readonly string[]): boolean {
  return folded.every((char, index) => stream[cursor + index]?.char === char);
}

/** An unknown token stands for one whole word of the pre-tokenizer. */
function unknownLength(stream: readonly FoldedChar[], cursor: number): number {
  let length = 1;
  while (cursor + length < stream.length && !(stream[cursor + length] as FoldedChar).wordStart) {
    length++;
  }
  return length;
}
