import type { LayerOperands, OperandTensor } from '../attention/headOperands';
import type { AttentionBlock, Operand } from '../onnx/attentionBlock';
import type { ValueInfo } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';
import { makeFeeds } from './feeds';
import { openTapped } from './graphSession';
import { readConfig } from './modelConfig';
import { encoderNames, graphNames, readJson } from './modelFolder';
import type { OutputTensor, Session } from './runtime';

/** A model tapped for what its attention is computed from: queries, keys, values and masked scores. */
export class OperandModel {
  private constructor(
    private readonly session: Session,
    private readonly inputs: readonly ValueInfo[],
    private readonly blocks: readonly AttentionBlock[],
    private readonly name: string,
    /** Size of the graph file, the measure of what the model takes in memory. */
    readonly bytes: number,
  ) {}

  /** Loads a folder in Hugging Face layout; of an encoder-decoder the encoder. @throws {ScopeError} */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<OperandModel> {
    const config = readConfig(await readJson(folder, 'config.json'));
    const wanted = config.isEncoderDecoder ? encoderNames(names) : names;
    const opened = await openTapped(folder, wanted, undefined, new Set(['scores', 'qkv']));
    const { session, graph, blocks, name, bytes } = opened;
    return new OperandModel(session, graph.inputs, blocks, name, bytes);
  }

  /**
   * What a layer's attention is computed from on one sequence of token ids.
   * @param typeIds the segment of each token, where the model tells two texts apart
   * @throws {ScopeError} `modelUnsupported` where the graph hides one of them
   */
  async layer(layer: number, ids: readonly number[], typeIds?: readonly number[]): Promise<LayerOperands> {
    const block = this.blocks[layer];
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
    const outputs = await this.session.run(makeFeeds(this.inputs, ids, typeIds), [...new Set(tensors)]);
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

  release(): Promise<void> {
    return this.session.release();
  }
}
