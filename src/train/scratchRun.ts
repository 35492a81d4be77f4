import type { TrainLook, TrainSettings } from '../protocol/train';
import { add } from '../scratch/elementwise';
import { embed } from '../scratch/embedding';
import { type EncoderBlockWeights, encoderBlock } from '../scratch/encoderBlock';
import { type Linear, applyLinear } from '../scratch/linear';
import { causalMask } from '../scratch/masks';
import { type Matrix, matrix, rowOf } from '../scratch/matrix';
import { type Norm, normalize } from '../scratch/normalization';
import { softmaxRows } from '../scratch/softmax';
import type { LinearValues } from './linearStep';
import { type NormValues, normEpsilon } from './normStep';
import type { Value } from './numbers';
import { type Example, alphabet, tokenText } from './tasks';
import type { TinyBlock, TinyModel } from './tinyModel';

/** One example, read by the transformer from scratch with the weights that are being trained. */
export interface ScratchRun {
  /** The letters' logits of each blank, `[blanks, numLetters]`. */
  readonly logits: Matrix;
  /** Row-major `[numLayers, numHeads, positions, positions]`. */
  readonly attention: Float32Array<ArrayBuffer>;
}

/** The computation of `forward` as `src/scratch` writes it down; what is shown comes from here. */
export function scratchRun(
  model: TinyModel,
  { tokens, targets }: Example,
  { numHeads, causal }: Pick<TrainSettings, 'numHeads' | 'causal'>,
): ScratchRun {
  const embedded = embed(matrixOf(model.tokens), tokens);
  const mask = causal ? causalMask(tokens.length) : undefined;
  const cells = tokens.length ** 2;
  const attention = new Float32Array(model.blocks.length * numHeads * cells);
  let stream = model.positions ? add(embedded, matrixOf(model.positions.table)) : embedded;
  model.blocks.forEach((block, layer) => {
    const steps = encoderBlock(blockOf(block, numHeads), stream, mask);
    steps.attention.inner.heads.forEach(({ weights }, head) => {
      attention.set(weights.data, (layer * numHeads + head) * cells);
    });
    stream = steps.output;
  });
  const first = tokens.length - targets.length;
  const blanks = matrix(targets.length, stream.columns, stream.data.slice(first * stream.columns));
  const logits = applyLinear(linearOf(model.unembedding), normalize(normOf(model.finalNorm), blanks));
  return { logits, attention };
}

/** What a page shows of such a run. */
export function lookAt(step: number, example: Example, { logits, attention }: ScratchRun): TrainLook {
  const probabilities = softmaxRows(logits);
  const rows = example.targets.map((_, blank) => rowOf(probabilities, blank));
  const answers = rows.map((row) => row.indexOf(Math.max(...row)));
  return {
    step,
    tokens: example.tokens.map(tokenText),
    firstBlank: example.tokens.length - example.targets.length,
    targets: example.targets.map((letter) => alphabet[letter]!),
    answers: answers.map((letter) => alphabet[letter] ?? '?'),
    answerProbabilities: rows.map((row, blank) => row[answers[blank]!] ?? NaN),
    targetProbabilities: rows.map((row, blank) => row[example.targets[blank]!]!),
    attention: attention.buffer,
  };
}

function blockOf(
  { attention, attentionNorm, feedForward, feedForwardNorm }: TinyBlock,
  numHeads: number,
): EncoderBlockWeights {
  return {
    attention: {
      numHeads,
      query: linearOf(attention.query),
      key: linearOf(attention.key),
      value: linearOf(attention.value),
      output: linearOf(attention.output),
    },
    attentionNorm: normOf(attentionNorm),
    feedForward: { activation: 'relu', up: linearOf(feedForward.up), down: linearOf(feedForward.down) },
    feedForwardNorm: normOf(feedForwardNorm),
    placement: 'pre',
  };
}

function linearOf({ weight, bias }: LinearValues): Linear {
  return { weight: matrixOf(weight), bias: single(bias) };
}

function normOf({ scale, shift }: NormValues): Norm {
  return { form: 'layer', scale: single(scale), shift: single(shift), epsilon: normEpsilon };
}

function matrixOf(value: Value): Matrix {
  return matrix(value.rows, value.columns, single(value));
}

/** A view where the numbers are single already. */
function single({ data }: Value): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
