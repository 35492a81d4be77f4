import type { AttentionView } from '../../src/protocol/attentionPage';
import { makeThumbnails } from '../../src/attention/thumbnails';
import type { LayerWeights } from '../../src/attention/weights';
import type { AttentionStack } from '../../src/protocol/attention';
import type { Token } from '../../src/protocol/model';
import type { PatchGrid } from '../../src/protocol/picture';
import { type StackName, stackNames } from '../../src/protocol/seq2seq';

/** Made-up attention, the same on both sides of a test: the page draws it, the test knows the numbers. */
export interface Scenario {
  readonly words: readonly string[];
  readonly layers: number;
  readonly heads: number;
  readonly causal?: boolean;
  readonly totalTokens?: number;
  readonly totalIsLowerBound?: boolean;
  readonly warning?: number;
  /** The first word of the second text, where there are two. */
  readonly secondFrom?: number;
  /** The words from `secondFrom` on are what an encoder-decoder wrote. */
  readonly stacked?: boolean;
  /** The words behind the first are patches of a picture, 16 pixels each; its left and right 8 pixels are cropped. */
  readonly picture?: { readonly rows: number; readonly columns: number };
  /** The layer that was asked for. */
  readonly openLayer?: number;
  /** Where the reader was when the run was kept. */
  readonly openLook?: unknown;
}

/** Words of the scenario's stacks: `[queries, keys]` as spans of its words. */
export function spansOf(scenario: Scenario): Record<StackName, readonly [Span, Span]> {
  const border = scenario.secondFrom ?? scenario.words.length;
  const [source, target]: [Span, Span] = [
    [0, border],
    [border, scenario.words.length],
  ];
  return { encoder: [source, source], decoder: [target, target], cross: [target, source] };
}
export type Span = readonly [start: number, end: number];

/** One head of a stack: the scenario's own weights between its words, every row made to sum to 1. */
export function madeUpStack(scenario: Scenario, name: StackName, layer: number, head: number): Float32Array {
  const [[firstQuery, lastQuery], [firstKey, lastKey]] = spansOf(scenario)[name];
  const n = scenario.words.length;
  const whole = madeUpHead(scenario, layer, head);
  const [numQueries, numKeys] = [lastQuery - firstQuery, lastKey - firstKey];
  const weights = new Float32Array(numQueries * numKeys);
  for (let query = 0; query < numQueries; query++) {
    const row = Array.from({ length: numKeys }, (_, key) =>
      name === 'decoder' && key > query ? 0 : whole[(firstQuery + query) * n + firstKey + key]!,
    );
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((weight, key) => (weights[query * numKeys + key] = weight / sum));
  }
  return weights;
}

/** A stack as the inference process would keep it. */
export function madeUpLayers(scenario: Scenario, name: StackName | 'only'): LayerWeights[] {
  const whole: Span = [0, scenario.words.length];
  const [queries, keys] = name === 'only' ? [whole, whole] : spansOf(scenario)[name];
  const [numTokens, numKeys] = [queries[1] - queries[0], keys[1] - keys[0]];
  return Array.from({ length: scenario.layers }, (_, layer) => {
    const data = new Float32Array(scenario.heads * numTokens * numKeys);
    for (let head = 0; head < scenario.heads; head++) {
      const weights =
        name === 'only' ? madeUpHead(scenario, layer, head) : madeUpStack(scenario, name, layer, head);
      data.set(weights, head * numTokens * numKeys);
    }
    return { numHeads: scenario.heads, numTokens, numKeys, data };
  });
}

/** One head's weights, row-major; every row sums to 1. Heads differ: next, previous, same word, first, broad. */
export function madeUpHead(scenario: Scenario, layer: number, head: number): Float32Array {
  const n = scenario.words.length;
  const weights = new Float32Array(n * n);
  for (let query = 0; query < n; query++) {
    let sum = 0;
    for (let key = 0; key < n; key++) {
      const value = scenario.causal && key > query ? 0 : Math.exp(score(scenario, layer, head, query, key));
      weights[query * n + key] = value;
      sum += value;
    }
    for (let key = 0; key < n; key++) {
      weights[query * n + key] = weights[query * n + key]! / sum;
    }
  }
  return weights;
}

function score(scenario: Scenario, layer: number, head: number, query: number, key: number): number {
  // A cheap hash gives every pair its own noise.
  const hash = Math.sin(layer * 12.9898 + head * 78.233 + query * 37.719 + key * 4.581) * 43758.5453;
  const noise = (hash - Math.floor(hash)) * 1.6;
  const last = scenario.words.length - 1;
  const strength = 3 + ((layer * 7 + head * 3) % 5);
  switch ((layer * 5 + head) % 6) {
    case 0:
      return noise + (key === query - 1 ? strength : 0);
    case 1:
      return noise + (key === query + 1 ? strength : 0);
    case 2:
      return noise + (key === last ? strength : 0);
    case 3:
      return noise + (key === 0 ? strength : 0);
    case 4:
      return (
        noise +
        (key !== query && scenario.words[key] === scenario.words[query] ? strength : 0) +
        (key === 0 ? 2 : 0)
      );
    default:
      return noise - Math.abs(key - query) * 0.15;
  }
}

/** All heads as thumbnails of at most 86 pixels, max-pooled as the protocol says. */
function thumbnails(scenario: Scenario): { size: number; data: ArrayBuffer } {
  const n = scenario.words.length;
  const size = Math.min(n, 86);
  const data = new Uint8Array(scenario.layers * scenario.heads * size * size);
  for (let index = 0; index < scenario.layers * scenario.heads; index++) {
    const weights = madeUpHead(scenario, Math.floor(index / scenario.heads), index % scenario.heads);
    for (let query = 0; query < n; query++) {
      for (let key = 0; key < n; key++) {
        const at = (index * size + Math.floor((query * size) / n)) * size + Math.floor((key * size) / n);
        data[at] = Math.max(data[at]!, Math.round(weights[query * n + key]! * 255));
      }
    }
  }
  return { size, data: data.buffer };
}

