import type { AttentionBlock, BlockDraft, Operand } from './attentionBlock';
import { recomputeAttention } from './contribAttention';
import type { Node } from './graph';
import type { GraphIndex } from './graphIndex';
import { sourceOf } from './sourceOf';

/** Attention as one operator, or undefined when the node is none or keeps its probabilities to itself. */
export function readFused(index: GraphIndex, node: Node): BlockDraft | undefined {
  if (!node.outputs[0]) {
    return undefined;
  }
  if (node.opType === 'Attention' && node.domain === '') {
    const isFlat = node.attributes?.has('q_num_heads') === true;
    const operands = separateOperands(node, isFlat ? 'BSH' : 'BHSD', 4, 1);
    return withOutput(index, node, 'Attention', 'qk_matmul_output_mode', 3, operands);
  }
  if (node.domain !== 'com.microsoft') {
    return undefined;
  }
  switch (node.opType) {
    case 'GroupQueryAttention': {
      // With `do_rotary` the operator rotates queries and keys itself, out of sight.
      const operands = node.attributes?.get('do_rotary') ? {} : separateOperands(node, 'BSH', 3, 1);
      return withOutput(index, node, 'GroupQueryAttention', 'qk_output', 2, operands);
    }
    case 'MultiHeadAttention':
      return readMultiHead(index, node);
    case 'Attention':
      return recomputeAttention(index, node);
    default:
      return undefined;
  }
}

/** Where keys are packed behind the queries, both have one source. */
function sourcesOf(index: GraphIndex, node: Node): BlockDraft['sources'] {
  const [queries, keys] = node.inputs;
  return { queries: sourceOf(index, queries), keys: sourceOf(index, keys || queries) };
}

type Operands = Partial<Record<'queries' | 'keys' | 'values', Operand>>;

/** Queries, keys, values as inputs of their own; keys with a cache are seen in the output that extends it. */
function separateOperands(
  node: Node,
  layout: Operand['layout'],
  pastInput: number,
  presentOutput: number,
): Operands {
  const [q, k, v] = node.inputs;
  if (!q || !k || !v) {
    return {};
  }
  const queries: Operand = { tensor: q, layout };
  if (!node.inputs[pastInput]) {
    return { queries, keys: { tensor: k, layout }, values: { tensor: v, layout } };
  }
  const presentKey = node.outputs[presentOutput];
  const presentValue = node.outputs[presentOutput + 1];
  return {
    queries,
    ...(presentKey && { keys: { tensor: presentKey, layout: 'BHSD' } }),
    ...(presentValue && { values: { tensor: presentValue, layout: 'BHSD' } }),
  };
}

/** Operators whose fourth output becomes the probabilities by a setting. */
function withOutput(
  index: GraphIndex,
  node: Node,
  form: AttentionBlock['form'],
  setting: string,
  mode: number,
  operands: Operands,
): BlockDraft | undefined {
  const sources = sourcesOf(index, node);
  const present = node.outputs[3];
  if (present) {
    const isOurs = node.attributes?.get(setting) === mode;
    return isOurs ? { form, probabilities: present, sources, ...operands } : undefined;
  }
  const probabilities = `${node.outputs[0]}_scope_probabilities`;
  const change = { node, outputs: fourOutputs(node, probabilities), attributes: { [setting]: mode } };
  return { form, probabilities, sources, ...operands, extension: { change } };
}

/** Its fourth output are the masked scores; the softmax is added behind it. */
function readMultiHead(index: GraphIndex, node: Node): BlockDraft {
  const scores = node.outputs[3] || `${node.outputs[0]}_scope_scores`;
  const probabilities = `${scores}_scope_probabilities`;
  const draft: BlockDraft = {
    form: 'MultiHeadAttention',
    probabilities,
    scores,
    sources: sourcesOf(index, node),
    ...separateOperands(node, 'BSH', 6, 1),
  };
  if (index.producers.has(probabilities)) {
    return draft;
  }
  const softmax = { opType: 'Softmax', inputs: [scores], outputs: [probabilities], attributes: { axis: 3 } };
  if (node.outputs[3]) {
    return { ...draft, extension: { nodes: [softmax] } };
  }
  return {
    ...draft,
    extension: {
      change: { node, outputs: fourOutputs(node, scores), attributes: {} },
      nodes: [softmax],
      // The runtime infers no type for this output, and would refuse the softmax.
      types: [{ name: scores, elementType: index.floatType(node.inputs[0] as string) }],
    },
  };
}

function fourOutputs(node: Node, fourth: string): string[] {
  return [0, 1, 2].map((each) => node.outputs[each] ?? '').concat(fourth);
}
