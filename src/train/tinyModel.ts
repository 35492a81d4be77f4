import { sinusoidalPositions } from '../scratch/sinusoidalPositions';
import type { TrainSettings } from '../protocol/train';
import { type LinearValues } from './linearStep';
import { type NormValues } from './normStep';
import { type Precision, type Value, makeValue } from './numbers';
import { numLetters, numPositions, tasks, vocabularySize } from './tasks';

/** The weights of one block, named as in `scratch/encoderBlock`. */
export interface TinyBlock {
  readonly attention: Readonly<Record<'query' | 'key' | 'value' | 'output', LinearValues>>;
  readonly attentionNorm: NormValues;
  readonly feedForward: Readonly<Record<'up' | 'down', LinearValues>>;
  readonly feedForwardNorm: NormValues;
}

/** A small transformer that is being trained: norms in front as in GPT-2, ReLU as in the original. */
export interface TinyModel {
  /** `[vocabularySize, modelWidth]` */
  readonly tokens: Value;
  /** `[positions, modelWidth]`: learnt, or sines and cosines that stay, or none. */
  readonly positions: { readonly table: Value; readonly isLearned: boolean } | null;
  readonly blocks: readonly TinyBlock[];
  readonly finalNorm: NormValues;
  /** From a blank to the letters, `[modelWidth, numLetters]`. */
  readonly unembedding: LinearValues;
}

/** The inner width of the feed-forward layer, in model widths. */
const innerFactor = 2;

/** A model of the right shape whose weights are all zero, norms that change nothing. */
export function makeTinyModel(settings: TrainSettings, precision: Precision = Float32Array): TinyModel {
  const { modelWidth, numLayers, positions, task } = settings;
  const count = numPositions(tasks[task]);
  const linear = (inputWidth: number, outputWidth: number): LinearValues => ({
    weight: makeValue(inputWidth, outputWidth, precision),
    bias: makeValue(1, outputWidth, precision),
  });
  const norm = (): NormValues => {
    const scale = makeValue(1, modelWidth, precision);
    scale.data.fill(1);
    return { scale, shift: makeValue(1, modelWidth, precision) };
  };
  const table = makeValue(count, modelWidth, precision);
  if (positions === 'sinusoidal') {
    table.data.set(sinusoidalPositions(count, modelWidth).data);
  }
  return {
    tokens: makeValue(vocabularySize, modelWidth, precision),
    positions: positions === 'none' ? null : { table, isLearned: positions === 'learned' },
    blocks: Array.from({ length: numLayers }, () => ({
      attention: {
        query: linear(modelWidth, modelWidth),
        key: linear(modelWidth, modelWidth),
        value: linear(modelWidth, modelWidth),
        output: linear(modelWidth, modelWidth),
      },
      attentionNorm: norm(),
      feedForward: {
        up: linear(modelWidth, innerFactor * modelWidth),
        down: linear(innerFactor * modelWidth, modelWidth),
      },
      feedForwardNorm: norm(),
    })),
    finalNorm: norm(),
    unembedding: linear(modelWidth, numLetters),
  };
}

/** Everything that is learnt, by name, always in the same order. */
export function parametersOf(model: TinyModel): Map<string, Value> {
  const found = new Map<string, Value>([['tokens', model.tokens]]);
  const put = (name: string, parts: Readonly<Record<string, Value>>): void => {
    Object.entries(parts).forEach(([part, value]) => found.set(`${name}.${part}`, value));
  };
  if (model.positions?.isLearned) {
    found.set('positions', model.positions.table);
  }
  model.blocks.forEach((block, index) => {
    const prefix = `blocks.${index}`;
    for (const name of ['query', 'key', 'value', 'output'] as const) {
      put(`${prefix}.attention.${name}`, { ...block.attention[name] });
    }
    put(`${prefix}.attentionNorm`, { ...block.attentionNorm });
    for (const name of ['up', 'down'] as const) {
      put(`${prefix}.feedForward.${name}`, { ...block.feedForward[name] });
    }
    put(`${prefix}.feedForwardNorm`, { ...block.feedForwardNorm });
  });
  put('finalNorm', { ...model.finalNorm });
  put('unembedding', { ...model.unembedding });
  return found;
}

/**
 * Gives the weights the numbers that training begins with: normal ones, of variance 1 / inputWidth for the matrices, so
 * that what goes through keeps its size. Biases stay zero, norms one.
 */
export function drawWeights(model: TinyModel, normal: () => number): void {
  for (const [name, value] of parametersOf(model)) {
    if (/(^|\.)weight$/.test(name)) {
      const size = 1 / Math.sqrt(value.rows);
      value.data.forEach((_, at) => (value.data[at] = size * normal()));
    } else if (name === 'tokens' || name === 'positions') {
      value.data.forEach((_, at) => (value.data[at] = embeddingSize * normal()));
    }
  }
}

/** About as large as sines and cosines. */
const embeddingSize = 0.7;
