import { ScopeError } from '../protocol/errors';
import type { Precision } from '../protocol/model';
import type { JsonObject } from './modelFolder';

/** The graph files of an encoder-decoder by the names that Hugging Face exports have, each list best first. */
export interface Seq2SeqFiles {
  readonly encoder: readonly string[];
  readonly decoder: readonly string[];
  /** The decoder's second half, for steps that have a cache; a merged decoder needs none. */
  readonly withPast: readonly string[];
}

export function seq2seqFiles(precision: Precision): Seq2SeqFiles {
  const suffixes =
    precision === 'int8'
      ? ['_quantized', '_int8', '_uint8', '', '_fp16', '_q4']
      : ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4'];
  const names = (stems: readonly string[]): string[] =>
    suffixes.flatMap((suffix) => stems.map((stem) => `onnx/${stem}${suffix}.onnx`));
  return {
    encoder: names(['encoder_model']),
    decoder: names(['decoder_model', 'decoder_model_merged']),
    withPast: names(['decoder_with_past_model']),
  };
}

/** How a family's decoder begins and what it may not say. */
export interface DecoderSettings {
  readonly start: number;
  readonly forcedFirst: number | undefined;
  readonly suppressed: readonly number[];
}

/** @throws {ScopeError} when nothing says how the target begins */
export function decoderSettings(config: JsonObject): DecoderSettings {
  const number = (key: string): number | undefined =>
    typeof config[key] === 'number' ? config[key] : undefined;
  const start = number('decoder_start_token_id') ?? number('bos_token_id') ?? number('pad_token_id');
  if (start === undefined) {
    throw new ScopeError('modelUnsupported', 'config.json states no decoder_start_token_id');
  }
  const bad = Array.isArray(config['bad_words_ids']) ? config['bad_words_ids'] : [];
  return {
    start,
    forcedFirst: number('forced_bos_token_id'),
    // Words of several tokens are left alone: only the last of them would have to be kept from coming.
    suppressed: bad.flatMap((word: unknown) =>
      Array.isArray(word) && word.length === 1 && typeof word[0] === 'number' ? [word[0]] : [],
    ),
  };
}
