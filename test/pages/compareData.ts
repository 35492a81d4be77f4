import { makeThumbnails } from '../../src/attention/thumbnails';
import { sharedWords, wordOfTokens } from '../../src/compare/sharedWords';
import type { AttentionRun } from '../../src/protocol/attention';
import type {
  Blank,
  Cloze,
  ClozeSide,
  CompareValues,
  Reading,
  Side,
  WordScore,
} from '../../src/protocol/compare';
import type { Token } from '../../src/protocol/model';
import { type Scenario, madeUpHead, madeUpLayers } from './madeUpRun';

/** Made-up results of a comparison, true in shape: tokens cover the text, rows sum to 1, bits are what they say. */

export const sampleText =
  'The cat sat on the warm mat because it was sunny. Then the big dog came in, and the cat ran away.';
export const shapes = { left: { layers: 4, heads: 4 }, right: { layers: 3, heads: 6 } } as const;

/** Word pieces with `[CLS]` and `[SEP]` on the left, pieces that begin with their blank on the right. */
export function tokensOf(text: string, side: Side): Token[] {
  const tokens: Token[] = [];
  const add = (piece: string, start: number, end: number, special = false): void => {
    const shown = special ? piece : text.slice(start, end);
    tokens.push({ id: 100 + tokens.length, piece, text: shown, start, end, special });
  };
  add(side === 'left' ? '[CLS]' : '<|endoftext|>', 0, 0, true);
  for (const { 0: found, index } of text.matchAll(
    side === 'left' ? /[\p{L}\p{N}]+|\S/gu : / ?[\p{L}\p{N}]+| ?\S/gu,
  )) {
    const limit = side === 'left' ? 5 : 7;
    const [first, rest] = [found.slice(0, limit), found.slice(limit)];
    const unknown = side === 'left' && /\p{Extended_Pictographic}/u.test(found);
    add(unknown ? '[UNK]' : first.toLowerCase().replace(' ', 'Ġ'), index, index + first.length);
    if (rest !== '') {
      add(side === 'left' ? `##${rest}` : rest, index + first.length, index + found.length);
    }
  }
  if (side === 'left') {
    add('[SEP]', text.length, text.length, true);
  }
  return tokens;
}

export function scenarioOf(text: string, side: Side): Scenario {
  return {
    words: tokensOf(text, side).map(({ piece }) => piece),
    ...shapes[side],
    causal: side === 'right',
  };
}

export function weightsOf(text: string, side: Side, layer: number, head: number): Float32Array {
  return madeUpHead(scenarioOf(text, side), layer, head);
}

function runOf(text: string, side: Side): AttentionRun {
  const scenario = scenarioOf(text, side);
  const { size, data } = makeThumbnails(madeUpLayers(scenario, 'only'));
  const tokens = tokensOf(text, side);
  return {
    runId: side === 'left' ? 1 : 2,
    model: {
      id: side === 'left' ? 'scope-bert' : 'scope-gpt',
      modelType: side === 'left' ? 'bert' : 'gpt2',
      graphFile: 'onnx/model.onnx',
      numLayers: scenario.layers,
      numHeads: scenario.heads,
      maxTokens: 256,
      runtime: 'wasm',
      numThreads: 2,
      loadMilliseconds: 100,
    },
    tokens,
    totalTokens: tokens.length,
    totalIsLowerBound: false,
    covered: { start: 0, end: text.length },
    words: tokens.map((_, index) => index),
    causal: side === 'right',
    thumbnails: { size, data: data.buffer },
    milliseconds: { tokenize: 1, forward: 10 },
    warnings: [],
  };
}

export function readingOf(text: string): Reading {
  const words = sharedWords(text, [tokensOf(text, 'left'), tokensOf(text, 'right')]);
  return {
    words,
    wordOf: {
      left: wordOfTokens(text, tokensOf(text, 'left'), words),
      right: wordOfTokens(text, tokensOf(text, 'right'), words),
    },
    left: runOf(text, 'left'),
    right: runOf(text, 'right'),
  };
}

/** Bits that rise and fall with the word; every third word is right on the left, every fourth on the right. */
function clozeSide(text: string, side: Side): ClozeSide {
  const { words } = readingOf(text);
  const tokens = tokensOf(text, side);
  const scores = words.map(({ text: word }, index): WordScore => {
    if (side === 'right' && index === 0) {
      return { bits: null, right: null, rank: null, guess: '' };
    }
    const right = index % (side === 'left' ? 3 : 4) === 1;
    const bits = right ? 0.5 : side === 'left' ? 2 + (index % 5) : 3 + (index % 7);
    return {
      bits,
      right,
      rank: right ? 1 : 2 + index,
      guess: right ? word : side === 'left' ? 'it' : ' and',
    };
  });
  const tokenBits = tokens.map((token, index) => (token.special || index === 0 ? null : 1 + (index % 6)));
  const numScored = tokenBits.filter((bits) => bits !== null).length;
  const logLikelihood = -Math.LN2 * tokenBits.reduce<number>((sum, bits) => sum + (bits ?? 0), 0);
  return {
    context: side === 'left' ? 'both' : 'left',
    scores,
    tokenBits,
    tokens,
    logLikelihood,
    numScored,
    perplexity: Math.exp(-logLikelihood / numScored),
  };
}

