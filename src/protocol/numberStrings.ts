/** Strings of “One number”, the view of the attention page that recomputes a weight; see `attentionStrings.ts`. */
export const numberStringsEnglish = {
  numberTab: 'One Number',
  numberTitle: 'How “{0}” comes to take {2} from “{1}”',
  numberOf: 'Layer {0}, head {1}',
  numberQuery: 'Query',
  numberKey: 'Key',
  numberHint: 'Click a cell of the matrix to keep it here; Escape lets it go.',
  numberNeedsHead: 'One number belongs to one head: choose a head in the overview.',
  numberNeedsText: 'Pictures cannot be taken apart here yet: this works for texts only.',
  numberComputing: 'Reading queries, keys and values…',
  numberHides:
    'This model’s graph does not show the queries, keys and values of this head, so nothing can be recomputed.',
  numberFailed: 'The number could not be recomputed.',
  numberRawNote:
    'These are the model’s own weights; the picture hides or joins tokens and may show a different number.',
  numberCode: 'Show me the code',
  numberCodeOf: 'Show me the code: {0}',
  numberValues: 'The numbers',
  numberProducts: 'q · k',
  numberProductsText:
    'Query and key are {0} numbers each; they are multiplied pairwise and the products summed. The sum is large where both point the same way.',
  numberProductsShared: '{0} query heads share these keys and values (grouped-query attention).',
  numberProductsBars: '{0} products, the largest {1}, the smallest {2}, their sum {3}',
  numberScale: 'Scale',
  numberScaleRoot:
    'The sum is divided by √{0}: the more products, the larger the sum, and the softmax would give everything to one key.',
  numberScaleNone:
    'Nothing is divided here: either this graph has already scaled q and k, or the model does not scale.',
  numberScaleOwn: 'This model multiplies by a number of its own instead of dividing by √{0}.',
  numberMask: 'Mask',
  numberMaskNone: 'The query may look at this key: the mask adds nothing.',
  numberMaskHidden: 'The query may not look at this key: the mask adds −∞, and e^−∞ is 0.',
  numberMaskDistance:
    'This model adds a bias that depends only on the distance of query and key, here {0}: that is how it knows positions.',
  numberMaskKey: 'This model adds a bias to each key, whatever the query: that is how it knows positions.',
  numberMaskUnknown:
    'This model adds something that this page does not know, or multiplies in whole numbers (int8): its own score differs by {0}. What follows leaves that out.',
  numberSoftmax: 'Softmax',
  numberSoftmaxText:
    'The row’s maximum {0} is subtracted, which changes nothing but keeps e^x finite; then each power is divided by the sum of all {1} in the row.',
  numberWeight: 'Weight',
  numberRecomputed: 'recomputed',
  numberOwn: 'the model’s own',
  numberDifference: 'difference',
  numberSame: 'The two agree up to rounding; in the whole row they differ by at most {0}.',
  numberOff:
    'They differ by up to {0} in this row: this model computes something that this page does not know.',
  numberOutput: 'Weighted sum of values',
  numberOutputText:
    'Each key’s value, {0} numbers, is multiplied by its weight, and all are summed: that is the head’s output at the query, a vector of length {1}. The largest terms:',
  numberTerm: '{0} × {1} = {2}',
  numberTermTitle: '“{0}” (position {1}): weight {2} × length of its value {3} = {4}',
} as const;
