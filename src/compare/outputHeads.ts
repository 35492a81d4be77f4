import type { HeadKind } from '../protocol/architecture';
import type { PlacedUse } from './assignParts';
import type { ModelGraph } from './modelGraph';
import type { Projection } from './weightUses';

/** What the model answers, by the last matrix in front of each of its outputs. */
export function outputHeads(
  model: ModelGraph,
  placed: readonly PlacedUse[],
  facts: {
    readonly vocabularySize: number;
    readonly writes: boolean;
    readonly architectures: readonly string[];
  },
): HeadKind[] {
  const heads = new Map<string, { readonly use: Projection; readonly perText: boolean }>();
  for (const { use, part, perText } of placed) {
    if (part === 'outputHead' && use.kind === 'projection') {
      use.node.outputs.forEach((output) => heads.set(output, { use, perText }));
    }
  }
  const found = new Set<HeadKind>();
  for (const { name } of model.graph.outputs) {
    const head = behind(model, name, heads);
    if (!head) {
      continue;
    }
    const { outSize } = head.use;
    if (outSize === facts.vocabularySize && !head.perText) {
      found.add(facts.writes ? 'languageModel' : 'maskedLanguageModel');
    } else if (head.perText) {
      const isPair =
        outSize === 2 && facts.architectures.some((each) => /NextSentence|ForPreTraining/.test(each));
      found.add(isPair || name === 'seq_relationship_logits' ? 'nextSentence' : 'classification');
    } else {
      found.add(outSize === 1 ? 'replacedTokenDetection' : 'tokenClassification');
    }
  }
  return [...found];
}

/** The nearest matrix of a head behind an output, within the few nodes of bias, views and the like. */
function behind<T>(model: ModelGraph, output: string, heads: ReadonlyMap<string, T>): T | undefined {
  let found: T | undefined;
  let left = 16;
  model.index.walkBack(output, (tensor) => {
    found ??= heads.get(tensor);
    return found !== undefined || --left < 0 ? [] : model.back(tensor);
  });
  return found;
}