export function clozeOf(text: string): Cloze {
  return { words: readingOf(text).words, left: clozeSide(text, 'left'), right: clozeSide(text, 'right') };
}

export function blankOf(text: string, word: number): Blank {
  const own = readingOf(text).words[word]?.text ?? '';
  const candidate = (piece: string, shown: string, probability: number): Blank['inContext'] | object => ({
    id: 7,
    piece,
    text: shown,
    probability,
  });
  const list = (texts: readonly string[]): never =>
    texts.map((shown, index) =>
      candidate(shown.trim() || '<|endoftext|>', shown, 0.6 / (index + 1) ** 2),
    ) as never;
  return {
    word,
    left: { head: 'masked', candidates: list([own, 'dog', 'child', '<b>x</b>', '\u202egnp']) },
    right: { head: 'causal', candidates: list([' dog', ' man', ` ${own}`, '\n', '']) },
    inContext: [
      { text: own, original: true, logLikelihood: -61.2, share: 0.71 },
      { text: 'dog', original: false, logLikelihood: -62.3, share: 0.24 },
      { text: 'child', original: false, logLikelihood: -63.9, share: 0.05 },
    ],
  };
}

/** The part of an example that the page shows in its later tabs. */
export function restOf(
  text: string,
  seed: number,
  prompt: string,
): Omit<CompareValues, 'reading' | 'cloze' | 'blank' | 'architecture'> {
  const left = tokensOf(text, 'left');
  const right = tokensOf(text, 'right');
  const losses = right.map((_, index) => (index === 0 ? null : 0.4 + (index % 5)));
  const loss = 2.31;
  const cosines = (numLayers: number, floor: number): ArrayBuffer =>
    Float32Array.from({ length: numLayers * 4 }, (_, index) => {
      const layer = Math.floor(index / 4);
      return index % 4 === 0 || index % 4 === 3 ? 1 : floor + ((1 - floor) * layer) / (numLayers + 1);
    }).buffer;
  return {
    pretraining: {
      masked: {
        tokens: left,
        seed,
        loss: 1.84,
        chosen: (['masked', 'replaced', 'kept', 'masked'] as const).map((treatment, index) => {
          const position = 1 + ((2 + index * 4 + seed) % (left.length - 2));
          const right = index % 2 === 0;
          return {
            position,
            treatment,
            shownPiece:
              treatment === 'masked'
                ? '[MASK]'
                : treatment === 'replaced'
                  ? 'river'
                  : (left[position]?.piece ?? ''),
            loss: right ? 0.3 : 3.4,
            predicted: {
              id: 1,
              piece: right ? (left[position]?.piece ?? '') : 'it',
              text: right ? (left[position]?.text ?? '') : 'it',
              probability: 0.62,
            },
            right,
          };
        }),
      },
      causal: { tokens: right, losses, loss, perplexity: Math.exp(loss) },
      nextSentence: {
        model: 'scope-bert',
        first: 'The cat sat on the warm mat because it was sunny.',
        second: 'Then the big dog came in, and the cat ran away.',
        probability: 0.93,
        swapped: 0.41,
        unrelated: { text: 'Penguins cannot fly, but they swim very well.', probability: 0.07 },
      },
      replaced: { missing: 'noHead' },
    },
    sentences: {
      sentences: [
        'The cat sat on the warm mat because it was sunny.',
        'Then the big dog came in, and the cat ran away.',
      ],
      left: { model: 'scope-bert', numLayers: 5, cosines: cosines(5, 0.4) },
      right: { model: 'scope-gpt', numLayers: 4, cosines: cosines(4, 0.93) },
    },
    uses: {
      classified: [
        {
          model: 'scope-bert',
          method: 'head',
          numExamples: 0,
          labels: [
            { label: 'positive', probability: 0.81 },
            { label: 'negative', probability: 0.19 },
          ],
          milliseconds: 6,
        },
        {
          model: 'scope-gpt',
          method: 'zeroShot',
          numExamples: 0,
          prompt: 'Is it positive or negative?\nInput: The cat\nOutput:',
          labels: [
            { label: 'negative', probability: 0.55 },
            { label: 'positive', probability: 0.45 },
          ],
          milliseconds: 22,
        },
        { missing: 'noModel' },
      ],
      continued: { model: 'scope-gpt', text: ' The dog sat on the mat and slept.', numTokens: 9 },
      forced: { model: 'scope-bert', pieces: ['.', '.', '.', 'the'], text: '...the' },
    },
    chat: {
      prompt,
      base: {
        model: 'scope-gpt',
        sent: prompt,
        text: ' What is the capital of Spain?',
        numTokens: 8,
        finish: 'length',
      },
      tuned: {
        model: 'scope-gpt-instruct',
        sent: `User: ${prompt}\nAssistant:`,
        text: ' Paris.',
        numTokens: 3,
        finish: 'end',
      },
    },
  };
}
