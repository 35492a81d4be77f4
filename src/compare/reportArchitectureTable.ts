import {
  type Architecture,
  type Disagreement,
  type ParameterPart,
  parameterParts,
} from '../protocol/architecture';
import type { Table } from '../report/document';
import type { Column } from './reportFigures';
import type { Speech } from './reportSpeech';

/** Parameters of some parts together. */
export function parametersOf(architecture: Architecture, ...parts: readonly ParameterPart[]): number {
  return architecture.parameters.parts.reduce(
    (sum, { part, count }) => sum + (parts.includes(part) ? count : 0),
    0,
  );
}

/** As a cell and inside a sentence. */
export const kindWords = {
  encoder: ['kindEncoder', 'anEncoder'],
  decoder: ['kindDecoder', 'aDecoder'],
  'encoder-decoder': ['kindBoth', 'anEncoderDecoder'],
} as const;

const positionWords = {
  learned: 'positionsLearned',
  sinusoidal: 'positionsSinusoidal',
  rotary: 'positionsRotary',
  alibi: 'positionsAlibi',
  relative: 'positionsRelative',
  none: 'positionsNone',
} as const;

export function positionsOf({ positions }: Architecture, { say }: Speech): string {
  return say(positionWords[positions]);
}

const disagreeing = {
  layers: 'rowLayers',
  decoderLayers: 'rowDecoderLayers',
  numHeads: 'rowNumHeads',
  numKeyValueHeads: 'rowKeyValueHeads',
  hiddenSize: 'rowWidth',
  feedForwardSize: 'rowFeedForward',
  vocabularySize: 'rowVocabulary',
  maxTokens: 'rowContext',
  tokenTypes: 'rowSegments',
  causal: 'rowMask',
  tiedEmbeddings: 'rowTied',
} as const;

/** Where graph and configuration differ, e.g. `layers: 4 in the graph, 6 in the configuration`. */
export function disagreement({ what, graph, config }: Disagreement, { say, count }: Speech): string {
  const shown = (value: number | boolean): string => {
    if (typeof value === 'number') {
      return count(value);
    }
    return what === 'causal' ? say(value ? 'maskCausal' : 'maskNone') : say(value ? 'tiedYes' : 'tiedNo');
  };
  return say('archDisagreement', say(disagreeing[what]), shown(graph), shown(config));
}

export function parameterTable(columns: readonly Column[], { say, count, percent }: Speech): Table {
  const parts = parameterParts.filter((part) =>
    columns.some(({ architecture }) => parametersOf(architecture, part) > 0),
  );
  return {
    head: [say('archTable'), ...columns.map(({ name }) => name)],
    rows: [
      ...parts.map((part) => [
        say(`part_${part}`),
        ...columns.map(({ architecture }) => {
          const own = parametersOf(architecture, part);
          return own === 0 ? '–' : `${count(own)} (${percent(own / architecture.parameters.total)})`;
        }),
      ]),
      [say('rowParameters'), ...columns.map(({ architecture }) => count(architecture.parameters.total))],
    ],
  };
}

export function propertyTable(columns: readonly Column[], speech: Speech): Table {
  const { say, count, amount } = speech;
  const row = (label: string, cell: (model: Architecture) => string): string[] => [
    label,
    ...columns.map(({ architecture }) => cell(architecture)),
  ];
  return {
    head: [say('archTable'), ...columns.map(({ name }) => name)],
    rows: [
      row(say('rowKind'), ({ kind }) => say(kindWords[kind][0])),
      row(say('rowFamily'), (model) => model.family),
      row(say('rowLayers'), ({ layers, decoderLayers }) =>
        decoderLayers === undefined ? String(layers) : `${layers} + ${decoderLayers}`,
      ),
      row(say('rowHeads'), (model) => `${model.numHeads} × ${model.headSize}`),
      row(say('rowWidth'), (model) => count(model.hiddenSize)),
      row(
        say('rowFeedForward'),
        (model) =>
          `${count(model.feedForwardSize)}, ${model.activation}${model.gatedFeedForward ? `, ${say('gated')}` : ''}`,
      ),
      row(say('rowVocabulary'), (model) => count(model.vocabularySize)),
      row(say('rowContext'), (model) =>
        model.maxTokens === null ? say('unbounded') : count(model.maxTokens),
      ),
      row(say('rowPositions'), (model) => positionsOf(model, speech)),
      row(say('rowNorm'), ({ normalization: { kind, placement } }) => `${kind}, ${placement}-norm`),
      row(say('rowMask'), (model) => say(model.causal ? 'maskCausal' : 'maskNone')),
      row(say('rowTied'), ({ tiedEmbeddings }) =>
        tiedEmbeddings === null ? '–' : say(tiedEmbeddings ? 'tiedYes' : 'tiedNo'),
      ),
      row(say('rowOutputs'), (model) => model.heads.map((head) => say(`head_${head}`)).join(', ') || '–'),
      row(say('rowParameters'), (model) => count(model.parameters.total)),
      row(say('rowFlops'), ({ flopsPerToken }) =>
        say('atTokens', amount(flopsPerToken.value), count(flopsPerToken.at)),
      ),
      row(say('rowFile'), (model) => `${(model.fileBytes / 1e6).toFixed(1)} MB, ${model.weightFormat}`),
    ],
  };
}
