import { graphNames } from '../protocol/graphNames';
import { ElementType, type ValueInfo } from '../onnx/graph';
import { lensLogits, lensPosition } from '../onnx/lensGraph';
import { ScopeError } from '../protocol/errors';
import type { LayerPrediction, LensReading } from '../protocol/language';
import { makeFeeds } from './feeds';
import { candidatesOf } from './fillMask';
import { openLens } from './graphSession';
import { type Head, headOf, rowOf, toRows } from './languageModel';
import { longestSequence, readConfig } from './modelConfig';
import { readJson } from './modelFolder';
import type { OutputTensor, Session } from './runtime';
import { entropyBits, logSoftmax } from './sampling';
import { type SpecialIds, readSpecialIds } from './specialIds';
import { Tokenizer } from './tokenizer';

/**
 * The copied head must give the model's own logits, of which the largest is 1 here: sums of another order differ in
 * the last digits, a dynamically quantised head (int8) rounds to a range that depends on the other rows.
 */
const tolerance = { exact: 1e-3, rounding: 0.1 };

/** A language model that says what it would answer if it ended after each layer (nostalgebraist 2020). */
export class LensModel {
  private constructor(
    readonly tokenizer: Tokenizer,
    readonly special: SpecialIds,
    private readonly session: Session,
    private readonly inputs: readonly ValueInfo[],
    private readonly head: Head,
    readonly numLayers: number,
    private readonly tolerance: number,
    /** The longest sequence the model reads, in tokens; Infinity when it states none. */
    readonly maxTokens: number,
    /** Size of the graph file, the measure of what the model takes in memory. */
    readonly bytes: number,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} when layers or head cannot be made out */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<LensModel> {
    const config = await readJson(folder, 'config.json');
    const tokenizer = await Tokenizer.load(folder);
    const special = await readSpecialIds(folder, config, tokenizer);
    const { session, graph, numLayers, rounds, bytes } = await openLens(folder, names);
    const maxTokens = longestSequence(readConfig(config), tokenizer);
    const head = headOf(config, graph.inputs, special);
    const near = rounds ? tolerance.rounding : tolerance.exact;
    return new LensModel(tokenizer, special, session, graph.inputs, head, numLayers, near, maxTokens, bytes);
  }

  /**
   * What each layer would put at a token (a masked model, for which it is masked) or behind it (a causal one).
   * @throws {ScopeError} `badRequest` for a position outside the text
   */
  async read(text: string, position: number, topK: number): Promise<LensReading> {
    const { tokens } = this.tokenizer.tokenize(text, this.maxTokens);
    if (!Number.isInteger(position) || position < 0 || position >= tokens.length) {
      throw new ScopeError('badRequest', `token ${position}`);
    }
    const ids = tokens.map((token) => token.id);
    const { mask } = this.special;
    const masked = this.head === 'masked';
    if (masked && mask === undefined) {
      throw new ScopeError('modelUnsupported', 'its tokenizer has no mask token');
    }
    const given = masked ? ids.map((id, index) => (index === position ? (mask as number) : id)) : ids;
    const actualId = masked ? ids[position] : ids[position + 1];
    const rows = await this.rows(given, position);
    return {
      head: masked ? 'masked' : 'causal',
      tokens,
      position,
      layers: rows.map((logits, layer) => this.predictionOf(layer, logits, topK, actualId)),
    };
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** Logits at one token, `[vocabulary]` each: of every layer's incoming state, then the model's own. */
  private async rows(ids: readonly number[], position: number): Promise<Float32Array[]> {
    const feeds = makeFeeds(this.inputs, ids);
    feeds.set(lensPosition, {
      elementType: ElementType.int64,
      data: BigInt64Array.of(BigInt(position)),
      dims: [1],
    });
    const outputs = await this.session.run(feeds, [lensLogits, 'logits']);
    const lens = toRows(outputs.get(lensLogits) as OutputTensor);
    const own = rowOf(toRows(outputs.get('logits') as OutputTensor), position);
    const rows = Array.from({ length: lens.numRows }, (_, row) => rowOf(lens, row));
    const last = rows.at(-1);
    if (rows.length !== this.numLayers + 1 || !last || !isNear(last, own, this.tolerance)) {
      throw new ScopeError(
        'modelUnsupported',
        'the part of the graph taken for the head does not give the logits',
      );
    }
    return [...rows.slice(0, -1), own];
  }

  private predictionOf(
    layer: number,
    logits: Float32Array,
    topK: number,
    actualId: number | undefined,
  ): LayerPrediction {
    const logProbabilities = logSoftmax(logits);
    const actual = actualId === undefined ? undefined : (logProbabilities[actualId] as number);
    return {
      layer,
      candidates: candidatesOf(this, logits, topK),
      entropyBits: entropyBits(logits),
      actual:
        actualId === undefined || actual === undefined
          ? null
          : {
              id: actualId,
              piece: this.tokenizer.pieceOf(actualId),
              probability: Math.exp(actual),
              rank: 1 + logProbabilities.reduce((count, each) => count + (each > actual ? 1 : 0), 0),
            },
    };
  }
}

function isNear(one: Float32Array, other: Float32Array, tolerance: number): boolean {
  const size = other.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return (
    one.length === other.length &&
    one.every((value, each) => Math.abs(value - other[each]!) <= tolerance * size)
  );
}
