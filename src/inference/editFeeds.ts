import { type BlockInput, blockInput, blockInputs, editRows, idleInput } from '../onnx/editNames';
import type { EditableBlock } from '../onnx/editGraph';
import { ElementType } from '../onnx/graph';
import type { InputTensor, OutputTensor } from './runtime';

/** What is done to a model while it reads a text; layers are the blocks of its graph. */
export interface Intervention {
  readonly heads?: readonly HeadEdit[];
  readonly keys?: readonly KeyEdit[];
  readonly rows?: readonly RowEdit[];
}

/** A head's output: nothing, its mean over the tokens of the text, or other values, `[queries, size]`. */
export interface HeadEdit {
  readonly layer: number;
  readonly head: number;
  readonly with: 'zero' | 'mean' | Float32Array;
  /** Only at this token; at all where absent. */
  readonly query?: number;
}

/** A token that nobody may look at: in a head, in all of a layer, or everywhere. */
export interface KeyEdit {
  readonly key: number;
  readonly layer?: number;
  readonly head?: number;
}

/** A row of a head's probabilities that is replaced, `[keys]`. */
export interface RowEdit {
  readonly layer: number;
  readonly head: number;
  readonly query: number;
  readonly values: Float32Array;
}

/** How large a block's tensors are for one text. */
export interface BlockShape {
  readonly numHeads: number;
  readonly numQueries: number;
  readonly numKeys: number;
  /** Of a head's output. */
  readonly size: number;
  /** `folded`: batch and heads are one axis. */
  readonly layout: 'BHSD' | 'folded' | 'BSH';
}

/** Reads a block's sizes off a run on one text. @returns undefined where they do not fit together */
export function blockShape(
  block: EditableBlock,
  probabilities: OutputTensor,
  mixed: OutputTensor,
): BlockShape | undefined {
  const [numQueries = 0, numKeys = 0] = probabilities.dims.slice(-2);
  const numHeads = probabilities.data.length / (numQueries * numKeys);
  const size = mixed.data.length / (numQueries * numHeads);
  if (!Number.isInteger(numHeads) || !Number.isInteger(size)) {
    return undefined;
  }
  const isFlat = block.mixed?.layout === 'BSH';
  const layout = isFlat ? 'BSH' : probabilities.dims.length === 3 ? 'folded' : 'BHSD';
  return { numHeads, numQueries, numKeys, size, layout };
}

/** What all blocks are fed so that row `i` of the batch undergoes `rows[i]`. */
export function editFeeds(
  shapes: readonly BlockShape[],
  rows: readonly Intervention[],
): Map<string, InputTensor> {
  const feeds = idleFeeds(shapes.length);
  shapes.forEach((shape, layer) => {
    for (const [input, tensor] of blockFeeds(shape, layer, rows)) {
      feeds.set(blockInput(layer, input), tensor);
    }
  });
  return feeds;
}

/** What blocks are fed before their sizes are known: nothing is changed. */
export function idleFeeds(numBlocks: number): Map<string, InputTensor> {
  const feeds = new Map<string, InputTensor>();
  for (let layer = 0; layer < numBlocks; layer++) {
    blockInputs.forEach((input) => feeds.set(blockInput(layer, input), idle(input)));
  }
  feeds.set(editRows, { elementType: ElementType.float32, data: Float32Array.of(0), dims: [1] });
  return feeds;
}

