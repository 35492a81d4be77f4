import { graphNames } from '../protocol/graphNames';
import type { ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import { makeFeeds } from './feeds';
import { openGraph } from './graphSession';
import { longestSequence, readConfig } from './modelConfig';
import { type JsonObject, readJson } from './modelFolder';
import type { OutputTensor, Session } from './runtime';
import { type SpecialIds, readSpecialIds } from './specialIds';
import { Tokenizer } from './tokenizer';

/** What the last layer of a model answers. */
export type Head = 'causal' | 'masked' | 'detector' | 'other';

/** `[tokens, width]` rows in one array. */
export interface Rows {
  readonly numRows: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** A language model over a plain session: nothing is tapped, so it runs as fast as its graph. */
export class LanguageModel {
  private constructor(
    readonly tokenizer: Tokenizer,
    readonly session: Session,
    readonly inputs: readonly ValueInfo[],
    readonly outputNames: ReadonlySet<string>,
    readonly head: Head,
    readonly special: SpecialIds,
    /** `config.json` as it stands, for what only some models state (`id2label`). */
    readonly config: JsonObject,
    /** The longest sequence the model reads, in tokens; Infinity when it states none. */
    readonly maxTokens: number,
    /** Size of the graph file, the measure of what the model takes in memory. */
    readonly bytes: number,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} for anything missing or broken. */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<LanguageModel> {
    const config = await readJson(folder, 'config.json');
    const tokenizer = await Tokenizer.load(folder);
    const special = await readSpecialIds(folder, config, tokenizer);
    const { graph, session, bytes } = await openGraph(folder, names);
    return new LanguageModel(
      tokenizer,
      session,
      graph.inputs,
      new Set(graph.outputs.map((output) => output.name)),
      headOf(config, graph.inputs, special),
      special,
      config,
      longestSequence(readConfig(config), tokenizer),
      bytes,
    );
  }

  /** One plain forward pass. @returns `[tokens, vocabulary]`: row i scores the token after, or at, i. */
  async logits(ids: readonly number[]): Promise<Rows> {
    return toRows(await this.output('logits', ids));
  }

  /** One named output of a plain forward pass. @throws {ScopeError} when the graph has no such output. */
  async output(name: string, ids: readonly number[], typeIds?: readonly number[]): Promise<OutputTensor> {
    if (!this.outputNames.has(name)) {
      throw new ScopeError('modelUnsupported', `the model gives no “${name}”`);
    }
    const outputs = await this.session.run(makeFeeds(this.inputs, ids, typeIds), [name]);
    return outputs.get(name) as OutputTensor;
  }

  /** @throws {ScopeError} unless the model has this head. */
  requireHead(head: Exclude<Head, 'other'>): void {
    if (this.head !== head || !this.outputNames.has('logits')) {
      const wanted = head === 'detector' ? 'model that detects replaced tokens' : `${head} language model`;
      throw new ScopeError('modelUnsupported', `this takes a ${wanted}`);
    }
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** The last two axes of `[1, tokens, width]`. */
export function toRows(tensor: OutputTensor): Rows {
  const [numRows = 0, width = 0] = tensor.dims.slice(-2);
  return { numRows, width, data: tensor.data };
}

/** A view of one row. */
export function rowOf(rows: Rows, index: number): Float32Array {
  return rows.data.subarray(index * rows.width, (index + 1) * rows.width);
}

/** By the class that was exported; where none is named, by a cache or a mask token. */
export function headOf(config: JsonObject, inputs: readonly ValueInfo[], special: SpecialIds): Head {
  const classes = [config['architectures']].flat().join(' ');
  if (classes.includes('ElectraForPreTraining')) {
    // One logit a token: whether it was replaced (Clark et al. 2020).
    return 'detector';
  }
  if (/MaskedLM|ForPreTraining/.test(classes)) {
    return 'masked';
  }
  if (/CausalLM|LMHeadModel/.test(classes)) {
    return 'causal';
  }
  if (classes !== '') {
    return 'other';
  }
  if (inputs.some((input) => input.name.startsWith('past_key_values'))) {
    return 'causal';
  }
  return special.mask === undefined ? 'other' : 'masked';
}
