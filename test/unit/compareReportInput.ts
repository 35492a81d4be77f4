import type { Architecture } from '../../src/protocol/architecture';
import type { AttentionRun } from '../../src/protocol/attention';
import type {
  Both,
  ClozeSide,
  ComparePart,
  CompareStates,
  CompareValues,
  SharedWord,
} from '../../src/protocol/compare';
import type { ScalingCurve } from '../../src/protocol/comparePage';
import type { Candidate } from '../../src/protocol/language';
import type { Token } from '../../src/protocol/model';
import type { ReportInput } from '../../src/compare/reportFacts';

/** A finished comparison, made up: the numbers are chosen so that the sentences can be checked by hand. */

export const sampleText =
  'The cat sat on the mat. It was warm because the sun was shining. Nobody believed the unbelievable story of the fisherman.';

/** Where each model cuts a word; the others are one token in both. */
const cuts: Readonly<Record<string, Both<readonly string[]>>> = {
  unbelievable: { left: ['un', 'believ', 'able'], right: ['unbeliev', 'able'] },
  fisherman: { left: ['fisher', 'man'], right: ['fisherman'] },
  shining: { left: ['shining'], right: ['shin', 'ing'] },
  warm: { left: ['wa', 'rm'], right: ['wa', 'rm'] },
  Nobody: { left: ['No', 'body'], right: ['No', 'body'] },
};

export const words: readonly SharedWord[] = [...sampleText.matchAll(/[A-Za-z]+|[.]/g)].map((match) => ({
  text: match[0],
  start: match.index,
  end: match.index + match[0].length,
  counts: match[0] !== '.',
}));

function tokensOf(side: 'left' | 'right'): { tokens: Token[]; wordOf: number[] } {
  const special = (piece: string, at: number): Token => ({
    id: 1,
    piece,
    text: piece,
    start: at,
    end: at,
    special: true,
  });
  const tokens: Token[] = side === 'left' ? [special('[CLS]', 0)] : [];
  const wordOf: number[] = side === 'left' ? [-1] : [];
  words.forEach((word, index) => {
    let at = word.start;
    (cuts[word.text]?.[side] ?? [word.text]).forEach((piece, part) => {
      const spelled =
        side === 'left'
          ? part > 0
            ? `##${piece}`
            : piece
          : part === 0 && word.start > 0 && word.counts
            ? `Ġ${piece}`
            : piece;
      tokens.push({
        id: 10 + tokens.length,
        piece: spelled,
        text: piece,
        start: at,
        end: at + piece.length,
        special: false,
      });
      wordOf.push(index);
      at += piece.length;
    });
  });
  if (side === 'left') {
    tokens.push(special('[SEP]', sampleText.length));
    wordOf.push(-1);
  }
  return { tokens, wordOf };
}

/** 2 layers of 2 heads; the mask's even spread, with the byte `extra` more on the first token. */
function run(side: 'left' | 'right', tokens: readonly Token[], causal: boolean): AttentionRun {
  const n = tokens.length;
  const data = new Uint8Array(4 * n * n);
  for (let head = 0; head < 4; head++) {
    for (let query = 0; query < n; query++) {
      const seen = causal ? query + 1 : n;
      for (let key = 0; key < seen; key++) {
        data[(head * n + query) * n + key] = Math.round(255 / seen);
      }
      if (causal && head === 0) {
        // One head that looks at the first token only.
        data.fill(0, (head * n + query) * n, (head * n + query + 1) * n);
        data[(head * n + query) * n] = 255;
      }
    }
  }
  return {
    runId: 1,
    model: {
      id: side === 'left' ? 'scope-bert' : 'scope-gpt',
      modelType: side === 'left' ? 'bert' : 'gpt2',
      graphFile: side === 'left' ? 'onnx/model.onnx' : 'onnx/model_quantized.onnx',
      numLayers: 2,
      numHeads: 2,
      maxTokens: 256,
      runtime: 'native',
      numThreads: 2,
      loadMilliseconds: 40,
    },
    tokens,
    totalTokens: n,
    totalIsLowerBound: false,
    covered: { start: 0, end: sampleText.length },
    words: tokens.map((_, index) => index),
    causal,
    thumbnails: { size: n, data: data.buffer },
    milliseconds: { tokenize: 1, forward: 5 },
    warnings: [],
  };
}

