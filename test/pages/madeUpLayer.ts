import { layerSteps } from '../../src/attention/layerSteps';
import type { SublayerParts, SublayerRows } from '../../src/attention/sublayerParts';
import { biasByDistance, tablePicture, withoutPicture } from '../../src/attention/positionPictures';
import { rowMatrix } from '../../src/attention/stepVector';
import type { LayerWeights } from '../../src/attention/weights';
import type { LayerSteps, LayerStepsRequest } from '../../src/protocol/layerSteps';
import type { Positions, PositionsRequest } from '../../src/protocol/positions';
import { add } from '../../src/scratch/elementwise';
import { feedForward } from '../../src/scratch/feedForward';
import { type Linear, applyLinear } from '../../src/scratch/linear';
import { matrix } from '../../src/scratch/matrix';
import { type Norm, normalize } from '../../src/scratch/normalization';
import { sinusoidalPositions } from '../../src/scratch/sinusoidalPositions';
import type { SublayerWeights } from '../../src/scratch/sublayerWeights';

/** Which layer the stub's model has. */
export type LayerCase = 'post' | 'pre' | 'cross' | 'rounds' | 'gap';

export const layerWidth = 16;
const innerWidth = 32;

/** A layer of made-up weights; its sums and norms are real. */
export function madeUpLayer(
  { layer, query, dimension }: LayerStepsRequest,
  numHeads: number,
  kind: LayerCase,
): LayerSteps {
  const numbers = (length: number, seed: number): Float32Array =>
    Float32Array.from({ length }, (_, at) => Math.sin((at + 1) * (seed + 1.3 * layer + 0.7 * query)));
  const linear = (inWidth: number, outWidth: number, seed: number): Linear => ({
    weight: matrix(
      inWidth,
      outWidth,
      numbers(inWidth * outWidth, seed).map((value) => value / 4),
    ),
    bias: numbers(outWidth, seed + 0.5),
  });
  const norm = (seed: number): Norm => ({
    form: 'layer',
    scale: numbers(layerWidth, seed).map((value) => 1 + value / 4),
    shift: numbers(layerWidth, seed + 0.3),
    epsilon: 1e-5,
  });
  const isPre = kind === 'pre' || kind === 'rounds';
  const halves: readonly SublayerRows['kind'][] =
    kind === 'cross' ? ['self', 'cross', 'feedForward'] : kind === 'gap' ? ['self'] : ['self', 'feedForward'];
  let stream: Float32Array = numbers(layerWidth, 0.2).map((value) => 3 * value);
  const parts = halves.map((half, place): SublayerParts => {
    const isForward = half === 'feedForward';
    const weights: SublayerWeights = {
      output: linear(isForward ? innerWidth : layerWidth, layerWidth, 2.1 + place),
      ...(isForward && { up: [linear(layerWidth, innerWidth, 5.1)] }),
      ...(isPre ? { before: norm(1.7 + place) } : { after: norm(1.7 + place) }),
    };
    const input = weights.before ? normalize(weights.before, rowMatrix(stream)).data : stream;
    const [up] = weights.up ?? [];
    const steps = up && feedForward({ activation: 'gelu', up, down: weights.output }, rowMatrix(input));
    const inner = steps ? steps.activated.data : numbers(layerWidth, 7.7 + place);
    const result = applyLinear(weights.output, rowMatrix(inner)).data;
    const sum = add(rowMatrix(stream), rowMatrix(result)).data;
    const after = weights.after && normalize(weights.after, rowMatrix(sum)).data;
    const rows: SublayerRows = {
      ...{ kind: half, stream, input, inner, result, sum },
      ...(steps && { up: [steps.inner.data] }),
      ...(after && { after }),
    };
    stream = after ?? sum;
    return { rows, weights };
  });
  return layerSteps(
    parts,
    parts.map(() => numHeads),
    dimension,
    {
      rounds: kind === 'rounds',
      half: false,
      gap: kind === 'gap' ? { why: 'weights', detail: 'weights made by MatMulBnb4' } : null,
    },
  );
}

/** Positions of a made-up model; the table is the paper's. */
export function madeUpPositions(
  { layer, head }: PositionsRequest,
  layers: readonly LayerWeights[],
  causal: boolean,
  kind: Positions['kind'],
): Positions {
  const numTokens = layers[0]?.numTokens ?? 1;
  const even = layers.map((each) => ({
    ...each,
    data: each.data.map((_, cell) => {
      const [query, key] = [Math.floor(cell / numTokens) % numTokens, cell % numTokens];
      return causal ? (key <= query ? 1 / (query + 1) : 0) : 1 / numTokens;
    }),
  }));
  const addends = Float32Array.from(
    { length: numTokens * numTokens },
    (_, cell) => -0.25 * Math.abs((cell % numTokens) - Math.floor(cell / numTokens)),
  );
  const isTable = kind === 'learned' || kind === 'sinusoidal';
  return {
    kind,
    table: isTable ? tablePicture(sinusoidalPositions(64, layerWidth), 0, kind === 'sinusoidal') : null,
    bias:
      kind === 'relative'
        ? biasByDistance({ scale: 1, scaleKind: 'none', openKind: 'distance', addends }, numTokens, numTokens)
        : null,
    without: kind === 'none' ? null : withoutPicture(layers, even, layer, head),
    kept: kind === 'none' ? 'none' : null,
    causal,
  };
}
