import type { AttentionBlock } from '../onnx/attentionBlock';
import { findAttention } from '../onnx/findAttention';
import { flattenBranches } from '../onnx/flattenBranches';
import type { Graph, Node } from '../onnx/graph';
import { GraphIndex } from '../onnx/graphIndex';
import { type StoredTensor, readWeights } from '../onnx/readWeights';

/** Constants are wrapped a few times at most: transposed, cast, dequantised, viewed. */
const maxWrapping = 8;

/** Operators whose further inputs say where or how, not what. */
const oneInput = new Set(['CastLike', 'Reshape', 'Expand', 'Slice', 'Tile', 'Unsqueeze', 'Squeeze', 'Split']);

/** One graph of a model with everything that is asked of it. */
export class ModelGraph {
  readonly index: GraphIndex;
  readonly blocks: readonly AttentionBlock[];
  /** Place of each node in the file, which is in an order that a run could follow. */
  readonly order: ReadonlyMap<Node, number>;
  private readonly unwrapped = new Map<string, StoredTensor | undefined>();

  private constructor(
    readonly graph: Graph,
    readonly stored: ReadonlyMap<string, StoredTensor>,
    readonly file: Uint8Array,
    /** The files of weights beside it, by the names that it has for them; those that were read. */
    readonly beside: ReadonlyMap<string, Uint8Array>,
  ) {
    this.index = new GraphIndex(graph);
    this.blocks = findAttention(graph);
    this.order = new Map(graph.nodes.map((node, at) => [node, at]));
  }

  /**
   * @param file its bytes; those of a merged decoder are changed in place (see `flattenBranches`)
   * @param beside files of weights that it names, where its weights are to be read
   * @throws {WireError} when it is no ONNX model
   */
  static read(file: Uint8Array, beside: ReadonlyMap<string, Uint8Array> = new Map()): ModelGraph {
    const { graph } = flattenBranches(file, file.length);
    return ModelGraph.of(graph, file, beside);
  }

  /** The same of a graph that was read from the file already. */
  static of(graph: Graph, file: Uint8Array, beside: ReadonlyMap<string, Uint8Array> = new Map()): ModelGraph {
    return new ModelGraph(graph, readWeights(file), file, beside);
  }

  /** The stored tensor that a constant is made of: itself, or what it is a view, cast or dequantised form of. */
  storedBehind(tensor: string): StoredTensor | undefined {
    return this.unwrap(tensor, 0);
  }

  private unwrap(tensor: string, depth: number): StoredTensor | undefined {
    const own = this.stored.get(tensor);
    if (own || depth > maxWrapping || !this.index.isConstant(tensor)) {
      return own;
    }
    if (!this.unwrapped.has(tensor)) {
      this.unwrapped.set(tensor, this.largestInput(tensor, depth));
    }
    return this.unwrapped.get(tensor);
  }

  private largestInput(tensor: string, depth: number): StoredTensor | undefined {
    const inputs = this.index.producers.get(tensor)?.inputs ?? [];
    const behind = inputs.map((input) => this.unwrap(input, depth + 1)).filter((each) => each !== undefined);
    return behind.reduce<StoredTensor | undefined>(
      (most, each) => (most === undefined || sizeOf(each) > sizeOf(most) ? each : most),
      undefined,
    );
  }

  /**
   * What a tensor's numbers are made of, among what a run computes: not what only gives a shape, a type, or the
   * range to which numbers are rounded.
   */
  back(tensor: string): string[] {
    const producer = this.index.producers.get(tensor);
    if (!producer || producer.opType === 'Shape' || producer.opType === 'Size') {
      return [];
    }
    if (producer.opType === 'DynamicQuantizeLinear' && producer.outputs[0] !== tensor) {
      return [];
    }
    const inputs = this.computed(producer);
    return oneInput.has(producer.opType) ? inputs.filter((input) => input === producer.inputs[0]) : inputs;
  }

  /** Inputs of a node that a run computes. */
  computed(node: Node): string[] {
    return node.inputs.filter((input) => input !== '' && !this.index.isConstant(input));
  }
}

/** Number of elements. */
export function sizeOf({ dims }: StoredTensor): number {
  return dims.reduce((size, dim) => size * dim, 1);
}
