import type { AlignedText, Range } from './alignedText';

/** How a vocabulary spells the pieces of a word. */
export interface PieceSpelling {
  /** WordPiece's `##`, before every piece but a word's first. */
  readonly prefix: string;
  /** CLIP's `</w>`, behind a word's last piece. */
  readonly suffix: string;
  readonly unknownPiece: string | undefined;
  /** WordPiece: a word with one unknown part is unknown as a whole. */
  readonly unknownIsWord: boolean;
  /** One unknown token for several unknown characters. */
  readonly fusesUnknown: boolean;
  readonly isKnown: (piece: string) => boolean;
}

const bytePiece = /^<0x[0-9A-F]{2}>$/;

/**
 * Which part of the original each piece of a word stands for. Bytes of one character share its range.
 * @param pieces what the vocabulary's model made of `word`, in order
 */
export function pieceRanges(word: AlignedText, pieces: readonly string[], spelling: PieceSpelling): Range[] {
  const { text } = word;
  let position = 0;
  let bytesLeft = 0;
  let character: Range = word.range(0, 0);
  const take = (length: number): Range => {
    const from = position;
    position = Math.min(text.length, from + length);
    return word.range(from, position);
  };
  const characterAt = (at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0);

  return pieces.map((piece, index) => {
    const literal = literalOf(piece, index, pieces.length, spelling);
    if (bytesLeft === 0 && literal !== '' && text.startsWith(literal, position)) {
      return take(literal.length);
    }
    if (bytesLeft > 0) {
      bytesLeft--;
      return character;
    }
    if (bytePiece.test(piece) && position < text.length) {
      const char = characterAt(position);
      bytesLeft = new TextEncoder().encode(char).length - 1;
      character = take(char.length);
      return character;
    }
    if (piece === spelling.unknownPiece && position < text.length) {
      if (spelling.unknownIsWord) {
        return take(text.length - position);
      }
      let length = characterAt(position).length;
      while (
        spelling.fusesUnknown &&
        position + length < text.length &&
        !spelling.isKnown(characterAt(position + length))
      ) {
        length += characterAt(position + length).length;
      }
      return take(length);
    }
    // A model without an unknown token leaves out what it cannot spell.
    const found = literal === '' ? -1 : text.indexOf(literal, position);
    if (found < 0) {
      return take(0);
    }
    position = found;
    return take(literal.length);
  });
}

function literalOf(piece: string, index: number, count: number, spelling: PieceSpelling): string {
  let literal = piece;
  if (index > 0 && spelling.prefix !== '' && literal.startsWith(spelling.prefix)) {
    literal = literal.slice(spelling.prefix.length);
  }
  if (index === count - 1 && spelling.suffix !== '' && literal.endsWith(spelling.suffix)) {
    literal = literal.slice(0, -spelling.suffix.length);
  }
  return literal;
}
