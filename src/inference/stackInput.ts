import type { ValueInfo } from '../onnx/graph';
import { makeFeeds } from './feeds';
import type { InputTensor } from './runtime';
import { type Encoded, decoderFeeds } from './seq2seqDecoder';

/** What a stack reads: a text, and of a decoder behind an encoder what that made of its source. */
export interface StackInput {
  readonly ids: readonly number[];
  /** The segment of each token, where the model tells two texts apart. */
  readonly typeIds?: readonly number[];
  readonly encoded?: Encoded;
}

/** @throws {ScopeError} `modelUnsupported` for an input that cannot be made from a text */
export function stackFeeds(
  inputs: readonly ValueInfo[],
  { ids, typeIds, encoded }: StackInput,
): Map<string, InputTensor> {
  return encoded
    ? decoderFeeds(inputs, encoded, (rest) => makeFeeds(rest, ids))
    : makeFeeds(inputs, ids, typeIds);
}
