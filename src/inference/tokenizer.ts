import { PreTrainedTokenizer } from '@huggingface/transformers';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';
import { byteRanges } from './byteRanges';
import { type Range, characterRanges } from './characterRanges';
import { type JsonObject, readJson } from './modelFolder';

/** A text as a model reads it. */
export interface Tokenized {
  readonly tokens: readonly Token[];
  /** Tokens before truncation, special tokens included. */
  readonly totalTokens: number;
}

/** The part of the library's tokenizer that we use. */
interface Encoder {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[]; tokens: string[] };
  encode(
    text: string,
    options: { text_pair: string; add_special_tokens: true; return_token_type_ids: true },
  ): { ids: number[]; token_type_ids: number[] };
  decode(
    ids: number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string;
  id_to_token(id: number): string | undefined;
  token_to_id(piece: string): number | undefined;
  get_added_tokens_decoder(): Map<number, unknown>;
}

/** A Hugging Face tokenizer that also knows where in the text each token comes from. */
export class Tokenizer {
  private constructor(
    private readonly encoder: Encoder,
    private readonly addedIds: ReadonlySet<number>,
    private readonly unknownPiece: string | undefined,
    private readonly isByteLevel: boolean,
    private readonly writesSpaces: boolean,
    /** `model_max_length` where the tokenizer states a sane one. */
    readonly maxTokens: number | undefined,
  ) {}

  /** Reads `tokenizer.json` and `tokenizer_config.json` of a model folder. */
  static async load(folder: string): Promise<Tokenizer> {
    const definition = await readJson(folder, 'tokenizer.json');
    const config = await readJson(folder, 'tokenizer_config.json').catch((): JsonObject => ({}));
    try {
      const tokenizer = new PreTrainedTokenizer(definition, config);
      const encoder = (tokenizer as unknown as { _tokenizer: Encoder })._tokenizer;
      const spelling = JSON.stringify([
        definition['normalizer'],
        definition['pre_tokenizer'],
        definition['decoder'],
      ]);
      const stated = config['model_max_length'];
      return new Tokenizer(
        encoder,
        new Set(encoder.get_added_tokens_decoder().keys()),
        unknownPieceOf(definition),
        /"type":"ByteLevel"/.test(spelling),
        // Metaspace, or Llama's older pair of Prepend and Replace.
        spelling.includes('▁'),
        typeof stated === 'number' && stated > 0 && stated < 1e7 ? stated : undefined,
      );
    } catch (error) {
      throw new ScopeError('tokenizerFailed', error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Tokenises `text`, keeping the special tokens around it and the first content tokens that fit.
   * @param maxTokens the most tokens that may remain, special tokens included
   */
  tokenize(text: string, maxTokens: number): Tokenized {
    const content = this.encoder.encode(text, { add_special_tokens: false });
    const whole = this.encoder.encode(text, { add_special_tokens: true });
    const added = whole.ids.length - content.ids.length;
    const prefix = added > 0 ? leadingAdded(whole.ids, content.ids) : 0;
    const keep = Math.max(0, Math.min(content.ids.length, maxTokens - added));
    const cut = content.ids.length - keep;
    const indices = whole.ids.map((_, index) => index);
    indices.splice(prefix + keep, cut);

    const ranges = this.rangesOf(text, content);
    const tokens = indices.map((index): Token => {
      const inContent = index - prefix;
      const special = inContent < 0 || inContent >= content.ids.length;
      // Special tokens sit where their neighbours end.
      const border = inContent < 0 ? 0 : (ranges[keep - 1]?.end ?? 0);
      const range = special ? { start: border, end: border } : (ranges[inContent] as Range);
      const piece = whole.tokens[index] as string;
      const isAdded = special || this.addedIds.has(whole.ids[index] as number);
      return {
        id: whole.ids[index] as number,
        piece,
        text: range.end > range.start ? text.slice(range.start, range.end) : piece,
        start: range.start,
        end: range.end,
        special: isAdded && piece !== this.unknownPiece,
      };
    });
    return { tokens, totalTokens: whole.ids.length };
  }

  /** Two texts as one sequence, special tokens and segment numbers (0 and 1) included. */
  encodePair(first: string, second: string): { ids: number[]; typeIds: number[] } {
    const { ids, token_type_ids } = this.encoder.encode(first, {
      text_pair: second,
      add_special_tokens: true,
      return_token_type_ids: true,
    });
    return { ids, typeIds: token_type_ids };
  }

  /** The text that tokens spell, special tokens left out; bytes that are no UTF-8 (yet) become U+FFFD. */
  decode(ids: readonly number[]): string {
    return ids.length === 0
      ? ''
      : this.encoder.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }

  /** What a token adds to a text that goes on: with its space, where it begins a word. */
  textOf(id: number): string {
    // A text's first token is written differently, so we look at how the second is.
    return this.decode([id, id]).slice(this.decode([id]).length);
  }

  /** The vocabulary's spelling of an id. */
  pieceOf(id: number): string {
    return this.encoder.id_to_token(id) ?? `[${id}]`;
  }

  idOf(piece: string): number | undefined {
    return this.encoder.token_to_id(piece);
  }

  private rangesOf(text: string, content: { ids: number[]; tokens: string[] }): Range[] {
    const isAdded = (index: number): boolean => this.addedIds.has(content.ids[index] as number);
    const exact = this.isByteLevel ? byteRanges(text, content.tokens, isAdded) : undefined;
    return (
      exact ??
      characterRanges(text, content.tokens, {
        isAdded,
        unknownPiece: this.unknownPiece,
        writesSpaces: this.writesSpaces,
      })
    );
  }
}

/** How many special tokens the post-processor put in front of the content. */
function leadingAdded(whole: readonly number[], content: readonly number[]): number {
  const added = whole.length - content.length;
  for (let prefix = added; prefix > 0; prefix--) {
    if (
      content.every((id, index) => whole[prefix + index] === id) &&
      (content.length > 0 || prefix === added)
    ) {
      // An empty text has nothing to tell front from back; one each is what templates do.
      return content.length > 0 ? prefix : Math.ceil(added / 2);
    }
  }
  return 0;
}

function unknownPieceOf(definition: JsonObject): string | undefined {
  const model = definition['model'] as { unk_token?: unknown } | undefined;
  return typeof model?.unk_token === 'string' ? model.unk_token : undefined;
}
