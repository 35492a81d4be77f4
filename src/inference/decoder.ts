import { ElementType, type ValueInfo } from '../onnx/graph';
import { type PastKeyValues, makeCachedFeeds, makeFeeds } from './feeds';
import { toFloat16 } from './float16';
import { type LanguageModel, rowOf, toRows } from './languageModel';
import type { InputTensor, OutputTensor } from './runtime';

/** Reads a text token by token and always knows the logits of the next one. */
export interface Decoder {
  /** Reads further tokens. @returns `[vocabulary]` logits of the token after them. */
  read(ids: readonly number[]): Promise<Float32Array>;
}

/** What a decoder needs of a model. */
export type DecoderGraph = Pick<LanguageModel, 'session' | 'inputs' | 'outputNames' | 'output'>;

/** With a key-value cache where the graph has one; else every step reads the whole text again. */
export function makeDecoder(model: DecoderGraph, useCache: boolean): Decoder {
  const names = useCache ? cacheNames(model) : undefined;
  return names ? new CachedDecoder(model, names) : new FullDecoder(model);
}

export function hasCache(model: DecoderGraph): boolean {
  return cacheNames(model) !== undefined;
}

/** Which input of the next step is fed by which output: `past_key_values.0.key` ← `present.0.key`. */
export function cacheNames(model: DecoderGraph): Map<string, string> | undefined {
  const pasts = model.inputs.filter((input) => input.name.startsWith('past_key_values'));
  const names = new Map(pasts.map(({ name }) => [name, name.replace('past_key_values', 'present')]));
  const complete =
    pasts.every(({ elementType }) => carried.has(elementType)) &&
    [...names.values()].every((name) => model.outputNames.has(name));
  return names.size > 0 && complete ? names : undefined;
}

/** Element types that a cache can be carried over in. */
const carried: ReadonlySet<number> = new Set([ElementType.float32, ElementType.float16]);

/** What one step gave, as the next is fed it: outputs reach us as float32, whatever they are. */
export function carriedOver(input: ValueInfo, { data, dims }: OutputTensor): InputTensor {
  return input.elementType === ElementType.float16
    ? { elementType: ElementType.float16, data: toFloat16(data), dims }
    : { elementType: ElementType.float32, data, dims };
}

/** Reads only what is new; the rest is in the cache. */
export class CachedDecoder implements Decoder {
  constructor(
    private readonly model: DecoderGraph,
    private readonly presents: ReadonlyMap<string, string>,
    /** What was read so far. Each reading makes a new one, so an earlier one can be gone on from again. */
    public past?: PastKeyValues | undefined,
  ) {}

  async read(ids: readonly number[]): Promise<Float32Array> {
    const { model, past } = this;
    const feeds = past ? makeCachedFeeds(model.inputs, ids, past) : makeFeeds(model.inputs, ids);
    const outputs = await model.session.run(feeds, ['logits', ...this.presents.values()]);
    const tensors = new Map<string, InputTensor>();
    for (const input of model.inputs) {
      const present = this.presents.get(input.name);
      if (present !== undefined) {
        tensors.set(input.name, carriedOver(input, outputs.get(present) as OutputTensor));
      }
    }
    this.past = { length: (past?.length ?? 0) + ids.length, tensors };
    return lastRow(outputs.get('logits') as OutputTensor);
  }
}

class FullDecoder implements Decoder {
  private readonly ids: number[] = [];

  constructor(private readonly model: DecoderGraph) {}

  async read(ids: readonly number[]): Promise<Float32Array> {
    this.ids.push(...ids);
    return lastRow(await this.model.output('logits', this.ids));
  }
}

function lastRow(tensor: OutputTensor): Float32Array {
  const rows = toRows(tensor);
  return rowOf(rows, rows.numRows - 1);
}
