import type { Graph, Node } from './graph';

/** Operators that hold attention, of which some forms show none of it. */
const fused = new Set([
  ...[
    'Attention',
    'GroupQueryAttention',
    'MultiHeadAttention',
    'PackedAttention',
    'PackedMultiHeadAttention',
  ],
  ...['QAttention', 'SparseAttention', 'PagedAttention', 'LongformerAttention', 'DecoderAttention'],
  ...[
    'DecoderMaskedSelfAttention',
    'DecoderMaskedMultiHeadAttention',
    'QOrderedAttention',
    'LinearAttention',
  ],
]);

/** One sentence on why no attention was found in `graph`, for a person who wonders about the model. */
export function explainNoAttention(graph: Graph): string {
  const nested = graph.nodes.flatMap((node) => node.nested ?? []);
  if (nested.some(isAttention)) {
    const carrier = graph.nodes.find((node) => node.nested?.some(isAttention))?.opType ?? 'If';
    const article = /^[AEIOU]/.test(carrier) ? 'an' : 'a';
    return `the attention lies inside ${article} ${carrier} branch, as in merged decoders; take an export that has no such branches`;
  }
  const operators = [...new Set(graph.nodes.filter(isFused).map((node) => node.opType))];
  if (operators.length > 0) {
    return `its attention is computed by ${operators.join(', ')} in a form that does not show it`;
  }
  return graph.nodes.length === 0
    ? 'the file holds no graph'
    : 'no softmax in its graph stands between a product of queries and keys and a product with values';
}

function isAttention(node: Node): boolean {
  return node.opType === 'Softmax' || isFused(node);
}

function isFused(node: Node): boolean {
  return fused.has(node.opType);
}
