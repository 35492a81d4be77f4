import { ElementType, type ValueInfo } from '../onnx/graph';
import { type Decoder, carriedOver } from './decoder';
import { type PastKeyValues, makeCachedFeeds, makeFeeds } from './feeds';
import type { GraphSession } from './graphSession';
import { rowOf, toRows } from './languageModel';
import type { InputTensor, OutputTensor } from './runtime';

/** The encoder's result for one source text. */
export interface Encoded {
  /** `[1, sourceTokens, width]` */
  readonly states: OutputTensor;
  readonly length: number;
}

/**
 * The graphs that write with a key-value cache. `first` reads the beginning and computes the keys and values of
 * the source, which no later step changes; `next` reads one token at a time. A merged decoder is both.
 */
export interface CachedGraphs {
  readonly first: GraphSession;
  readonly next: GraphSession;
}

/** Reads the whole target at every step. */
export function wholeTargetDecoder(graph: GraphSession, encoded: Encoded): Decoder {
  const ids: number[] = [];
  return {
    read: async (more) => {
      ids.push(...more);
      const feeds = decoderFeeds(graph.graph.inputs, encoded, (inputs) => makeFeeds(inputs, ids));
      return lastRow(await graph.session.run(feeds, ['logits']));
    },
  };
}

/** Reads only what is new: the keys and values of the rest are carried over. */
export function cachedTargetDecoder({ first, next }: CachedGraphs, encoded: Encoded): Decoder {
  const pasts = next.graph.inputs.filter((input) => input.name.startsWith(pastPrefix));
  const tensors = new Map<string, InputTensor>();
  let past: PastKeyValues | undefined;
  return {
    read: async (ids) => {
      const graph = past ? next : first;
      const feeds = decoderFeeds(graph.graph.inputs, encoded, (inputs) =>
        past ? makeCachedFeeds(inputs, ids, past) : makeFeeds(inputs, ids),
      );
      // What belongs to the source is computed once; a merged decoder gives nothing in its place later.
      const wanted = pasts.filter((input) => !past || !isOfSource(input));
      const outputs = await graph.session.run(feeds, ['logits', ...wanted.map(presentOf)]);
      for (const input of wanted) {
        tensors.set(input.name, carriedOver(input, outputs.get(presentOf(input)) as OutputTensor));
      }
      past = { length: (past?.length ?? 0) + ids.length, tensors };
      return lastRow(outputs);
    },
  };
}

/** Whether `first` gives every key and value that `next` asks for, and `next` those that grow. */
export function canCarryOver({ first, next }: CachedGraphs): boolean {
  const pasts = next.graph.inputs.filter((input) => input.name.startsWith(pastPrefix));
  const gives = ({ graph }: GraphSession, input: ValueInfo): boolean =>
    graph.outputs.some((output) => output.name === presentOf(input));
  return (
    pasts.length > 0 &&
    pasts.every((input) => gives(first, input) && (isOfSource(input) || gives(next, input)))
  );
}

/** What a decoder's graph must be fed: the encoder's states and mask, and the target as `target` feeds it. */
export function decoderFeeds(
  inputs: readonly ValueInfo[],
  { states, length }: Encoded,
  target: (inputs: readonly ValueInfo[]) => Map<string, InputTensor>,
): Map<string, InputTensor> {
  const feeds = target(inputs.filter((input) => !input.name.startsWith('encoder_')));
  for (const input of inputs) {
    if (input.name === 'encoder_hidden_states') {
      feeds.set(input.name, carriedOver(input, states));
    } else if (input.name === 'encoder_attention_mask') {
      feeds.set(input.name, ones(input, length));
    }
  }
  return feeds;
}

const pastPrefix = 'past_key_values';

function presentOf({ name }: ValueInfo): string {
  return name.replace(pastPrefix, 'present');
}

function isOfSource({ name }: ValueInfo): boolean {
  return name.includes('.encoder.');
}

function lastRow(outputs: ReadonlyMap<string, OutputTensor>): Float32Array {
  const rows = toRows(outputs.get('logits') as OutputTensor);
  return rowOf(rows, rows.numRows - 1);
}

function ones(input: ValueInfo, length: number): InputTensor {
  const values = new Array<number>(length).fill(1);
  return input.elementType === ElementType.float32
    ? { elementType: ElementType.float32, data: Float32Array.from(values), dims: [1, length] }
    : { elementType: ElementType.int64, data: BigInt64Array.from(values, BigInt), dims: [1, length] };
}