function blockFeeds(
  shape: BlockShape,
  layer: number,
  rows: readonly Intervention[],
): Map<BlockInput, InputTensor> {
  const { numHeads, numQueries, numKeys } = shape;
  const feeds = new Map(blockInputs.map((input) => [input, idle(input)]));
  const tensors = new Map<BlockInput, EditTensor>();
  const tensor = (input: BlockInput, perHead: readonly [number, number]): EditTensor => {
    const made = tensors.get(input) ?? new EditTensor(shape, rows.length, perHead, idleInput[input]);
    tensors.set(input, made);
    return made;
  };
  const isPartial = rows.some(({ heads = [] }) =>
    heads.some((each) => each.layer === layer && 'query' in each),
  );
  rows.forEach(({ heads = [], keys = [], rows: replaced = [] }, row) => {
    for (const edit of keys) {
      if (edit.layer === undefined || edit.layer === layer) {
        for (let head = 0; head < numHeads; head++) {
          if (edit.head === undefined || edit.head === head) {
            tensor('keys', [1, numKeys]).set(row, head, 0, edit.key, 0);
          }
        }
      }
    }
    for (const { head, query, values } of replaced.filter((each) => each.layer === layer)) {
      tensor('rows', [numQueries, 1]).set(row, head, query, 0, 0);
      const replacement = tensor('replacement', [numQueries, numKeys]);
      values.forEach((value, key) => replacement.set(row, head, query, key, value));
    }
    for (const edit of heads.filter((each) => each.layer === layer)) {
      const queries = isPartial ? numQueries : 1;
      for (let query = 0; query < queries; query++) {
        if (edit.query === undefined || edit.query === query) {
          tensor('gate', [queries, 1]).setHead(row, edit.head, query, 0);
          if (edit.with === 'mean') {
            tensor('mean', [queries, 1]).setHead(row, edit.head, query, 1);
          }
        }
      }
      if (edit.with instanceof Float32Array) {
        tensor('added', [numQueries, shape.size]).put(row, edit.head, edit.with, edit.query);
      }
    }
  });
  tensors.forEach((made, input) =>
    feeds.set(input, made.input(input === 'gate' || input === 'mean' || input === 'added')),
  );
  return feeds;
}

function idle(input: BlockInput): InputTensor {
  return { elementType: ElementType.float32, data: Float32Array.of(idleInput[input]), dims: [1] };
}

/** `[batch, heads, first, second]` that becomes a feed in the layout of a block. */
class EditTensor {
  private readonly data: Float32Array;

  constructor(
    private readonly shape: BlockShape,
    private readonly numRows: number,
    private readonly perHead: readonly [number, number],
    idleValue: number,
  ) {
    this.data = new Float32Array(numRows * shape.numHeads * perHead[0] * perHead[1]).fill(idleValue);
  }

  set(row: number, head: number, first: number, second: number, value: number): void {
    this.data[this.at(row, head, first) + second] = value;
  }

  setHead(row: number, head: number, query: number, value: number): void {
    this.set(row, head, query, 0, value);
  }

  /** A head's output, whole or at one token. */
  put(row: number, head: number, values: Float32Array, query?: number): void {
    const [, size] = this.perHead;
    const part = query === undefined ? values : values.subarray(query * size, (query + 1) * size);
    this.data.set(part, this.at(row, head, query ?? 0));
  }

  /** @param ofOutput whether it acts on a head's output, whose axes may lie otherwise */
  input(ofOutput: boolean): InputTensor {
    const { layout, numHeads, size } = this.shape;
    const [first, second] = this.perHead;
    if (layout === 'BSH' && ofOutput) {
      const data = new Float32Array(this.numRows * first * numHeads * size);
      for (let index = 0; index < data.length; index++) {
        const column = index % size;
        const head = Math.floor(index / size) % numHeads;
        const query = Math.floor(index / (size * numHeads)) % first;
        const row = Math.floor(index / (size * numHeads * first));
        data[index] = this.data[this.at(row, head, query) + (second === 1 ? 0 : column)]!;
      }
      return { elementType: ElementType.float32, data, dims: [this.numRows, first, numHeads * size] };
    }
    const dims = layout === 'folded' ? [this.numRows * numHeads] : [this.numRows, numHeads];
    return { elementType: ElementType.float32, data: this.data, dims: [...dims, first, second] };
  }

  private at(row: number, head: number, first: number): number {
    const [firsts, seconds] = this.perHead;
    return ((row * this.shape.numHeads + head) * firsts + first) * seconds;
  }
}
