import { cosine } from '../attention/cosine';
import { encoderNames, graphNames } from '../protocol/graphNames';
import { ScopeError } from '../protocol/errors';
import type { ValueInfo } from '../onnx/graph';
import { makeFeeds } from './feeds';
import { openTapped } from './graphSession';
import { type Rows, toRows } from './languageModel';
import { longestSequence, readConfig } from './modelConfig';
import { readJson } from './modelFolder';
import type { OutputTensor, Session } from './runtime';
import { Tokenizer } from './tokenizer';

/** A model tapped for the hidden state that enters each layer: what its layers make of a text, step by step. */
export class HiddenModel {
  private constructor(
    readonly tokenizer: Tokenizer,
    private readonly session: Session,
    private readonly inputs: readonly ValueInfo[],
    /** One tensor per layer whose input was found, in layer order. */
    private readonly names: readonly string[],
    /** The longest sequence the model reads, in tokens; Infinity when it states none. */
    readonly maxTokens: number,
    /** Size of the graph file, the measure of what the model takes in memory. */
    readonly bytes: number,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} when no layer's input can be found */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<HiddenModel> {
    const config = readConfig(await readJson(folder, 'config.json'));
    const tokenizer = await Tokenizer.load(folder);
    const wanted = config.isEncoderDecoder ? encoderNames(names) : names;
    const opened = await openTapped(
      folder,
      wanted,
      (_, found, name) => {
        if (found.every((block) => block.hidden === undefined)) {
          throw new ScopeError('modelUnsupported', `${name}: no layer’s input was found`);
        }
      },
      new Set(['hidden']),
    );
    const { session, graph, blocks, bytes } = opened;
    const tensors = [...new Set(blocks.flatMap((block) => block.hidden ?? []))];
    return new HiddenModel(
      tokenizer,
      session,
      graph.inputs,
      tensors,
      longestSequence(config, tokenizer),
      bytes,
    );
  }

  get numLayers(): number {
    return this.names.length;
  }

  /** The state entering each layer, `[tokens, width]` each. */
  async states(ids: readonly number[]): Promise<Rows[]> {
    const outputs = await this.session.run(makeFeeds(this.inputs, ids), this.names);
    return this.names.map((name) => toRows(outputs.get(name) as OutputTensor));
  }

  /** The mean over all tokens of the state entering the last layer, `[width]`; not normalised. */
  async embed(text: string): Promise<Float32Array> {
    const { tokens } = this.tokenizer.tokenize(text, this.maxTokens);
    const states = await this.states(tokens.map((token) => token.id));
    return meanRow(states.at(-1) as Rows);
  }

  /**
   * How alike texts are to each layer: cosines between the mean states that enter it, `[layers, texts, texts]`.
   * Mean-pooled states of a decoder lie in a narrow cone (Ethayarajh 2019): compare them with each other only.
   */
  async cosines(texts: readonly string[]): Promise<Float32Array> {
    const means: Float32Array[][] = [];
    for (const text of texts) {
      const { tokens } = this.tokenizer.tokenize(text, this.maxTokens);
      const states = await this.states(tokens.map((token) => token.id));
      means.push(states.map(meanRow));
    }
    const count = texts.length;
    return Float32Array.from({ length: this.numLayers * count * count }, (_, index) => {
      const layer = Math.floor(index / (count * count));
      const [one, two] = [Math.floor(index / count) % count, index % count];
      return cosine(means[one]![layer]!, means[two]![layer]!);
    });
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** The mean of the rows, `[width]`. */
export function meanRow({ numRows, width, data }: Rows): Float32Array {
  const mean = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let row = 0; row < numRows; row++) {
      sum += data[row * width + column]!;
    }
    mean[column] = sum / numRows;
  }
  return mean;
}