const plainWords = words.flatMap((word, index) => (word.counts ? [index] : []));

/** Which of the 22 words each model has right, by their place among the words that count; 0 is not asked of the right. */
export interface Rights {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Of the 21 words asked of both: 5 both, 9 only left, 1 only right, 6 neither. */
export const leftAhead: Rights = {
  left: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
  right: [1, 2, 3, 4, 5, 15],
};

export function clozeSide(
  context: 'both' | 'left',
  right: readonly number[],
  bits: (place: number) => number,
): ClozeSide {
  const { tokens } = tokensOf(context === 'both' ? 'left' : 'right');
  const tokenBits = tokens.map((token, index) =>
    token.special || (context === 'left' && index === 0) ? null : 4,
  );
  const numScored = tokenBits.filter((each) => each !== null).length;
  const logLikelihood = -4 * Math.LN2 * numScored;
  return {
    context,
    scores: words.map((word, index) => {
      const place = plainWords.indexOf(index);
      const asked = place >= 0 && !(context === 'left' && place === 0);
      const hit = right.includes(place);
      return {
        bits: asked ? bits(place) : null,
        right: asked ? hit : null,
        rank: asked ? (hit ? 1 : 3 + place) : null,
        guess: asked ? (hit ? word.text : `guess${place}`) : '',
      };
    }),
    tokenBits,
    tokens,
    logLikelihood,
    numScored,
    perplexity: Math.exp(-logLikelihood / numScored),
  };
}

function candidate(text: string, probability: number): Candidate {
  return { id: 5, piece: text.trim(), text, probability };
}

export const bert: Architecture = {
  name: 'scope-bert',
  family: 'bert',
  kind: 'encoder',
  layers: 4,
  numHeads: 6,
  numKeyValueHeads: 6,
  headSize: 32,
  hiddenSize: 192,
  embeddingSize: 192,
  feedForwardSize: 768,
  vocabularySize: 8000,
  maxTokens: 256,
  positions: 'learned',
  normalization: { kind: 'LayerNorm', placement: 'post' },
  activation: 'gelu',
  gatedFeedForward: false,
  causal: false,
  tiedEmbeddings: true,
  sharedLayers: false,
  tokenTypes: 2,
  heads: ['maskedLanguageModel'],
  parameters: {
    unplaced: 0,
    total: 3_413_000,
    parts: [
      { part: 'tokenEmbedding', count: 1_536_000 },
      { part: 'positionEmbedding', count: 49_152 },
      { part: 'tokenTypeEmbedding', count: 384 },
      { part: 'attention', count: 592_896 },
      { part: 'feedForward', count: 1_183_488 },
      { part: 'layerNorms', count: 3_080 },
      { part: 'outputHead', count: 48_000 },
    ],
  },
  fileBytes: 13_652_000,
  weightFormat: 'fp32',
  formats: [{ format: 'fp32', parameters: 3_413_000 }],
  flopsPerToken: {
    at: 38,
    value: 8_000_000,
    attention: 1_600_000,
    feedForward: 2_400_000,
    embeddingOut: 4_000_000,
  },
  disagreements: [],
};

export const gpt: Architecture = {
  ...bert,
  name: 'scope-gpt',
  family: 'gpt2',
  kind: 'decoder',
  vocabularySize: 4096,
  maxTokens: 512,
  normalization: { kind: 'LayerNorm', placement: 'pre' },
  activation: 'gelu_pytorch_tanh',
  causal: true,
  tokenTypes: 0,
  heads: ['languageModel'],
  parameters: {
    unplaced: 0,
    total: 2_664_576,
    parts: [
      { part: 'tokenEmbedding', count: 786_432 },
      { part: 'positionEmbedding', count: 98_304 },
      { part: 'attention', count: 592_896 },
      { part: 'feedForward', count: 1_183_488 },
      { part: 'layerNorms', count: 3_072 },
      { part: 'finalNorm', count: 384 },
    ],
  },
  fileBytes: 2_931_034,
  weightFormat: 'int8',
  formats: [{ format: 'int8', parameters: 2_664_576 }],
  flopsPerToken: {
    at: 38,
    value: 5_000_000,
    attention: 1_500_000,
    feedForward: 2_000_000,
    embeddingOut: 1_500_000,
  },
};

function values(): CompareValues {
  const [left, right] = [tokensOf('left'), tokensOf('right')];
  const cosines = new Float32Array(3 * 9);
  // Layers of three sentences: the pairs (0,1), (0,2), (1,2).
  [
    [0.2, 0.3, 0.4],
    [0.1, 0.5, 0.3],
    [0.6, 0.9, 0.75],
  ].forEach((pairs, layer) => {
    [
      [0, 1],
      [0, 2],
      [1, 2],
    ].forEach(([a, b], index) => {
      cosines[layer * 9 + a! * 3 + b!] = cosines[layer * 9 + b! * 3 + a!] = pairs[index]!;
    });
  });
  return {
    reading: {
      words,
      wordOf: { left: left.wordOf, right: right.wordOf },
      left: run('left', left.tokens, false),
      right: run('right', right.tokens, true),
    },
    cloze: {
      words,
      left: clozeSide('both', leftAhead.left, (place) => 2 + (place % 5)),
      right: clozeSide('left', leftAhead.right, (place) => 5 + (place % 5)),
    },
    blank: {
      word: 12,
      left: {
        head: 'masked',
        candidates: [candidate('sun', 0.42), candidate('light', 0.21), candidate('heat', 0.05)],
      },
      right: {
        head: 'causal',
        candidates: [candidate(' light', 0.12), candidate(' house', 0.08), candidate(' day', 0.03)],
      },
      inContext: [
        { text: 'sun', original: true, logLikelihood: -60, share: 0.7 },
        { text: 'light', original: false, logLikelihood: -61, share: 0.25 },
        { text: 'heat', original: false, logLikelihood: -63, share: 0.05 },
      ],
    },
    architecture: { left: bert, right: gpt, others: [] },
    pretraining: {
      masked: {
        tokens: left.tokens,
        seed: 7,
        chosen: [
          {
            position: 2,
            treatment: 'masked',
            shownPiece: '[MASK]',
            loss: 0.87,
            predicted: candidate('cat', 0.42),
            right: true,
          },
          {
            position: 6,
            treatment: 'replaced',
            shownPiece: 'river',
            loss: 4.2,
            predicted: candidate('floor', 0.3),
            right: false,
          },
          {
            position: 12,
            treatment: 'kept',
            shownPiece: 'the',
            loss: 0.1,
            predicted: candidate('the', 0.9),
            right: true,
          },
        ],
        loss: 1.723,
      },
      causal: {
        tokens: right.tokens,
        losses: right.tokens.map((_, index) => (index === 0 ? null : 1 + (index % 7))),
        loss: 4.01,
        perplexity: 55.1,
      },
      nextSentence: {
        model: 'scope-bert',
        first: 'The cat sat on the mat.',
        second: 'It was warm because the sun was shining.',
        probability: 0.92,
        swapped: 0.85,
        unrelated: { text: 'The train leaves at seven.', probability: 0.11 },
      },
    },
    sentences: {
      sentences: [
        'The cat sat on the mat.',
        'It was warm because the sun was shining.',
        'Nobody believed the unbelievable story of the fisherman.',
      ],
      left: { model: 'scope-bert', numLayers: 3, cosines: cosines.buffer },
      right: { model: 'scope-gpt', numLayers: 3, cosines: cosines.map((each) => Math.sqrt(each)).buffer },
    },
    uses: {
      classified: [
        {
          model: 'scope-bert-sentiment',
          method: 'head',
          numExamples: 0,
          labels: [
            { label: 'positive', probability: 0.81 },
            { label: 'negative', probability: 0.19 },
          ],
          milliseconds: 4,
        },
        {
          model: 'scope-gpt-instruct',
          method: 'zeroShot',
          numExamples: 0,
          prompt: 'Is it positive or negative?',
          labels: [
            { label: 'negative', probability: 0.53 },
            { label: 'positive', probability: 0.47 },
          ],
          milliseconds: 12,
        },
        {
          model: 'scope-gpt-instruct',
          method: 'fewShot',
          numExamples: 4,
          prompt: 'Review: good\nLabel: positive',
          labels: [
            { label: 'positive', probability: 0.74 },
            { label: 'negative', probability: 0.26 },
          ],
          milliseconds: 31,
        },
      ],
      continued: { model: 'scope-gpt', text: ' He said that the fish was as big as a house.', numTokens: 12 },
      forced: {
        model: 'scope-bert',
        pieces: ['the', '.', 'the', '.', 'the', '.', 'the', '.'],
        text: 'the . the . the . the .',
      },
    },
    chat: {
      prompt: 'Name an animal that can fly.',
      base: {
        model: 'scope-gpt',
        sent: 'Name an animal that can fly.',
        text: ' Name an animal that can swim. Name an animal',
        numTokens: 40,
        finish: 'length',
      },
      tuned: {
        model: 'scope-gpt-instruct',
        sent: '<|im_start|>user\nName an animal that can fly.<|im_end|>',
        text: 'A bird can fly.',
        numTokens: 6,
        finish: 'end',
      },
    },
  };
}

export const sampleScaling: ScalingCurve = {
  tokens: 10_000_000,
  sizes: [
    [1, 64, 310_000, 50_000],
    [2, 96, 620_000, 225_000],
    [3, 128, 1_120_000, 595_000],
    [4, 192, 2_660_000, 1_780_000],
  ].map(([layers, width, parameters, nonEmbedding]) => ({
    layers: layers!,
    width: width!,
    heads: 2,
    parameters: parameters!,
    nonEmbedding: nonEmbedding!,
    // On the curve, to two digits.
    heldOutLoss: Math.round(100 * (60 * nonEmbedding! ** -0.3 + 3.2)) / 100,
  })),
  fit: { a: 60, b: 0.3, c: 3.2 },
};

/** The sample with some parts' values changed. */
export function reportInput(
  changes: { readonly [P in ComparePart]?: (value: CompareValues[P]) => CompareValues[P] } = {},
  rest: Partial<ReportInput> = {},
): ReportInput {
  const made = values();
  const parts = Object.fromEntries(
    (Object.keys(made) as ComparePart[]).map((part) => {
      const change = changes[part] as ((value: unknown) => unknown) | undefined;
      return [part, { state: 'done', value: change ? change(made[part]) : made[part], milliseconds: 120 }];
    }),
  ) as unknown as CompareStates;
  return {
    compared: {
      text: sampleText,
      source: { name: 'english.md', startLine: 3, endLine: 5 },
      models: {
        left: { id: 'scope-bert', folder: '/models/scope-bert' },
        right: { id: 'scope-gpt', folder: '/models/scope-gpt' },
      },
    },
    parts,
    notes: '',
    hashes: { left: 'a'.repeat(64), right: 'b'.repeat(64) },
    settings: { precision: 'int8', runtime: 'native', seed: 7 },
    scaling: sampleScaling,
    date: '2026-11-26T00:30:00Z',
    ...rest,
  };
}
