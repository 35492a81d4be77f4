import { ElementType, type ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import type { InputTensor } from './runtime';

/**
 * What a text model's graph must be fed for one whole sequence, by the names that every Hugging Face
 * export uses. A cache (`past_key_values.*`) is fed empty: the run is then the plain forward pass.
 * @throws {ScopeError} `modelUnsupported` for an input that we cannot make from a text.
 */
export function makeFeeds(
  inputs: readonly ValueInfo[],
  ids: readonly number[],
  typeIds?: readonly number[],
): Map<string, InputTensor> {
  const feeds = new Map<string, InputTensor>();
  const sequence = [1, ids.length];
  for (const input of inputs) {
    if (input.name === 'input_ids') {
      feeds.set(input.name, integers(input, ids, sequence));
    } else if (input.name === 'attention_mask') {
      feeds.set(
        input.name,
        integers(
          input,
          ids.map(() => 1),
          sequence,
        ),
      );
    } else if (input.name === 'token_type_ids') {
      feeds.set(input.name, integers(input, typeIds ?? ids.map(() => 0), sequence));
    } else if (input.name === 'position_ids') {
      feeds.set(
        input.name,
        integers(
          input,
          ids.map((_, position) => position),
          sequence,
        ),
      );
    } else if (input.name === 'cache_position') {
      feeds.set(
        input.name,
        integers(
          input,
          ids.map((_, position) => position),
          [ids.length],
        ),
      );
    } else if (input.name.startsWith('past_key_values')) {
      feeds.set(input.name, emptyCache(input));
    } else if (input.name === 'use_cache_branch') {
      feeds.set(input.name, { elementType: ElementType.bool, data: new Uint8Array([0]), dims: [1] });
    } else {
      throw new ScopeError('modelUnsupported', `the model asks for “${input.name}”`);
    }
  }
  return feeds;
}

/** What earlier steps left: the cache by input name (`past_key_values.*`), and how many tokens it covers. */
export interface PastKeyValues {
  readonly length: number;
  readonly tensors: ReadonlyMap<string, InputTensor>;
}

/** Feeds for tokens that follow a cache: they are all that is computed. `ids` holds only the new ones. */
export function makeCachedFeeds(
  inputs: readonly ValueInfo[],
  ids: readonly number[],
  past: PastKeyValues,
): Map<string, InputTensor> {
  const feeds = makeFeeds(inputs, ids);
  const positions = ids.map((_, index) => past.length + index);
  for (const input of inputs) {
    const cached = past.tensors.get(input.name);
    if (cached) {
      feeds.set(input.name, cached);
    } else if (input.name === 'attention_mask') {
      const total = past.length + ids.length;
      feeds.set(input.name, integers(input, new Array<number>(total).fill(1), [1, total]));
    } else if (input.name === 'position_ids') {
      feeds.set(input.name, integers(input, positions, [1, ids.length]));
    } else if (input.name === 'cache_position') {
      feeds.set(input.name, integers(input, positions, [ids.length]));
    } else if (input.name === 'use_cache_branch') {
      feeds.set(input.name, { elementType: ElementType.bool, data: new Uint8Array([1]), dims: [1] });
    }
  }
  return feeds;
}

/** Inputs whose first axis is the batch. */
const perText =
  /^(input_ids|attention_mask|token_type_ids|position_ids|decoder_input_ids|past_key_values\..*)$/;

/** The feeds of one text, `count` times over as a batch; what is no text's stays as it is. */
export function repeatFeeds(
  feeds: ReadonlyMap<string, InputTensor>,
  count: number,
): Map<string, InputTensor> {
  return new Map(
    [...feeds].map(([name, tensor]) =>
      perText.test(name) ? [name, repeated(tensor, count)] : [name, tensor],
    ),
  );
}

function repeated({ elementType, data, dims }: InputTensor, count: number): InputTensor {
  const Numbers = data.constructor as new (length: number) => typeof data;
  const made = new Numbers(data.length * count);
  for (let each = 0; each < count; each++) {
    made.set(data as never, each * data.length);
  }
  return { elementType, data: made, dims: [count, ...dims.slice(1)] };
}

function integers(input: ValueInfo, values: readonly number[], dims: readonly number[]): InputTensor {
  if (input.elementType === ElementType.int32) {
    return { elementType: ElementType.int32, data: Int32Array.from(values), dims };
  }
  if (input.elementType === ElementType.float32) {
    return { elementType: ElementType.float32, data: Float32Array.from(values), dims };
  }
  return { elementType: ElementType.int64, data: BigInt64Array.from(values, BigInt), dims };
}

/** `[batch, kvHeads, 0, headDim]`: of the symbolic dimensions the first is the batch, any other the past. */
function emptyCache(input: ValueInfo): InputTensor {
  const dims = input.dims.map((dim, axis) => (typeof dim === 'number' ? dim : axis === 0 ? 1 : 0));
  return input.elementType === ElementType.float16
    ? { elementType: ElementType.float16, data: new Uint16Array(0), dims }
    : { elementType: ElementType.float32, data: new Float32Array(0), dims };
}
