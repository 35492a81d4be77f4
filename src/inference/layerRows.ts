import type { SublayerRows } from '../attention/sublayerParts';
import type { LinearWiring, SublayerWiring, WiringGap } from '../compare/layerWiring';
import { ScopeError } from '../protocol/errors';
import type { Linear } from '../scratch/linear';
import type { ByteRange } from '../scratch/roundToBytes';
import type { SublayerWeights } from '../scratch/sublayerWeights';
import type { OutputTensor } from './runtime';

/** The weights of a layer's halves, in order, as far as they could be read. */
export interface ReadWeights {
  readonly weights: readonly SublayerWeights[];
  /** Whether the file multiplies whole numbers, and whether its numbers have 16 bits. */
  readonly rounds: boolean;
  readonly half: boolean;
  /** What the configuration calls the activation. */
  readonly activation?: string | undefined;
  /** Why there are no more of them. */
  readonly gap?: { readonly why: WiringGap | 'weights'; readonly detail?: string };
}

/** The tensors of half a block that are looked at. */
export function rowTensors({ stream, input, output, up = [], sum, after }: SublayerWiring): string[] {
  return [
    stream,
    input,
    output.data,
    output.output,
    ...up.map((each) => each.output),
    ...(sum === undefined ? [] : [sum]),
    ...(after ? [after.output] : []),
  ];
}

/** One token's rows of half a block. @throws {ScopeError} where a tensor does not hold one row for each token */
export function rowsOf(
  wiring: SublayerWiring,
  weights: SublayerWeights,
  outputs: ReadonlyMap<string, OutputTensor>,
  token: number,
  numTokens: number,
): SublayerRows {
  const row = (tensor: string): Float32Array => {
    const data = outputs.get(tensor)?.data ?? new Float32Array(0);
    const width = data.length / numTokens;
    if (!Number.isInteger(width) || width === 0) {
      throw new ScopeError(
        'modelUnsupported',
        `“${tensor}” has ${data.length} numbers for ${numTokens} tokens`,
      );
    }
    return data.slice(token * width, (token + 1) * width);
  };
  // A bias that a later operator adds is added here, so that a product is whole.
  const product = ({ output, biasLater }: LinearWiring, { bias }: Linear): Float32Array =>
    biasLater && bias ? row(output).map((value, at) => value + bias[at]!) : row(output);
  return {
    kind: wiring.kind,
    stream: row(wiring.stream),
    input: row(wiring.input),
    inner: row(wiring.output.data),
    ...(wiring.output.use.node.opType === 'MatMulInteger' && {
      ranges: { input: rangeOf(outputs, wiring.input), inner: rangeOf(outputs, wiring.output.data) },
    }),
    ...(wiring.up && { up: wiring.up.map((each, place) => product(each, weights.up![place]!)) }),
    result: product(wiring.output, weights.output),
    ...(wiring.sum !== undefined && { sum: row(wiring.sum) }),
    ...(wiring.after && { after: row(wiring.after.output) }),
  };
}

function rangeOf(outputs: ReadonlyMap<string, OutputTensor>, tensor: string): ByteRange {
  const data = outputs.get(tensor)?.data ?? new Float32Array(0);
  return {
    least: data.reduce((least, value) => Math.min(least, value), Infinity),
    most: data.reduce((most, value) => Math.max(most, value), -Infinity),
  };
}
