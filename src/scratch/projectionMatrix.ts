import type { ModelGraph } from '../compare/modelGraph';
import type { Projection } from '../compare/weightUses';
import { ScopeError } from '../protocol/errors';
import { constantMatrix } from './constantMatrix';
import { dequantize } from './dequantize';
import { type Matrix, transpose } from './matrix';
import { packedMatrix } from './packedMatrix';

/**
 * The matrix that a product of the graph multiplies by, as numbers: quantised ones are multiplied by their scale.
 * @returns `[inputWidth, outputWidth]`
 * @throws {ScopeError} when it is stored in a way that is not read here
 */
export function projectionMatrix(model: ModelGraph, { node }: Projection): Matrix {
  const [, matrixName = '', , zeroPointName = ''] = node.inputs;
  switch (node.opType) {
    case 'MatMul':
      return constantMatrix(model, matrixName);
    case 'Gemm': {
      const stored = constantMatrix(model, matrixName);
      return node.attributes?.get('transB') === 1 ? transpose(stored) : stored;
    }
    case 'MatMulInteger': {
      const zeroPoints = zeroPointName === '' ? undefined : constantMatrix(model, zeroPointName);
      return dequantize(
        constantMatrix(model, matrixName),
        scalesBehind(model, node.outputs[0] ?? ''),
        zeroPoints,
      );
    }
    case 'MatMulNBits':
      return packedMatrix(model, node);
    default:
      throw new ScopeError('modelUnsupported', `weights in an operator ${node.opType}`);
  }
}

/**
 * A product of integers is brought back to size behind it: `Cast`, then `Mul` by the scale of the data, which only the
 * run knows, times that of the weights, which is stored.
 */
function scalesBehind(model: ModelGraph, product: string): Matrix {
  const cast = model.index.consumers.get(product)?.find(({ opType }) => opType === 'Cast')?.outputs[0] ?? '';
  const rescaled = model.index.consumers.get(cast)?.find(({ opType }) => opType === 'Mul');
  for (const input of rescaled?.inputs ?? []) {
    const both = model.index.producers.get(input);
    const scales = both?.opType === 'Mul' && both.inputs.find((each) => model.index.isConstant(each));
    if (scales) {
      return constantMatrix(model, scales);
    }
  }
  throw new ScopeError('modelUnsupported', `no scale behind the product “${product}”`);
}
