import type { GraphIndex } from './graphIndex';

/** Multiplication by weights: where a layer's input turns into queries, keys or values. */
const projections = new Set([
  'MatMul',
  'Gemm',
  'FusedMatMul',
  'MatMulNBits',
  'MatMulInteger',
  'DynamicQuantizeMatMul',
  'QLinearMatMul',
  'Conv',
]);

/** The tensor that the projection behind `operand` multiplies. */
export function sourceOf(index: GraphIndex, operand: string | undefined): string | undefined {
  if (operand === undefined) {
    return undefined;
  }
  const source = index.walkBack(operand, (_, producer) => {
    if (!producer || producer.opType === 'Shape') {
      return [];
    }
    const [data, weight] = producer.inputs;
    if (projections.has(producer.opType) && data && weight && index.isConstant(weight)) {
      return data;
    }
    return producer.inputs;
  });
  const quantize = source === undefined ? undefined : index.producers.get(source);
  return quantize?.opType === 'DynamicQuantizeLinear' ? quantize.inputs[0] : source;
}
