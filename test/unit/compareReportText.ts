import type { AttentionRun } from '../../src/protocol/attention';
import type { Both, ClozeSide, SharedWord } from '../../src/protocol/compare';
import type { Token } from '../../src/protocol/model';

/** A made-up text as two made-up models read it and answer for its words. */

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

export function tokensOf(side: 'left' | 'right'): { tokens: Token[]; wordOf: number[] } {
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
export function run(side: 'left' | 'right', tokens: readonly Token[], causal: boolean): AttentionRun {
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
