import type { LinearWiring, NormWiring, SublayerWiring } from '../compare/layerWiring';
import { type ModelGraph, sizeOf } from '../compare/modelGraph';
import { constantMatrix, storedNumbers } from './constantMatrix';
import type { Linear } from './linear';
import type { Norm } from './normalization';
import { projectionMatrix } from './projectionMatrix';

/** The weights of half a block, as they stand in the file. */
export interface SublayerWeights {
  readonly before?: Norm;
  /** Of attention W_O; of a feed-forward layer the last matrix. */
  readonly output: Linear;
  readonly up?: readonly Linear[];
  readonly after?: Norm;
}

/** What the operators take for ε where a file does not say it. */
const usualEpsilon = 1e-5;
/** A norm that is spelled out is a few operators long. */
const insideNorm = new Set(['Div', 'Mul', 'Sub', 'Sqrt', 'Reciprocal', 'Pow', 'Cast', 'Identity']);

/**
 * Reads the weights of half a block out of the file.
 * @throws {ScopeError} when they are stored in a way that is not read here
 */
export function sublayerWeights(model: ModelGraph, wiring: SublayerWiring): SublayerWeights {
  const { before, output, up, after } = wiring;
  return {
    output: linearOf(model, output),
    ...(before && { before: normOf(model, before) }),
    ...(up && { up: up.map((each) => linearOf(model, each)) }),
    ...(after && { after: normOf(model, after) }),
  };
}

function linearOf(model: ModelGraph, { use }: LinearWiring): Linear {
  const [bias] = use.biases;
  return { weight: projectionMatrix(model, use), ...(bias && { bias: storedNumbers(model, bias) }) };
}

function normOf(model: ModelGraph, { use }: NormWiring): Norm {
  const [scale, shift] = use.weights.map((each) => storedNumbers(model, each));
  return {
    form: use.form === 'RMSNorm' ? 'rms' : 'layer',
    scale: scale ?? new Float32Array(0),
    ...(shift && { shift }),
    epsilon: epsilonOf(model, use.node),
  };
}

/** ε is a setting of the operator, or a lone number that is added where the norm is spelled out. */
function epsilonOf(model: ModelGraph, node: NormWiring['use']['node']): number {
  const setting = node.attributes?.get('epsilon');
  if (typeof setting === 'number') {
    return setting;
  }
  let found: number | undefined;
  for (const input of node.inputs) {
    model.index.walkBack(input, (_, producer) => {
      if (!producer || found !== undefined) {
        return [];
      }
      if (producer.opType === 'Add') {
        const lone = producer.inputs.find((each) => isLone(model, each));
        found = lone === undefined ? undefined : constantMatrix(model, lone).data[0];
        return [];
      }
      return insideNorm.has(producer.opType) ? producer.inputs : [];
    });
  }
  return found ?? usualEpsilon;
}

function isLone(model: ModelGraph, tensor: string): boolean {
  const stored = model.index.isConstant(tensor) ? model.storedBehind(tensor) : undefined;
  return stored !== undefined && sizeOf(stored) === 1;
}
