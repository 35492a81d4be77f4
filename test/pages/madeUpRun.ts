import type { AttentionView } from '../../src/protocol/attentionPage';
import type { Token } from '../../src/protocol/model';

/** Made-up attention, the same on both sides of a test: the page draws it, the test knows the numbers. */
export interface Scenario {
  readonly words: readonly string[];
  readonly layers: number;
  readonly heads: number;
  readonly causal?: boolean;
  readonly totalTokens?: number;
  readonly totalIsLowerBound?: boolean;
  readonly warning?: number;
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

export function madeUpView(scenario: Scenario, runId: number): AttentionView {
  const list = tokens(scenario);
  const totalTokens = scenario.totalTokens ?? list.length;
  return {
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
