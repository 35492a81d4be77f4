/** Strings of the parts of a layer beside attention's weights, in “One number”; see `attentionStrings.ts`. */
export const stepStringsEnglish = {
  stepsMap: 'Map of the layer',
  stepsLayer: 'Layer {0} of {1}',
  stepsEncoder: 'Encoder block',
  stepsDecoder: 'Decoder block',
  stepsReading: 'Reading the layer’s numbers…',
  stepsFailed: 'The layer could not be read.',
  stepsGapAttention:
    'This layer is wired in a way that cannot be followed here: its halves run in parallel, it has further norms, or one operator hides what is inside.',
  stepsGapFeedForward: 'After its attention, this layer is wired in a way that cannot be followed here.',
  stepsGapWeights:
    'The rest cannot be recomputed: the file stores these weights in a form that is not read here.',
  stepsPrevious: '← {0}',
  stepsNext: '{0} →',
  stepsCodeOfBlock: 'The whole block as code',
  stepsDimension: 'Number',
  stepsOf: 'of {0}',
  stepsDimensionHint:
    'A token is a vector of {0} numbers. One of them is followed here; click a strip, or type its number.',
  stepsVector: '{0}: {1} numbers, length {2}, number {3} is {4}',
  stepsRecomputed: 'recomputed',
  stepsOwn: 'the model’s own',
  stepsDifference: 'largest difference',
  stepsHidden: 'not shown by this graph',
  stepsRounds:
    'This file multiplies whole numbers (int8): it rounds what it multiplies to 256 steps, and so does this page.',
  stepsHalf: 'The numbers of this file have 16 bits: differences of a thousandth are rounding.',
  stepsAll:
    'The whole layer at once, recomputed from the heads’ outputs without looking at the model’s numbers in between.',
  stepsOutput: 'What leaves the layer',
  stepsPositions: 'Positions',
  stepsSelf: 'Self-attention',
  stepsMasked: 'Masked self-attention',
  stepsCross: 'Cross attention',
  stepsFromEncoder: 'from the encoder',
  stepsHeads: 'Heads joined · W_O',
  stepsAdd: 'Residual add',
  stepsLayerNorm: 'Layer norm',
  stepsRmsNorm: 'RMS norm',
  stepsForward: 'Feed-forward',
  stepsStream: 'x, the token so far',
  stepsHeadsWhat:
    'Each head’s output goes through its own slice of W_O; the {0} shares and a bias are added up.',
  stepsHeadsWhy:
    'The heads worked separately, each in its own narrow space: W_O brings what they found back into the token’s {0} numbers.',
  stepsShareOf: 'Share of head {0}',
  stepsShareTitle: 'Head {0}: {1}',
  stepsHeadsChart: 'What each head adds to number {0}: {1}',
  stepsAttended: 'Attention’s result',
  stepsAddWhat: 'The result is added to the vector that came in; nothing is replaced.',
  stepsAddWhy:
    'So what earlier layers found stays, and a layer only has to learn what to change: here a vector of length {0} is added to one of length {1}.',
  stepsAdded: 'The sum',
  stepsForwarded: 'Feed-forward’s result',
  stepsNormWhat:
    'The mean of the {0} numbers is subtracted, and they are divided by their standard deviation; then each has its own trained scale γ and shift β.',
  stepsNormWhy:
    'Sums grow from layer to layer. A norm brings every token back to one size, so that the next step gets numbers of the size it was trained on.',
  stepsRmsWhat:
    'The {0} numbers are divided by the root of their mean square; then each has its own trained scale γ. No mean is subtracted.',
  stepsNormBefore: 'Before the norm',
  stepsNormed: 'After the norm',
  stepsForwardWhat:
    'The {0} numbers become {1} units, {2} is applied to each of them, and a second matrix turns them back into {0} numbers.',
  stepsGatedWhat:
    'Two matrices turn the {0} numbers into {1} units each; {2} is applied to one, which then gates the other, and a third matrix turns them back into {0} numbers.',
  stepsForwardWhy:
    'It looks at this token alone. Each unit watches for a pattern and writes something where it finds it: much of what a model knows lies in these matrices. {0} of {1} units stay nearly silent here.',
  stepsInner: 'Units before {0}',
  stepsActivated: 'Units after {0}',
  stepsUnitTerms: 'The units that write most into number {0}:',
  stepsUnit: 'unit {0}',
  stepsUnitTitle: 'Unit {0}: {1} before, {2} after the activation, times its weight {3} gives {4}',
  stepsRest: 'all others and the bias',
  stepsCurve: '{0}: what a unit’s number becomes; the points are the units in the list.',
  stepsPositionsWhy:
    'Attention alone does not know order: it would treat “dog bites man” and “man bites dog” as one bag of words.',
  stepsLearned:
    'Learned: a trained table has one vector for each of {0} positions, which is added to the token’s.',
  stepsSinusoidal:
    'Sines and cosines of growing wavelengths, added to the token’s vector: nothing is trained, and a step of given length is always the same rotation.',
  stepsSinusoidalSame: 'The table in the file differs from the formula by at most {0}.',
  stepsRotary:
    'Rotary: each pair of a query’s and a key’s numbers is rotated by an angle that grows with the position, so that their product depends only on the distance.',
  stepsAlibi:
    'ALiBi: scores are lowered in proportion to the distance, more steeply in some heads than in others.',
  stepsRelative:
    'Relative: each head adds a trained number to its scores for each distance between query and key.',
  stepsNoPositions: 'No positions were found in this graph.',
  stepsTable: 'Position (downwards) and number of the vector',
  stepsTableRotary: 'Position (downwards) and cosines, then sines, of the pairs’ angles',
  stepsSimilarity: 'How alike two positions are (cosine) by their distance',
  stepsSimilarityText: 'Neighbours {0}, ten apart {1}, farthest {2}.',
  stepsBias: 'What head {0} adds to a score, by distance (key − query)',
  stepsWithout: 'The same head without positions',
  stepsWithoutLearned:
    'Run again with the same row for every position: what is left is attention by content alone.',
  stepsWithoutRotary: 'Run again with no rotation: what is left is attention by content alone.',
  stepsWithoutCausal: 'The causal mask stays, so that a token still sees only what comes before it.',
  stepsWith: 'with',
  stepsWithoutShort: 'without',
  stepsMatrix: 'Attention of layer {0}, head {1}, {2} positions',
  stepsMoved: 'This head gives {0}% of its attention to other tokens than before.',
  stepsMovedMost: 'Most of all:',
  stepsMovedHead: 'layer {0}, head {1}: {2}%',
  stepsByDistance: 'Mean weight by distance, with and without positions',
  stepsKeptNone: 'There is nothing to remove.',
  stepsKeptOtherFile: 'The positions are stored in a file beside the model, so they are not removed here.',
  stepsKeptPacked: 'The positions are stored in a form that is not changed here, so they are not removed.',
  stepsKeptNotFound: 'Where this graph keeps its positions was not found, so they are not removed.',
} as const;
