import { encoderNames, graphNames } from '../protocol/graphNames';
import { explainNoAttention } from '../onnx/explainNoAttention';
import type { ValueInfo } from '../onnx/graph';
import type { LayerWeights } from '../attention/weights';
import { ScopeError } from '../protocol/errors';
import type { ModelInfo, ModelSource } from '../protocol/model';
import { makeFeeds } from './feeds';
import { openTapped } from './graphSession';
import { type ModelConfig, longestSequence, readConfig } from './modelConfig';
import { readJson } from './modelFolder';
import type { OutputTensor, RuntimeKind, Session } from './runtime';
import { Tokenizer } from './tokenizer';

/** Weights of one text may take at most this much; it bounds the tokens of models with long contexts. */
const maxAttentionBytes = 512e6;

/** A model that is loaded, tapped and ready to attend. */
export class AttentionModel {
  private constructor(
    readonly info: ModelInfo,
    readonly tokenizer: Tokenizer,
    private readonly session: Session,
    private readonly inputs: readonly ValueInfo[],
    private readonly probabilityNames: readonly string[],
    readonly config: ModelConfig,
    /** Size of the graph file, the measure of what the model takes in memory. */
    readonly bytes: number,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} for anything missing or broken. */
  static async load(
    source: ModelSource,
    runtime: RuntimeKind,
    numThreads: number,
    names: readonly string[] = graphNames('fp32'),
  ): Promise<AttentionModel> {
    const started = performance.now();
    const config = readConfig(await readJson(source.folder, 'config.json'));
    const tokenizer = await Tokenizer.load(source.folder);
    // Of an encoder-decoder the encoder is looked into; its decoder attends to nothing without a target.
    const wanted = config.isEncoderDecoder ? encoderNames(names) : names;
    const opened = await openTapped(source.folder, wanted, (graph, blocks, name) => {
      if (blocks.length === 0) {
        throw new ScopeError('modelUnsupported', `${name}: ${explainNoAttention(graph)}`);
      }
    });
    const numLayers = opened.blocks.length;
    const numHeads = config.numHeads ?? 1;
    const affordable = Math.floor(Math.sqrt(maxAttentionBytes / 4 / (numLayers * numHeads)));
    const info: ModelInfo = {
      id: source.id,
      modelType: config.modelType,
      graphFile: opened.name,
      numLayers,
      numHeads,
      maxTokens: Math.min(longestSequence(config, tokenizer), affordable),
      runtime,
      numThreads,
      loadMilliseconds: performance.now() - started,
    };
    const outputs = opened.blocks.map((block) => block.probabilities);
    const { session, graph, bytes } = opened;
    return new AttentionModel(info, tokenizer, session, graph.inputs, outputs, config, bytes);
  }

  /**
   * Attention probabilities of every layer for one sequence of token ids.
   * @param typeIds the segment of each token, where the model tells two texts apart
   */
  async attend(ids: readonly number[], typeIds?: readonly number[]): Promise<LayerWeights[]> {
    const outputs = await this.session.run(makeFeeds(this.inputs, ids, typeIds), this.probabilityNames);
    return this.probabilityNames.map((name) =>
      toLayer(outputs.get(name) as OutputTensor, ids.length, this.config.numHeads, name),
    );
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** `[1, heads, n, n]`, or `[heads, n, n]` from families that fold the batch into the heads. */
function toLayer(
  tensor: OutputTensor,
  numTokens: number,
  configHeads: number | undefined,
  name: string,
): LayerWeights {
  const numHeads = tensor.data.length / (numTokens * numTokens);
  const [queries, keys] = tensor.dims.slice(-2);
  if (
    queries !== numTokens ||
    keys !== numTokens ||
    (configHeads !== undefined && numHeads !== configHeads)
  ) {
    throw new ScopeError('modelUnsupported', `“${name}” has the shape [${tensor.dims.join(', ')}]`);
  }
  return { numHeads, numTokens, data: tensor.data };
}
