import type { TokenizedText } from '../protocol/language';
import { longestSequence, readConfig } from './modelConfig';
import { fileSize } from './modelFiles';
import { readJson } from './modelFolder';
import { Tokenizer } from './tokenizer';

/** The part of a model that divides texts into tokens: what has to be loaded where nothing is computed. */
export class TextReader {
  private constructor(
    private readonly tokenizer: Tokenizer,
    /** The most tokens that the model reads; null where it states none. */
    readonly maxTokens: number | null,
    /** Size of the tokenizer's file. */
    readonly bytes: number,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} for anything missing or broken */
  static async load(folder: string): Promise<TextReader> {
    const tokenizer = await Tokenizer.load(folder);
    const most = longestSequence(readConfig(await readJson(folder, 'config.json')), tokenizer);
    return new TextReader(tokenizer, Number.isFinite(most) ? most : null, await TextReader.sizeOf(folder));
  }

  static async sizeOf(folder: string): Promise<number> {
    return (await fileSize(folder, 'tokenizer.json')) ?? 0;
  }

  /** The tokens of a text, special ones around it, without a limit. */
  read(text: string): TokenizedText {
    return { ...this.tokenizer.tokenize(text, Infinity), maxTokens: this.maxTokens };
  }

  /** How many tokens a text has, special ones around it not counted. */
  count(text: string): number {
    return this.tokenizer.tokenizeContent(text).length;
  }

  /** Nothing but memory of this process is held. */
  release(): Promise<void> {
    return Promise.resolve();
  }
}
