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

/** What the ranges depend on besides text and pieces. */
export interface PieceSpelling {
  /** Whether a piece is an added token such as `[CLS]`, which need not stand in the text. */
  readonly isAdded: (index: number) => boolean;
  readonly unknownPiece: string | undefined;
  /** SentencePiece writes a space as `▁`; WordPiece drops white space. */
  readonly writesSpaces: boolean;
}

/** A folded character of the text and the UTF-16 range of the original that it comes from. */
interface FoldedChar {
  readonly char: string;
  readonly start: number;
  end: number;
  /** A word of BERT's pre-tokenizer begins here: after white space, at punctuation, at an ideograph. */
  readonly wordStart: boolean;
}

const space = '▁';
const mark = /\p{M}/u;
/** As in BERT: Unicode punctuation, and every ASCII symbol. */
const punctuation = /[\p{P}!-/:-@[-`{-~]/u;
const ideograph = /\p{Script=Han}/u;
const unseen = /\p{C}/u;
const bytePiece = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * @param pieces the vocabulary's spelling of each token, in order
 * @returns one range per piece in UTF-16 units of `text`, starts ascending. Pieces that come out of one
 * character share its range; a combining mark belongs to its letter; a piece that is not in the text
 * has an empty range.
 */
export function characterRanges(text: string, pieces: readonly string[], spelling: PieceSpelling): Range[] {
  const stream = foldText(text, spelling.writesSpaces);
  const ranges: Range[] = [];
  let cursor = 0;
  let bytesLeft = 0;

  const nothing = (): Range => {
    const end = ranges.at(-1)?.end ?? 0;
    return { start: end, end };
  };
  /** The range of the stream's entries `[from, to)`; the cursor moves behind them. */
  const take = (from: number, to: number): Range => {
    const first = stream[from];
    const last = stream[to - 1];
    cursor = to;
    return first && last ? { start: first.start, end: last.end } : nothing();
  };

  const rangeOf = (piece: string, index: number): Range => {
    const byte = bytePiece.exec(piece)?.[1];
    if (byte !== undefined) {
      if (bytesLeft > 0) {
        bytesLeft--;
        return ranges.at(-1) ?? nothing();
      }
      bytesLeft = continuationBytes(Number.parseInt(byte, 16));
      return cursor < stream.length ? take(cursor, endOfCharacter(stream, cursor)) : nothing();
    }
    if (piece === spelling.unknownPiece) {
      const length = spelling.writesSpaces
        ? untilMatch(stream, cursor, foldPiece(pieces[index + 1] ?? '', true))
        : restOfWord(stream, cursor);
      return cursor < stream.length ? take(cursor, cursor + length) : nothing();
    }
    let folded = foldPiece(piece, spelling.writesSpaces);
    if (spelling.writesSpaces && cursor === 0 && stream[0]?.char !== space) {
      // The prefix space that the tokenizer put before the first word.
      folded = folded.filter((char) => char !== space);
    }
    if (folded.length === 0) {
      return mark.test(piece) ? (ranges.at(-1) ?? nothing()) : nothing();
    }
    const found = match(stream, cursor, folded);
    if (found) {
      return take(found.from, found.to);
    }
    if (spelling.isAdded(index) || cursor >= stream.length) {
      return nothing();
    }
    return take(cursor, cursor + restOfWord(stream, cursor));
  };

  pieces.forEach((piece, index) => ranges.push(rangeOf(piece, index)));
  return ranges;
}

function foldText(text: string, withSpaces: boolean): FoldedChar[] {
  const stream: FoldedChar[] = [];
  let offset = 0;
  let afterBreak = true;
  for (const char of text) {
    const start = offset;
    offset += char.length;
    if (/\s/u.test(char)) {
      afterBreak = true;
      if (withSpaces) {
        stream.push({ char: space, start, end: offset, wordStart: true });
      }
      continue;
    }
    if (!withSpaces && unseen.test(char)) {
      continue;
    }
    const folded = withSpaces ? foldLightly(char) : fold(char);
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

/** SentencePiece keeps marks and invisible characters: each is a piece, or bytes, of its own. */
function foldLightly(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The characters a piece stands for: without `##` and `</w>`; SentencePiece's with `▁` for a space. */
function foldPiece(piece: string, withSpaces: boolean): string[] {
  if (withSpaces) {
    return [...foldLightly(piece).replace(/\s/gu, space)];
  }
  const bare = piece.replace(/^##(?=.)/u, '').replace(/<\/w>$/u, '');
  return [...fold(bare).replace(/[\s\p{C}]/gu, '')];
}

/** Where `folded` stands at the cursor; white space that the tokenizer collapsed is stepped over. */
function match(
  stream: readonly FoldedChar[],
  cursor: number,
  folded: readonly string[],
): { from: number; to: number } | undefined {
  let position = cursor;
  let from = -1;
  for (const char of folded) {
    while (char !== space && stream[position]?.char === space) {
      position++;
    }
    if (stream[position]?.char !== char) {
      return undefined;
    }
    from = from < 0 ? position : from;
    position++;
  }
  return { from, to: position };
}

/** Where the character ends whose folding (`½` is three characters) begins at the cursor. */
function endOfCharacter(stream: readonly FoldedChar[], cursor: number): number {
  let end = cursor + 1;
  while (stream[end]?.start === stream[cursor]?.start && end < stream.length) {
    end++;
  }
  return end;
}

/** An unknown token of WordPiece stands for one whole word. */
function restOfWord(stream: readonly FoldedChar[], cursor: number): number {
  let length = 1;
  while (cursor + length < stream.length && !stream[cursor + length]!.wordStart) {
    length++;
  }
  return length;
}

/** An unknown token of SentencePiece stands for what comes before the next known piece. */
function untilMatch(stream: readonly FoldedChar[], cursor: number, next: readonly string[]): number {
  let length = 1;
  while (cursor + length < stream.length && (next.length === 0 || !match(stream, cursor + length, next))) {
    length++;
  }
  return length;
}

function continuationBytes(lead: number): number {
  return lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
}
