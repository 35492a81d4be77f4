import type { LayerWeights } from '../attention/weights';
import type { AttentionBlock } from '../onnx/attentionBlock';
import { explainNoAttention } from '../onnx/explainNoAttention';
import type { Graph, ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import { makeFeeds } from './feeds';
import { openTapped } from './graphSession';
import { pixelInput, pixelTensor } from './imageFeeds';
import type { PixelValues } from './imageProcessor';
import type { InputTensor, OutputTensor, Session } from './runtime';

/** A tapped graph that reads pictures, texts, or both, as its inputs say. */
export class ImageTower {
  private constructor(
    readonly graphFile: string,
    readonly bytes: number,
    private readonly graph: Graph,
    private readonly blocks: readonly AttentionBlock[],
    private readonly session: Session,
  ) {}

  /** @param names the files to look for, best first. @throws {ScopeError} */
  static async load(folder: string, names: readonly string[]): Promise<ImageTower> {
    const { name, bytes, graph, blocks, session } = await openTapped(folder, names);
    return new ImageTower(name, bytes, graph, blocks, session);
  }

  gives(output: string): boolean {
    return this.graph.outputs.some((each) => each.name === output);
  }

  get readsPictures(): boolean {
    return this.graph.inputs.some((input) => input.name === pixelInput);
  }

  get readsTexts(): boolean {
    return this.graph.inputs.some((input) => input.name === 'input_ids');
  }

  /** How many tokens the graph is fixed to; undefined when any number goes. */
  get fixedTokens(): number | undefined {
    const dim = this.graph.inputs.find((input) => input.name === 'input_ids')?.dims[1];
    return typeof dim === 'number' && dim > 0 ? dim : undefined;
  }

  /** Some named outputs of one run. @throws {ScopeError} when the graph has no such output. */
  async outputs(names: readonly string[], given: Given): Promise<OutputTensor[]> {
    const missing = names.find((name) => !this.gives(name));
    if (missing !== undefined) {
      throw new ScopeError('modelUnsupported', `${this.graphFile} gives no “${missing}”`);
    }
    const found = await this.run(given, names);
    return names.map((name) => found.get(name) as OutputTensor);
  }

  /**
   * Attention of every layer that looks at the picture (or at the text).
   * @throws {ScopeError} `modelUnsupported` without any, or where it is not from all tokens to all (Swin).
   */
  async attend(side: 'picture' | 'text', given: Given): Promise<LayerWeights[]> {
    const both = this.readsPictures && this.readsTexts;
    const blocks = both ? this.blocks.filter((block) => this.sideOf(block) === side) : this.blocks;
    if (blocks.length === 0) {
      throw new ScopeError('modelUnsupported', `${this.graphFile}: ${explainNoAttention(this.graph)}`);
    }
    const names = blocks.map((block) => block.probabilities);
    const outputs = await this.run(given, names);
    return names.map((name) => toLayer(outputs.get(name) as OutputTensor, name));
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private run(given: Given, fetches: readonly string[]): Promise<Map<string, OutputTensor>> {
    return this.session.run(feedsOf(this.graph.inputs, given), fetches);
  }

  /** By the inputs that a block is computed from, which no renaming or reordering of the graph can hide. */
  private sideOf(block: AttentionBlock): 'picture' | 'text' {
    const producers = new Map(this.graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
    const added = [...(block.extension?.nodes ?? [])].flatMap((node) => node.inputs);
    const seen = new Set([
      block.probabilities,
      ...[block.scores, block.queries?.tensor, block.keys?.tensor].filter((each) => each !== undefined),
      ...added,
      ...(block.extension?.change?.node.inputs ?? []),
    ]);
    for (const tensor of seen) {
      producers.get(tensor)?.inputs.forEach((input) => seen.add(input));
    }
    return seen.has(pixelInput) ? 'picture' : 'text';
  }
}

/** What a run is fed; a graph with both inputs takes both. */
export interface Given {
  readonly pixels?: PixelValues;
  readonly ids?: readonly number[];
}

function feedsOf(inputs: readonly ValueInfo[], { pixels, ids }: Given): Map<string, InputTensor> {
  const pixelInfo = inputs.find((input) => input.name === pixelInput);
  const others = inputs.filter((input) => input !== pixelInfo);
  const feeds = others.length > 0 ? makeFeeds(others, ids ?? []) : new Map<string, InputTensor>();
  if (pixelInfo && pixels) {
    feeds.set(pixelInput, pixelTensor(pixelInfo, pixels));
  }
  return feeds;
}

/** `[1, heads, n, n]`, or `[heads, n, n]` from exports that fold the batch into the heads. */
function toLayer({ dims, data }: OutputTensor, name: string): LayerWeights {
  const [queries = 0, keys = 0] = dims.slice(-2);
  const numHeads = dims.at(-3) ?? 0;
  if (queries !== keys || data.length !== numHeads * queries * keys) {
    throw new ScopeError('modelUnsupported', `“${name}” has the shape [${dims.join(', ')}]`);
  }
  return { numHeads, numTokens: queries, data };
}