function tokens(scenario: Scenario): Token[] {
  let offset = 0;
  return scenario.words.map((text, index) => {
    const special = /^\[.*\]$/.test(text);
    const joined = text.startsWith('##');
    const shown = joined ? text.slice(2) : text;
    const start = special || joined || index === 0 ? offset : offset + 1;
    const end = special ? start : start + shown.length;
    offset = end;
    return { id: 1000 + index, piece: text, text: shown, start, end, special };
  });
}

/** A piece that begins with ## belongs to the word before it. */
function wordsOf(list: readonly Token[]): number[] {
  let word = 0;
  return list.map((token, index) => {
    word = token.piece.startsWith('##') ? word : index;
    return token.special ? -1 - index : word;
  });
}

/** The stacks of run 7 are the runs 7, 8 and 9. */
function stacksOf(scenario: Scenario, runId: number): AttentionStack[] {
  return stackNames.map((name, index) => {
    const { size, data } = makeThumbnails(madeUpLayers(scenario, name));
    return {
      name,
      runId: runId + index,
      numLayers: scenario.layers,
      numHeads: scenario.heads,
      causal: name === 'decoder',
      thumbnails: { size, data: data.buffer },
    };
  });
}

function targetOf({ words, secondFrom = 0 }: Scenario): string {
  return words.slice(secondFrom + 1).join(' ');
}

export const patchPixels = 16;
export const croppedPixels = 8;

function gridOf({ rows, columns }: { readonly rows: number; readonly columns: number }): PatchGrid {
  const [width, height] = [columns * patchPixels, rows * patchPixels];
  return {
    rows,
    columns,
    patchWidth: patchPixels,
    patchHeight: patchPixels,
    numSpecial: 1,
    hasClassToken: true,
    pictureWidth: width + 2 * croppedPixels,
    pictureHeight: height,
    seen: { x: croppedPixels, y: 0, width, height },
    patches: Array.from({ length: rows * columns }, (_, patch) => ({
      x: croppedPixels + (patch % columns) * patchPixels,
      y: Math.floor(patch / columns) * patchPixels,
      width: patchPixels,
      height: patchPixels,
    })),
  };
}

/** A picture of 5 × 5 patches as a vision transformer reads it. */
export const scene: Scenario = {
  words: ['[CLS]', ...Array.from({ length: 25 }, (_, patch) => `r${Math.floor(patch / 5)}c${patch % 5}`)],
  layers: 3,
  heads: 4,
  picture: { rows: 5, columns: 5 },
};

export function madeUpView(scenario: Scenario, runId: number): AttentionView {
  const list = tokens(scenario);
  const totalTokens = scenario.totalTokens ?? list.length;
  return {
    ...(scenario.openLayer === undefined ? {} : { openLayer: scenario.openLayer }),
    ...(scenario.openLook === undefined ? {} : { openLook: scenario.openLook }),
    runId,
    text: scenario.words.join(' '),
    model: {
      id: 'scope-bert',
      modelType: 'bert',
      graphFile: 'onnx/model.onnx',
      numLayers: scenario.layers,
      numHeads: scenario.heads,
      maxTokens: 512,
      runtime: 'wasm',
      numThreads: 2,
      loadMilliseconds: 412,
    },
    tokens: list,
    totalTokens,
    words: wordsOf(list),
    ...(scenario.secondFrom === undefined ? {} : { secondFrom: scenario.secondFrom }),
    ...(scenario.stacked ? { stacks: stacksOf(scenario, runId), written: targetOf(scenario) } : {}),
    ...(scenario.picture ? { grid: gridOf(scenario.picture) } : {}),
    totalIsLowerBound: scenario.totalIsLowerBound ?? false,
    covered: { start: 0, end: list.at(-1)?.end ?? 0 },
    causal: scenario.causal ?? false,
    thumbnails: thumbnails(scenario),
    milliseconds: { tokenize: 1.4, forward: 37.2 },
    warnings:
      scenario.warning === undefined ? [] : [{ kind: 'rowsDoNotSumToOne', deviation: scenario.warning }],
    source: {
      name: 'attention.ts',
      startLine: 12,
      endLine: 40,
      keptEndLine: totalTokens > list.length ? 31 : 40,
    },
  };
}

/** A sentence with repeated words, so that some heads have something to find. */
export const sentence: readonly string[] = [
  '[CLS]',
  'the',
  'cat',
  'sat',
  'on',
  'the',
  'mat',
  'because',
  'the',
  'cat',
  'was',
  'tire',
  '##d',
  ',',
  'and',
  'the',
  'dog',
  'slept',
  'under',
  'the',
  'table',
  '.',
  '[SEP]',
];

/** Two sentences as a BERT reads them. */
export const pair: Scenario = {
  words: [
    '[CLS]',
    'the',
    'cat',
    'sat',
    'on',
    'the',
    'mat',
    '.',
    '[SEP]',
    'it',
    'was',
    'very',
    'tire',
    '##d',
    '.',
    '[SEP]',
  ],
  layers: 4,
  heads: 6,
  secondFrom: 9,
};

/** A sentence and its translation. */
export const translation: Scenario = {
  words: [
    'the',
    'cat',
    'sat',
    'on',
    'the',
    'mat',
    'now',
    '.',
    '[/s]',
    '[start]',
    '猫',
    '现在',
    '坐',
    '在',
    '垫子',
    '上',
    '。',
  ],
  layers: 3,
  heads: 4,
  secondFrom: 9,
  stacked: true,
};
