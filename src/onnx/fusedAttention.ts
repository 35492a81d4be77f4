import type { BlockDraft } from './attentionBlock';
import { recomputeAttention } from './contribAttention';
import { type Operands, groupedOperands, separateOperands } from './fusedOperands';
import { ElementType, type Node } from './graph';
import type { GraphIndex } from './graphIndex';
import { sourceOf } from './sourceOf';

/**
 * Attention as one operator, or undefined when the node is none or keeps its probabilities to itself.
 * @param withScores also where the operator gives either the scores or the probabilities: then it gives the
 * scores, and a softmax is added behind it, which costs a run some time
 */
export function readFused(index: GraphIndex, node: Node, withScores: boolean): BlockDraft | undefined {
  if (!node.outputs[0]) {
    return undefined;
  }
  if (node.opType === 'Attention' && node.domain === '') {
    const isFlat = node.attributes?.has('q_num_heads') === true;
    const operands = separateOperands(node, isFlat ? 'BSH' : 'BHSD', 4, 1);
    return readStandard(index, node, operands, withScores);
  }
  if (node.domain !== 'com.microsoft') {
    return undefined;
  }
  switch (node.opType) {
    case 'GroupQueryAttention':
      return readGrouped(index, node, withScores);
    case 'MultiHeadAttention':
      return readMultiHead(index, node);
    case 'Attention':
      return recomputeAttention(index, node);
    default:
      return undefined;
  }
}

/** The heads' outputs are what such a node is there for. */
function resultOf(node: Node, layout: 'BSH' | 'BHSD' = 'BSH'): Pick<BlockDraft, 'mixed'> {
  return { mixed: { tensor: node.outputs[0] as string, layout } };
}

/** Where keys are packed behind the queries, both have one source. */
function sourcesOf(index: GraphIndex, node: Node): BlockDraft['sources'] {
  const [queries, keys] = node.inputs;
  return { queries: sourceOf(index, queries), keys: sourceOf(index, keys || queries) };
}

/** The operator set's own: its fourth output is what `qk_matmul_output_mode` says, 2 masked scores, 3 probabilities. */
function readStandard(
  index: GraphIndex,
  node: Node,
  operands: Operands,
  withScores: boolean,
): BlockDraft | undefined {
  const layout = node.attributes?.has('q_num_heads') ? 'BSH' : 'BHSD';
  const draft = {
    form: 'Attention' as const,
    sources: sourcesOf(index, node),
    ...operands,
    ...resultOf(node, layout),
  };
  if (node.outputs[3] || !withScores) {
    return withProbabilities(node, draft, 'qk_matmul_output_mode', 3);
  }
  return { ...draft, ...scoresAndSoftmax(index, node, { qk_matmul_output_mode: 2 }) };
}

/**
 * Its fourth output is what `qk_output` says: 2 the probabilities, 1 the scores before the causal rule, which the
 * kernel never writes down. So the scores come from a second run of the operator, and are masked where the first
 * gave probability 0.
 */
function readGrouped(index: GraphIndex, node: Node, withScores: boolean): BlockDraft | undefined {
  const { extension, ...operands } = groupedOperands(node);
  const unpacking = index.producers.has(operands.queries?.tensor ?? '') ? undefined : extension;
  const basis = {
    form: 'GroupQueryAttention' as const,
    sources: sourcesOf(index, node),
    ...operands,
    ...resultOf(node),
  };
  const draft = withProbabilities(node, basis, 'qk_output', 2);
  if (!draft || !withScores || node.outputs[3]) {
    return draft && unpacking ? { ...draft, extension: { ...draft.extension, ...unpacking } } : draft;
  }
  const { probabilities } = draft;
  const named = (part: string): string => `${node.outputs[0]}_scope_${part}`;
  const [raw, scores, seen, lowest] = [named('raw'), named('scores'), named('seen'), named('lowest')];
  const hidden = named('hidden');
  const elementType = index.floatType(node.inputs[0] as string);
  const copied = [0, 1, 2].map((each) => (node.outputs[each] ? named(`copy_${each}`) : ''));
  return {
    ...draft,
    scores,
    extension: {
      ...draft.extension,
      copy: { node, outputs: [...copied, raw], attributes: { qk_output: 1 } },
      nodes: [
        ...(unpacking?.nodes ?? []),
        { opType: 'Cast', inputs: [probabilities], outputs: [seen], attributes: { to: ElementType.bool } },
        { opType: 'Cast', inputs: [lowest], outputs: [hidden], attributes: { to: elementType } },
        { opType: 'Where', inputs: [seen, raw, hidden], outputs: [scores] },
      ],
      constants: [
        ...(unpacking?.constants ?? []),
        { name: lowest, dims: [], elementType: ElementType.float32, data: [-Infinity] },
      ],
      types: [raw, probabilities].map((name) => ({ name, elementType })),
    },
  };
}

/** Makes the fourth output the probabilities; undefined where the graph uses that output for something else. */
function withProbabilities(
  node: Node,
  draft: Omit<BlockDraft, 'probabilities'>,
  setting: string,
  mode: number,
): BlockDraft | undefined {
  const present = node.outputs[3];
  if (present) {
    return node.attributes?.get(setting) === mode ? { ...draft, probabilities: present } : undefined;
  }
  const probabilities = `${node.outputs[0]}_scope_probabilities`;
  const change = { node, outputs: fourOutputs(node, probabilities), attributes: { [setting]: mode } };
  return { ...draft, probabilities, extension: { change } };
}

/** Its fourth output are the masked scores. No runtime of ours takes its packed forms, so they are not taken apart. */
function readMultiHead(index: GraphIndex, node: Node): BlockDraft {
  return {
    form: 'MultiHeadAttention',
    sources: sourcesOf(index, node),
    ...separateOperands(node, 'BSH', 6, 1),
    ...scoresAndSoftmax(index, node, {}),
    ...resultOf(node),
  };
}

/** The scores as fourth output, which may be there already, and the softmax that makes them probabilities. */
function scoresAndSoftmax(
  index: GraphIndex,
  node: Node,
  attributes: Readonly<Record<string, number>>,
): Pick<BlockDraft, 'scores' | 'probabilities' | 'extension'> {
  const scores = node.outputs[3] || `${node.outputs[0]}_scope_scores`;
  const probabilities = `${scores}_scope_probabilities`;
  if (index.producers.has(probabilities)) {
    return { scores, probabilities };
  }
  const softmax = { opType: 'Softmax', inputs: [scores], outputs: [probabilities], attributes: { axis: 3 } };
  if (node.outputs[3]) {
    return { scores, probabilities, extension: { nodes: [softmax] } };
  }
  return {
    scores,
    probabilities,
    extension: {
      change: { node, outputs: fourOutputs(node, scores), attributes },
      nodes: [softmax],
      // The runtime infers no type for this output, and would refuse the softmax.
      types: [{ name: scores, elementType: index.floatType(node.inputs[0] as string) }],
    },
  };
}

function fourOutputs(node: Node, fourth: string): string[] {
  return [0, 1, 2].map((each) => node.outputs[each] ?? '').concat(fourth);
}
