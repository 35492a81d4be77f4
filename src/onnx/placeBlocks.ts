import type { AttentionBlock, AttentionKind, BlockDraft } from './attentionBlock';
import type { GraphIndex } from './graphIndex';
import { skipSums } from './residualNorm';

/** What a normalisation is made of when it is spelled out, its one-operator forms, and a Reshape before a Gemm. */
const normalization = new Set([
  ...['LayerNormalization', 'SimplifiedLayerNormalization', 'RMSNormalization', 'Identity', 'Cast', 'Div'],
  ...['Mul', 'Add', 'Sub', 'Sqrt', 'Pow', 'Reciprocal', 'ReduceMean', 'DynamicQuantizeLinear'],
  'Reshape',
]);

/** Says of each block whether it looks at its own stack, and which hidden state its layer begins with. */
export function placeBlocks(index: GraphIndex, drafts: readonly BlockDraft[]): AttentionBlock[] {
  const memories = drafts
    .map((draft) => draft.sources)
    .filter(isCross)
    .map((sources) => sources.keys as string);
  const encoder = ancestors(index, memories);
  return drafts.map(({ sources, ...draft }) => {
    let kind: AttentionKind = 'self';
    if (isCross(sources)) {
      kind = 'cross';
    } else if (memories.length > 0) {
      kind = encoder.has(sources.queries ?? '') ? 'encoderSelf' : 'decoderSelf';
    }
    const hidden = sources.queries === undefined ? undefined : residualBefore(index, sources.queries);
    return { ...draft, kind, ...(hidden !== undefined && { hidden }) };
  });
}

/** Queries projected from one tensor and keys from another. */
function isCross({ queries, keys }: BlockDraft['sources']): boolean {
  return queries !== undefined && keys !== undefined && queries !== keys;
}

/** `source` itself where the norm comes after the residual, else what the norm before it takes in. */
function residualBefore(index: GraphIndex, source: string): string | undefined {
  return index.walkBack(source, (tensor, producer) => {
    if (feedsResidual(index, tensor)) {
      return tensor;
    }
    if (producer && skipSums(producer) && producer.outputs[3]) {
      return producer.outputs[3];
    }
    return producer && normalization.has(producer.opType) ? producer.inputs : [];
  });
}

function feedsResidual(index: GraphIndex, tensor: string): boolean {
  return (index.consumers.get(tensor) ?? []).some((node) => {
    if (skipSums(node)) {
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
