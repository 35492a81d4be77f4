import { ModelGraph, sizeOf } from '../compare/modelGraph';
import { type Projection, type Table, findWeightUses } from '../compare/weightUses';
import { ElementType } from '../onnx/graph';
import { constantMatrix, storedNumbers } from './constantMatrix';
import { dequantize } from './dequantize';
import type { Linear } from './linear';
import type { Matrix } from './matrix';
import { ModelWeights } from './modelWeights';
import { projectionMatrix } from './projectionMatrix';

const floats = new Set<number>([ElementType.float32, ElementType.float16, ElementType.bfloat16]);
/** What quantisation tools add to the name of a tensor. */
const quantisedName = /[._](quantized|int8)$/;

/**
 * Reads the weights of an `.onnx` file and undoes their quantisation. Which matrix is which, the file does not say by
 * itself, for exporters rename most matrices (`onnx::MatMul_540`). Each is therefore called by the module in whose
 * place it is used: the path of the operator that multiplies by it, or else the bias that is added behind.
 * @param file its bytes; those of a merged decoder are changed in place (see `flattenBranches`)
 * @throws {WireError} when it is no ONNX model
 * @throws {ScopeError} when weights are stored in a way that is not read here
 */
export function readModelWeights(file: Uint8Array): ModelWeights {
  const model = ModelGraph.read(file);
  const linears = new Map<string, Linear>();
  const tables = new Map<string, Matrix>();
  const vectors = new Map<string, Float32Array>();
  for (const use of findWeightUses(model)) {
    if (use.kind === 'projection') {
      const [bias] = use.biases;
      linears.set(nameOf(use), {
        weight: projectionMatrix(model, use),
        ...(bias && { bias: storedNumbers(model, bias) }),
      });
    } else if (use.kind === 'table') {
      tables.set((use.node.inputs[0] ?? '').replace(quantisedName, ''), tableMatrix(model, use));
    }
  }
  for (const tensor of model.stored.values()) {
    if (floats.has(tensor.elementType) && sizeOf(tensor) === Math.max(0, ...tensor.dims)) {
      vectors.set(tensor.name, storedNumbers(model, tensor));
    }
  }
  return new ModelWeights(linears, tables, vectors);
}

/** The module of a product: `/bert/encoder/…/query/MatMul` is the operator `MatMul` of `bert.encoder.….query`. */
function nameOf({ node, biases, weight }: Projection): string {
  if (node.name.includes('/')) {
    return node.name.split('/').slice(0, -1).filter(Boolean).join('.');
  }
  return (biases[0]?.name ?? weight.name).replace(/\.(bias|weight)$/, '');
}

/** The table, or the integers of one that is only brought to size after the look-up. */
export function tableMatrix(model: ModelGraph, { node }: Table): Matrix {
  const stored = constantMatrix(model, node.inputs[0] ?? '');
  const behind = model.index.consumers.get(node.outputs[0] ?? '') ?? [];
  const scaling = behind.find(({ opType }) => opType === 'DequantizeLinear');
  if (!scaling) {
    return stored;
  }
  const [, scale = '', zeroPoint = ''] = scaling.inputs;
  return dequantize(
    stored,
    constantMatrix(model, scale),
    zeroPoint === '' ? undefined : constantMatrix(model, zeroPoint),
  );
}
