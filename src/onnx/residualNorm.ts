import type { Node } from './graph';
import type { GraphIndex } from './graphIndex';

/** Where the residual stream is added up and normalised, in the forms that exporters and optimisers write. */

/** Whether a node adds the residual and normalises the sum, which is its fourth output. */
export function skipSums(node: Node): boolean {
  return node.opType === 'SkipLayerNormalization' || node.opType === 'SkipSimplifiedLayerNormalization';
}

/** A bias that such a node adds too; it stands behind γ, and β where there is one. */
export function biasOfSum(node: Node): string | undefined {
  return node.inputs[node.opType === 'SkipLayerNormalization' ? 4 : 3] || undefined;
}

/** What a tensor was before it was only cast, as exporters do around norms that compute in float32. */
export function beforeCasts(index: GraphIndex, tensor: string): string {
  let found = tensor;
  for (let step = 0; step < 4; step++) {
    const producer = index.producers.get(found);
    if (producer?.opType !== 'Cast' && producer?.opType !== 'Identity') {
      break;
    }
    found = producer.inputs[0] ?? found;
  }
  return found;
}

/** Addition of two computed tensors: a layer's result joins the stream. */
export function isResidualSum(index: GraphIndex, tensor: string): boolean {
  const producer = index.producers.get(tensor);
  if (!producer) {
    return false;
  }
  return skipSums(producer)
    ? producer.outputs[3] === tensor
    : producer.opType === 'Add' && producer.inputs.every((input) => !index.isConstant(input));
}

/** Whether a tensor is the normalised sum of a layer's result and its stream, as layers with the norm behind give. */
export function normalisedSum(index: GraphIndex, tensor: string): boolean {
  const producer = index.producers.get(tensor);
  if (!producer) {
    return false;
  }
  if (skipSums(producer)) {
    return producer.outputs[0] === tensor;
  }
  const source =
    producer.opType === 'LayerNormalization' ? producer.inputs[0] : decomposedNorm(index, producer);
  return source !== undefined && isResidualSum(index, source);
}

/**
 * What `(x − mean) / √(variance + ε) · γ + β` normalises, spelled out as before operator set 17.
 * @param last the addition of β
 */
function decomposedNorm(index: GraphIndex, last: Node): string | undefined {
  const scaled = last.opType === 'Add' ? computedOperand(index, last) : undefined;
  const scaling = scaled === undefined ? undefined : index.producers.get(scaled);
  const unit = scaling?.opType === 'Mul' ? computedOperand(index, scaling) : undefined;
  const division = unit === undefined ? undefined : index.producers.get(unit);
  const centred = division?.opType === 'Div' ? division.inputs[0] : undefined;
  const subtraction = centred === undefined ? undefined : index.producers.get(centred);
  const [source, mean] = subtraction?.opType === 'Sub' ? subtraction.inputs : [];
  const averaging = mean === undefined ? undefined : index.producers.get(mean);
  return averaging?.opType === 'ReduceMean' && averaging.inputs[0] === source ? source : undefined;
}

/** The one operand that is no weight. */
function computedOperand(index: GraphIndex, { inputs }: Node): string | undefined {
  const computed = inputs.filter((input) => !index.isConstant(input));
  return inputs.length === 2 && computed.length === 1 ? computed[0] : undefined;
}
