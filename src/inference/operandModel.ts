import type { LayerOperands, OperandTensor } from '../attention/headOperands';
import type { SublayerRows } from '../attention/sublayerParts';
import { type LayerWiring, layerWirings } from '../compare/layerWiring';
import { ModelGraph } from '../compare/modelGraph';
import { graphNames } from '../protocol/graphNames';
import type { AttentionBlock, Operand } from '../onnx/attentionBlock';
import type { ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import { openTapped } from './graphSession';
import { readLayerWeights } from './layerWeights';
import { type ReadWeights, rowTensors, rowsOf } from './layerRows';
import type { OutputTensor, Session } from './runtime';
import { type StackInput, stackFeeds } from './stackInput';

/** Which attention of a decoder behind an encoder; anything else has one kind. */
export type BlockKind = 'self' | 'cross';

/**
 * A graph tapped for what its attention is computed from (queries, keys, values and masked scores), and for what its
 * layers make of that.
 */
export class OperandModel {
  private constructor(
    private readonly folder: string,
    private readonly session: Session,
    private readonly inputs: readonly ValueInfo[],
    private readonly blocks: readonly AttentionBlock[],
    private readonly wirings: readonly LayerWiring[],
    private readonly name: string,
    /** Size of the graph file, the measure of what the model takes in memory. */
    readonly bytes: number,
  ) {}

  /** Loads a graph of a folder in Hugging Face layout. @param names which, best first. @throws {ScopeError} */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<OperandModel> {
    let wirings: readonly LayerWiring[] = [];
    const taps = new Set(['scores', 'qkv'] as const);
    const opened = await openTapped(folder, names, undefined, taps, (graph, file) => {
      wirings = layerWirings(ModelGraph.of(graph, file));
      return wirings.flatMap(({ sublayers }) => sublayers.flatMap(rowTensors));
    });
    const { session, graph, blocks, name, bytes } = opened;
    return new OperandModel(folder, session, graph.inputs, blocks, wirings, name, bytes);
  }

  /**
   * What a layer's attention is computed from.
   * @throws {ScopeError} `modelUnsupported` where the graph hides one of them
   */
  async layer(layer: number, input: StackInput, kind: BlockKind = 'self'): Promise<LayerOperands> {
    const block = this.blocks.filter((each) => (each.kind === 'cross') === (kind === 'cross'))[layer];
    const { queries, keys, values, scores, form } = block ?? {};
    if (!queries || !keys || !values) {
      const hidden = [
        ...(queries ? [] : ['queries']),
        ...(keys ? [] : ['keys']),
        ...(values ? [] : ['values']),
      ];
      throw new ScopeError(
        'modelUnsupported',
        `${this.name}: ${form ?? 'no attention'}, ${hidden.join(', ')}`,
      );
    }
    const tensors = [queries.tensor, keys.tensor, values.tensor, ...(scores === undefined ? [] : [scores])];
    const outputs = await this.run(input, tensors);
    const read = ({ tensor, layout }: Operand): OperandTensor => {
      const { dims, data } = outputs.get(tensor) as OutputTensor;
      return { layout, dims, data };
    };
    return {
      queries: read(queries),
      keys: read(keys),
      values: read(values),
      scores: scores === undefined ? undefined : outputs.get(scores)?.data,
    };
  }

  /** How a layer is put together, as far as it could be followed. @throws {ScopeError} `badRequest` */
  wiring(layer: number): LayerWiring {
    const wiring = this.wirings[layer];
    if (!wiring) {
      throw new ScopeError('badRequest', `layer ${layer}`);
    }
    return wiring;
  }

  /** What a layer computes, `[tokens, width]` each, by the names of the wiring. */
  rowsOfLayer(layer: number, input: StackInput): Promise<ReadonlyMap<string, OutputTensor>> {
    const tensors = this.wiring(layer).sublayers.flatMap(rowTensors);
    return this.run(input, tensors);
  }

  /** A layer's weights, out of the file. */
  weightsOfLayer(layer: number): Promise<ReadWeights> {
    return readLayerWeights(this.folder, this.name, layer);
  }

  /** One token's numbers in each half of a layer. */
  rowsAt(
    layer: number,
    outputs: ReadonlyMap<string, OutputTensor>,
    read: ReadWeights,
    token: number,
    numTokens: number,
  ): SublayerRows[] {
    return this.wiring(layer)
      .sublayers.slice(0, read.weights.length)
      .map((each, place) => rowsOf(each, read.weights[place]!, outputs, token, numTokens));
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private run(input: StackInput, tensors: readonly string[]): Promise<Map<string, OutputTensor>> {
    return this.session.run(stackFeeds(this.inputs, input), [...new Set(tensors)]);
  }
}
