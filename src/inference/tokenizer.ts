import { PreTrainedTokenizer } from '@huggingface/transformers';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';
import { AlignedEncoder, type EncodedToken, type LibraryTokenizer } from './alignedEncoder';
import { type JsonObject, readJson } from './modelFolder';

/** A text as a model reads it. */
export interface Tokenized {
  readonly tokens: readonly Token[];
  /** Tokens before truncation, special tokens included. */
  readonly totalTokens: number;
}

/** The part of the library's tokenizer that frames and decodes. */
interface Library extends LibraryTokenizer {
  readonly post_processor: PostProcessor | null;
  decode(
    ids: number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string;
  id_to_token(id: number): string | undefined;
  token_to_id(piece: string): number | undefined;
}

/** Models have one token or two around a text; with very many no text would fit. */
const longestFrame = 100;

/** Puts a model's special tokens around one text or two. */
type PostProcessor = (
  first: string[],
  second: string[] | null,
  addSpecialTokens: true,
) => { tokens: string[]; token_type_ids?: number[] };

/** A Hugging Face tokenizer that also knows where in the text each token comes from. */
export class Tokenizer {
  private constructor(
    private readonly library: Library,
    private readonly encoder: AlignedEncoder,
    private readonly unknownPiece: string | undefined,
    private readonly frame: { readonly before: readonly string[]; readonly after: readonly string[] },
    /** `model_max_length` where the tokenizer states a sane one. */
    readonly maxTokens: number | undefined,
  ) {}

  /** Reads `tokenizer.json` and `tokenizer_config.json` of a model folder. */
  static async load(folder: string): Promise<Tokenizer> {
    const definition = await readJson(folder, 'tokenizer.json');
    const config = await readJson(folder, 'tokenizer_config.json').catch((): JsonObject => ({}));
    try {
      const tokenizer = new PreTrainedTokenizer(definition, config);
      const library = (tokenizer as unknown as { _tokenizer: Library })._tokenizer;
      const stated = config['model_max_length'];
      const frame = frameOf(library);
      if (frame.before.length + frame.after.length > longestFrame) {
        throw new Error(`post_processor: more than ${longestFrame} tokens around a text`);
      }
      return new Tokenizer(
        library,
        new AlignedEncoder(library, definition),
        unknownPieceOf(definition),
        frame,
        typeof stated === 'number' && stated > 0 && stated < 1e7 ? stated : undefined,
      );
    } catch (error) {
      throw new ScopeError('tokenizerFailed', error instanceof Error ? error.message : String(error));
    }
  }

  /** How many special tokens stand around every text. */
  get frameSize(): number {
    return this.frame.before.length + this.frame.after.length;
  }

  /**
   * Tokenises `text`, keeping the special tokens around it and the first content tokens that fit.
   * @param maxTokens the most tokens that may remain, special tokens included
   */
  tokenize(text: string, maxTokens: number): Tokenized {
    const content = this.tokenizeContent(text);
    const kept = content.slice(0, Math.max(0, maxTokens - this.frameSize));
    return { tokens: this.framed(kept), totalTokens: content.length + this.frameSize };
  }

  /** The tokens of `text` alone, as a chat template's text needs: it writes its own special tokens. */
  tokenizeContent(text: string): Token[] {
    return this.encoded(text).map((token) => this.tokenOf(token, text));
  }

  /** The parts of `text` that the vocabulary has nothing for; all of them are one and the same token to the model. */
  unknownParts(text: string): string[] {
    const unknown = this.tokenizeContent(text).filter(
      ({ piece, start, end }) => piece === this.unknownPiece && end > start,
    );
    return unknown.map(({ start, end }) => text.slice(start, end));
  }

  /** Content tokens with the model's special tokens around; these sit where their neighbours end. */
  framed(content: readonly Token[]): Token[] {
    const special = (pieces: readonly string[], border: number): Token[] =>
      pieces.map((piece) => ({
        ...{ id: this.encoder.idOf(piece), piece, text: piece },
        ...{ start: border, end: border, special: piece !== this.unknownPiece },
      }));
    return [
      ...special(this.frame.before, content[0]?.start ?? 0),
      ...content,
      ...special(this.frame.after, content.at(-1)?.end ?? 0),
    ];
  }

  /** Two texts as one sequence, special tokens and segment numbers (0 and 1) included. */
  encodePair(first: string, second: string): { ids: number[]; typeIds: number[] } {
    const pieces = (text: string): string[] => this.encoded(text).map((token) => token.piece);
    const [one, two] = [pieces(first), pieces(second)];
    const { tokens, token_type_ids } = this.library.post_processor?.(one, two, true) ?? {
      tokens: [...one, ...two],
    };
    // Frames without segment numbers (RoBERTa's byte-level post-processor) are one segment.
    return {
      ids: tokens.map((piece) => this.encoder.idOf(piece)),
      typeIds: token_type_ids ?? tokens.map(() => 0),
    };
  }

  /** The text that tokens spell, special tokens left out; bytes that are no UTF-8 (yet) become U+FFFD. */
  decode(ids: readonly number[]): string {
    return ids.length === 0
      ? ''
      : this.library.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }

  /** What a token adds to a text that goes on: with its space, where it begins a word. */
  textOf(id: number): string {
    // A text's first token is written differently, so we look at how the second is.
    return this.decode([id, id]).slice(this.decode([id]).length);
  }

  /** The vocabulary's spelling of an id. */
  pieceOf(id: number): string {
    return this.library.id_to_token(id) ?? `[${id}]`;
  }

  idOf(piece: string): number | undefined {
    return this.library.token_to_id(piece);
  }

  /** @throws {ScopeError} `tokenizerFailed`: what a definition is worth may show only when it is used */
  private encoded(text: string): EncodedToken[] {
    try {
      return this.encoder.encode(text);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new ScopeError('tokenizerFailed', detail, { cause: error });
    }
  }

  private tokenOf({ id, piece, start, end, added }: EncodedToken, text: string): Token {
    const shown = end > start ? text.slice(start, end) : piece;
    const special = added && piece !== this.unknownPiece;
    return { id, piece, text: shown, start, end, special };
  }
}

/** Which special tokens the post-processor puts before and behind a text. */
function frameOf({ post_processor }: Library): { before: string[]; after: string[] } {
  // A piece that no vocabulary has marks the text's place.
  const place = '\0text\0';
  const tokens = post_processor?.([place], null, true).tokens ?? [place];
  const at = tokens.indexOf(place);
  return { before: tokens.slice(0, at), after: tokens.slice(at + 1) };
}

function unknownPieceOf(definition: JsonObject): string | undefined {
  const model = definition['model'] as { unk_token?: unknown } | undefined;
  return typeof model?.unk_token === 'string' ? model.unk_token : undefined;
}
