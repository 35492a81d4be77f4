import type { AttentionBlock, AttentionKind, BlockDraft } from './attentionBlock';
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
/** A fused normalisation that adds the residual itself; its fourth output is the sum. */
const skipNormalizations = new Set(['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization']);
/** What a normalisation is made of when it is spelled out, and its one-operator forms. */
const normalization = new Set([
  ...['LayerNormalization', 'SimplifiedLayerNormalization', 'RMSNormalization', 'Identity', 'Cast', 'Div'],
  ...['Mul', 'Add', 'Sub', 'Sqrt', 'Pow', 'Reciprocal', 'ReduceMean', 'DynamicQuantizeLinear'],
]);

/** Says of each block whether it looks at its own stack, and which hidden state its layer begins with. */
export function placeBlocks(index: GraphIndex, drafts: readonly BlockDraft[]): AttentionBlock[] {
  const sources = drafts.map((draft) => ({
    queries: sourceOf(index, draft.queries?.tensor),
    keys: sourceOf(index, draft.keys?.tensor),
  }));
  const memories = sources.filter(isCross).map((source) => source.keys as string);
  const encoder = ancestors(index, memories);
  return drafts.map((draft, each) => {
    const source = sources[each] as Source;
    let kind: AttentionKind = 'self';
    if (isCross(source)) {
      kind = 'cross';
    } else if (memories.length > 0) {
      kind = encoder.has(draft.queries?.tensor ?? draft.probabilities) ? 'encoderSelf' : 'decoderSelf';
    }
    const hidden = source.queries === undefined ? undefined : residualBefore(index, source.queries);
    return { ...draft, kind, ...(hidden !== undefined && { hidden }) };
  });
}

interface Source {
  readonly queries: string | undefined;
  readonly keys: string | undefined;
}

/** Queries projected from one tensor and keys from another. */
function isCross({ queries, keys }: Source): boolean {
  return queries !== undefined && keys !== undefined && queries !== keys;
}

/** The tensor that the projection behind `operand` multiplies. */
function sourceOf(index: GraphIndex, operand: string | undefined): string | undefined {
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

/** `source` itself where the norm comes after the residual, else what the norm before it takes in. */
function residualBefore(index: GraphIndex, source: string): string | undefined {
  return index.walkBack(source, (tensor, producer) => {
    if (feedsResidual(index, tensor)) {
      return tensor;
    }
    if (producer && skipNormalizations.has(producer.opType) && producer.outputs[3]) {
      return producer.outputs[3];
    }
    return producer && normalization.has(producer.opType) ? producer.inputs : [];
  });
}

function feedsResidual(index: GraphIndex, tensor: string): boolean {
  return (index.consumers.get(tensor) ?? []).some((node) => {
    if (skipNormalizations.has(node.opType)) {
      return node.inputs[0] === tensor || node.inputs[1] === tensor;
    }
    return node.opType === 'Add' && node.inputs.every((input) => !index.isConstant(input));
  });
}

/** Every tensor that `tensors` are computed from, themselves included. */
function ancestors(index: GraphIndex, tensors: readonly string[]): Set<string> {
  const found = new Set(tensors);
  const queue = [...found];
  for (let tensor = queue.pop(); tensor !== undefined; tensor = queue.pop()) {
    for (const input of index.producers.get(tensor)?.inputs ?? []) {
      if (!found.has(input)) {
        found.add(input);
        queue.push(input);
      }
    }
  }
  return found;
}
