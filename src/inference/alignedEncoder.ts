import { AddedTokenFinder, type AddedToken } from './addedTokens';
import { AlignedText, type Range } from './alignedText';
import type { JsonObject } from './modelFolder';
import { type NormalizerNode, type Step, normalizerStep } from './normalizerSteps';
import { type PieceSpelling, pieceRanges } from './pieceRanges';
import {
  type PreTokenizerConfig,
  type PreTokenizerNode,
  type Split,
  preTokenizerSplit,
} from './preTokenizerSteps';

/** The parts of the library's tokenizer that we use. It gives pieces, but not where they come from. */
export interface LibraryTokenizer {
  readonly normalizer: NormalizerNode | null;
  readonly pre_tokenizer: PreTokenizerNode | null;
  readonly model: VocabularyModel;
  readonly added_tokens: readonly (AddedToken & { readonly normalized: boolean })[];
}

/** WordPiece, BPE or Unigram; called with words, it returns their pieces. */
interface VocabularyModel {
  (words: string[]): string[];
  /** Unigram: the pieces of one word, neighbouring unknown characters not yet joined. */
  tokenize?(word: string): string[];
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id: number | undefined;
}

/** The library hands a word's pieces over as arguments: from about 100,000 on they overflow the stack. */
const longWord = 10_000;

/** One content token and where it comes from. */
export interface EncodedToken extends Range {
  readonly id: number;
  readonly piece: string;
  readonly added: boolean;
}

/**
 * The pipeline of a Hugging Face tokenizer, from text to tokens, with alignment kept at each step:
 * added tokens, normaliser, pre-tokenizer, and the library's model for each word.
 */
export class AlignedEncoder {
  private readonly normalize: Step;
  private readonly split: Split;
  private readonly raw: AddedTokenFinder;
  private readonly normalized: AddedTokenFinder;
  private readonly spelling: PieceSpelling;
  private readonly isUnigram: boolean;
  private readonly byteFallback: boolean;
  private readonly cache = new Map<string, string[]>();

  /** @throws {Error} when a step of the definition is not known */
  constructor(
    private readonly library: LibraryTokenizer,
    definition: JsonObject,
  ) {
    const model = definition['model'] as JsonObject;
    const kind = model['type'] ?? (Array.isArray(model['vocab']) ? 'Unigram' : undefined);
    const text = (key: string): string => (typeof model[key] === 'string' ? model[key] : '');
    const tokens = library.added_tokens;
    this.normalize = normalizerStep(library.normalizer);
    this.split = preTokenizerSplit(
      definition['pre_tokenizer'] as PreTokenizerConfig | null,
      library.pre_tokenizer,
    );
    this.raw = new AddedTokenFinder(
      tokens.filter((token) => !token.normalized || library.normalizer === null),
      (token) => token.content,
    );
    this.normalized = new AddedTokenFinder(
      tokens.filter((token) => token.normalized && library.normalizer !== null),
      (token) => this.normalize(AlignedText.of(token.content)).text,
    );
    this.isUnigram = kind === 'Unigram';
    this.byteFallback = kind === 'Unigram' && model['byte_fallback'] === true;
    this.spelling = {
      prefix:
        kind === 'WordPiece' ? text('continuing_subword_prefix') || '##' : text('continuing_subword_prefix'),
      suffix: text('end_of_word_suffix'),
      unknownPiece: text('unk_token') || undefined,
      unknownIsWord: kind === 'WordPiece',
      fusesUnknown: model['fuse_unk'] === true,
      isKnown: (piece) => library.model.tokens_to_ids.has(piece),
    };
  }

  /** Tokenises without special tokens. A lone surrogate is read as U+FFFD, as UTF-8 has none. */
  encode(text: string): EncodedToken[] {
    const tokens: EncodedToken[] = [];
    const pushAdded = (part: AlignedText, { id, content }: AddedToken): void => {
      tokens.push({ id, piece: content, added: true, ...part.range(0, part.text.length) });
    };
    for (const section of this.raw.split(AlignedText.of(text.toWellFormed()))) {
      if (section.added) {
        pushAdded(section.text, section.added);
        continue;
      }
      for (const part of this.normalized.split(this.normalize(section.text))) {
        if (part.added) {
          pushAdded(part.text, part.added);
        } else {
          for (const word of this.split(part.text)) {
            this.pushWord(word, tokens);
          }
        }
      }
    }
    return tokens;
  }

  /** The id of a vocabulary piece; what is not in the vocabulary is unknown. */
  idOf(piece: string): number {
    return this.library.model.tokens_to_ids.get(piece) ?? this.library.model.unk_token_id ?? 0;
  }

  private pushWord(word: AlignedText, tokens: EncodedToken[]): void {
    if (word.text === '') {
      return;
    }
    const pieces = this.piecesOf(word.text);
    const ranges = pieceRanges(word, pieces, this.spelling);
    for (const [index, piece] of pieces.entries()) {
      const { start, end } = ranges[index]!;
      tokens.push({ id: this.idOf(piece), piece, added: false, start, end });
    }
  }

  private piecesOf(word: string): string[] {
    const known = this.cache.get(word);
    if (known) {
      return known;
    }
    let pieces =
      this.isUnigram && word.length > longWord ? this.piecesOfLong(word) : this.library.model([word]);
    if (this.byteFallback) {
      pieces = pieces.flatMap((piece) => (this.spelling.isKnown(piece) ? [piece] : this.bytesOf(piece)));
    }
    if (word.length < 64 && this.cache.size < 10_000) {
      this.cache.set(word, pieces);
    }
    return pieces;
  }

  private piecesOfLong(word: string): string[] {
    const joined: string[] = [];
    let afterUnknown = false;
    for (const piece of this.library.model.tokenize?.(word) ?? []) {
      const unknown = !this.spelling.isKnown(piece);
      if (unknown && afterUnknown) {
        joined[joined.length - 1] += piece;
      } else {
        joined.push(piece);
      }
      afterUnknown = unknown;
    }
    return joined;
  }

  private bytesOf(piece: string): string[] {
    const bytes = Array.from(
      new TextEncoder().encode(piece),
      (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    );
    return bytes.every(this.spelling.isKnown) ? bytes : [piece];
  }
}
