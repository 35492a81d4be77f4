import type { CompareValues } from '../../src/protocol/compare';
import type { Candidate } from '../../src/protocol/language';
import { bert, gpt } from './compareReportArchitectures';
import { clozeSide, leftAhead, run, tokensOf, words } from './compareReportText';

/** A finished comparison, made up: the numbers are chosen so that the sentences can be checked by hand. */

function candidate(text: string, probability: number): Candidate {
  return { id: 5, piece: text.trim(), text, probability };
}

/** What every part found, as it stands in the sample. */
export function sampleValues(): CompareValues {
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
      replaced: { missing: 'noHead' },
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
