import { graphNames } from '../protocol/graphNames';
import { type EditableBlock, type IndirectReason } from '../onnx/editGraph';
import { editLogits, editPosition, editRowLogits, editRows, editState } from '../onnx/editNames';
import { ElementType, type ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import { type BlockShape, type Intervention, blockShape, editFeeds, idleFeeds } from './editFeeds';
import { makeFeeds, repeatFeeds } from './feeds';
import { openEditable } from './graphSession';
import { type Cancellation, breatheUnlessCancelled } from './cancellation';
import { type Head, type Rows, headOf, toRows } from './languageModel';
import { longestSequence, readConfig } from './modelConfig';
import { readJson } from './modelFolder';
import { byHead, isNear, rowOfBatch, spreadHeads } from './editTensors';
import type { InputTensor, OutputTensor, Session } from './runtime';
import { type SpecialIds, readSpecialIds } from './specialIds';
import { Tokenizer } from './tokenizer';

/** What a batch may take in memory, roughly: its rows are chosen so. */
const batchBytes = 160e6;
/** More rows at once gain nothing and delay a cancel. */
const maxRows = 24;

/** A text that was read with nothing changed, and what its blocks gave. */
export interface PlainReading {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[] | undefined;
  readonly position: number;
  /** `[vocabulary]`. */
  readonly logits: Float32Array;
  readonly shapes: readonly BlockShape[];
  /** Of each block, `[heads, queries, keys]`. */
  readonly probabilities: readonly Float32Array[];
  /** Of each block, `[heads, queries, size]`, whatever the graph's layout. */
  readonly outputs: readonly Float32Array[];
}

export interface RunOptions {
  readonly cancellation: Cancellation;
  /** Rows that are done, of how many. */
  readonly onRows?: (done: number, total: number) => void;
}

/** A language model whose attention can be changed while it reads. */
export class EditableModel {
  /** Set where rows of a batch turned out to change each other, or cannot be run. */
  private oneByOne: boolean;

  private constructor(
    readonly tokenizer: Tokenizer,
    readonly special: SpecialIds,
    readonly head: Head,
    private readonly session: Session,
    private readonly inputs: readonly ValueInfo[],
    readonly blocks: readonly EditableBlock[],
    readonly direct: 'yes' | IndirectReason,
    readonly rounds: boolean,
    /** The longest sequence the model reads, in tokens; Infinity when it states none. */
    readonly maxTokens: number,
    /** Size of the graph file, the measure of what the model takes in memory. */
    readonly bytes: number,
  ) {
    const batch = inputs.find((input) => input.name === 'input_ids')?.dims[0];
    this.oneByOne = rounds || typeof batch === 'number';
  }

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} where heads cannot be changed */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<EditableModel> {
    const config = await readJson(folder, 'config.json');
    const tokenizer = await Tokenizer.load(folder);
    const special = await readSpecialIds(folder, config, tokenizer);
    const { session, graph, blocks, direct, rounds, bytes, name } = await openEditable(folder, names);
    const closed = blocks.find((block) => !block.editsOutputs);
    if (closed || blocks.some((block) => block.kind !== 'self')) {
      await session.release();
      throw new ScopeError(
        'modelUnsupported',
        closed ? `${name}: ${closed.form}` : `${name}: more than one stack`,
      );
    }
    const maxTokens = longestSequence(readConfig(config), tokenizer);
    const head = headOf(config, graph.inputs, special);
    const { inputs } = graph;
    return new EditableModel(
      tokenizer,
      special,
      head,
      session,
      inputs,
      blocks,
      direct,
      rounds,
      maxTokens,
      bytes,
    );
  }

  /** Whether rows of attention can be changed in every block. */
  get changesAttention(): boolean {
    return this.blocks.every((block) => block.editsProbabilities);
  }

  /** Reads a text as it is. @throws {ScopeError} `modelUnsupported` where a block's sizes do not fit together */
  async read(
    ids: readonly number[],
    typeIds: readonly number[] | undefined,
    position: number,
  ): Promise<PlainReading> {
    const feeds = this.feeds(ids, typeIds, position);
    idleFeeds(this.blocks.length).forEach((tensor, name) => feeds.set(name, tensor));
    const wanted = this.blocks.flatMap(({ probabilities, mixed }) => [probabilities, mixed?.tensor ?? '']);
    const results = await this.run(feeds, [...wanted, editLogits]);
    const shapes = this.blocks.map((block) => {
      const { probabilities, mixed } = block;
      const [weights, output] = [probabilities, mixed?.tensor ?? ''].map((name) => results.get(name));
      const shape = weights && output && blockShape(block, weights, output);
      if (!shape) {
        throw new ScopeError('modelUnsupported', `[${weights?.dims.join()}] · [${output?.dims.join()}]`);
      }
      return shape;
    });
    return {
      ids,
      typeIds,
      position,
      logits: (results.get(editLogits) as OutputTensor).data,
      shapes,
      probabilities: this.blocks.map(({ probabilities }) => results.get(probabilities)!.data),
      outputs: this.blocks.map(({ mixed }, block) => {
        const { data } = results.get(mixed?.tensor ?? '') as OutputTensor;
        return shapes[block]!.layout === 'BSH' ? byHead(data, shapes[block]!) : data;
      }),
    };
  }

  /** Logits at the position, a row for each intervention. Cancelled between batches, with `cancelled`. */
  async logits(
    reading: PlainReading,
    interventions: readonly Intervention[],
    options: RunOptions,
  ): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let next = 0; next < interventions.length;) {
      await breatheUnlessCancelled(options.cancellation);
      const size = this.batchSize(reading);
      const batch = interventions.slice(next, next + size);
      const found = await this.batch(reading, size > 1 ? [{}, ...batch] : batch);
      if (found) {
        rows.push(...found.slice(size > 1 ? 1 : 0));
        next += batch.length;
        options.onRows?.(next, interventions.length);
      } else {
        this.oneByOne = true;
      }
    }
    return rows;
  }

  /** What the blocks add to the residual stream under interventions, `[tokens, width]` by row and block. */
  async results(
    reading: PlainReading,
    interventions: readonly Intervention[],
    options: RunOptions,
  ): Promise<Rows[][]> {
    const names = this.blocks.map(({ result }) => result?.tensor ?? '');
    const { ids, typeIds, position } = reading;
    const rows: Rows[][] = [];
    for (let next = 0; next < interventions.length;) {
      await breatheUnlessCancelled(options.cancellation);
      const batch = interventions.slice(next, next + this.batchSize(reading));
      const feeds = repeatFeeds(this.feeds(ids, typeIds, position), batch.length);
      editFeeds(reading.shapes, batch).forEach((tensor, name) => feeds.set(name, tensor));
      const found = await this.run(feeds, names);
      batch.forEach((_, row) => {
        rows.push(names.map((name) => rowOfBatch(found.get(name)!, row, batch.length)));
      });
      next += batch.length;
      options.onRows?.(next, interventions.length);
    }
    return rows;
  }

  /** The values that blocks weigh up, `[heads, tokens, size]` each. @returns undefined where the graph hides them */
  async values(reading: PlainReading): Promise<Float32Array[] | undefined> {
    const tensors = this.blocks.map(({ values }) => values);
    if (tensors.some((values) => values?.layout !== 'BHSD')) {
      return undefined;
    }
    const feeds = this.feeds(reading.ids, reading.typeIds, reading.position);
    idleFeeds(this.blocks.length).forEach((tensor, name) => feeds.set(name, tensor));
    const found = await this.run(feeds, [...new Set(tensors.map((values) => values!.tensor))]);
    const spread = tensors.map((values, block) =>
      spreadHeads(found.get(values!.tensor)!.data, reading.shapes[block]!),
    );
    return spread.some((each) => !each) ? undefined : (spread as Float32Array[]);
  }

  /** The residual stream behind the last layer at the position, `[width]`. */
  async state({ ids, typeIds, position }: PlainReading): Promise<Float32Array> {
    const feeds = this.feeds(ids, typeIds, position);
    idleFeeds(this.blocks.length).forEach((tensor, name) => feeds.set(name, tensor));
    return (await this.run(feeds, [editState])).get(editState)!.data;
  }

  /** States through the head behind the last layer. @returns `[vocabulary]` each */
  async throughHead(states: readonly Float32Array[]): Promise<Float32Array[]> {
    const width = states[0]?.length ?? 0;
    const data = new Float32Array(states.length * width);
    states.forEach((state, row) => data.set(state, row * width));
    // The graph reads a text besides, of which the shortest will do.
    const feeds = this.feeds([0], undefined, 0);
    idleFeeds(this.blocks.length).forEach((tensor, name) => feeds.set(name, tensor));
    feeds.set(editRows, { elementType: ElementType.float32, data, dims: [1, states.length, width] });
    const {
      numRows,
      width: vocabulary,
      data: logits,
    } = toRows((await this.run(feeds, [editRowLogits])).get(editRowLogits)!);
    return Array.from({ length: numRows }, (_, row) =>
      logits.subarray(row * vocabulary, (row + 1) * vocabulary),
    );
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** @returns undefined where the batch cannot be run, or its unchanged row is not what the text gives alone */
  private async batch(
    reading: PlainReading,
    rows: readonly Intervention[],
  ): Promise<Float32Array[] | undefined> {
    const feeds = repeatFeeds(this.feeds(reading.ids, reading.typeIds, reading.position), rows.length);
    editFeeds(reading.shapes, rows).forEach((tensor, name) => feeds.set(name, tensor));
    let found: Map<string, OutputTensor>;
    try {
      found = await this.run(feeds, [editLogits]);
    } catch (error) {
      if (rows.length > 1) {
        return undefined;
      }
      throw error;
    }
    const logits = rows.map((_, row) => rowOfBatch(found.get(editLogits)!, row, rows.length).data);
    return rows.length > 1 && !isNear(logits[0]!, reading.logits) ? undefined : logits;
  }

  private batchSize({ ids, shapes, logits }: PlainReading): number {
    if (this.oneByOne) {
      return 1;
    }
    const { numHeads, size } = shapes[0]!;
    const floats = ids.length * (logits.length + 8 * numHeads * ids.length + 24 * numHeads * size);
    return Math.max(1, Math.min(maxRows, Math.floor(batchBytes / 4 / floats)));
  }

  private feeds(
    ids: readonly number[],
    typeIds: readonly number[] | undefined,
    position: number,
  ): Map<string, InputTensor> {
    const feeds = makeFeeds(this.inputs, ids, typeIds);
    const data = BigInt64Array.of(BigInt(position));
    return feeds.set(editPosition, { elementType: ElementType.int64, data, dims: [1] });
  }

  /** Blocks and heads that cannot be changed have no inputs. */
  private run(
    feeds: Map<string, InputTensor>,
    fetches: readonly string[],
  ): Promise<Map<string, OutputTensor>> {
    const { inputNames } = this.session;
    return this.session.run(new Map([...feeds].filter(([name]) => inputNames.includes(name))), fetches);
  }
}
