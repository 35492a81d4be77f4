import type { Architecture, HeadKind, ParameterPart } from '../../src/protocol/architecture';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';

/** Names and numbers of architectures in the reader's language. */

export const architecturePartNames = {
  tokenEmbedding: 'archTokenEmbedding',
  positionEmbedding: 'archPositionEmbedding',
  tokenTypeEmbedding: 'archTokenTypeEmbedding',
  embeddingNorm: 'archEmbeddingNorm',
  embeddingProjection: 'archEmbeddingProjection',
  attention: 'archAttention',
  crossAttention: 'archCrossAttention',
  feedForward: 'archFeedForward',
  layerNorms: 'archLayerNorms',
  finalNorm: 'archFinalNorm',
  pooler: 'archPooler',
  outputHead: 'archOutputHead',
} as const satisfies Record<ParameterPart, keyof ArchitectureStrings>;

export const kindNames = {
  encoder: 'archKindEncoder',
  decoder: 'archKindDecoder',
  'encoder-decoder': 'archKindBoth',
} as const satisfies Record<Architecture['kind'], keyof ArchitectureStrings>;

export const positionNames = {
  learned: 'archPositionsLearned',
  sinusoidal: 'archPositionsSinusoidal',
  rotary: 'archPositionsRotary',
  alibi: 'archPositionsAlibi',
  relative: 'archPositionsRelative',
  none: 'archPositionsNone',
} as const satisfies Record<Architecture['positions'], keyof ArchitectureStrings>;

export const headNames = {
  maskedLanguageModel: 'archHeadMasked',
  languageModel: 'archHeadNext',
  nextSentence: 'archHeadSentence',
  classification: 'archHeadClass',
  tokenClassification: 'archHeadTokens',
  replacedTokenDetection: 'archHeadReplaced',
} as const satisfies Record<HeadKind, keyof ArchitectureStrings>;

/** All digits, grouped as the language does. */
export function exact(count: number, locale: string): string {
  return count.toLocaleString(locale);
}

/** At most three digits and a unit, as papers print it: `110 M`. */
export function rounded(count: number): string {
  const units = [
    { size: 1e12, unit: ' T' },
    { size: 1e9, unit: ' B' },
    { size: 1e6, unit: ' M' },
    { size: 1e3, unit: ' k' },
  ];
  const { size, unit } = units.find((each) => count >= each.size) ?? { size: 1, unit: '' };
  const value = count / size;
  const digits = unit === '' || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))}${unit}`;
}

export function share(count: number, total: number): string {
  const percent = total === 0 ? 0 : (100 * count) / total;
  return percent > 0 && percent < 0.1 ? '<0.1%' : `${percent.toFixed(1)}%`;
}

export function fileSize(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Where a model's graph and its configuration differ, as sentences. */
export function disagreementTexts({ disagreements }: Architecture, strings: ArchitectureStrings): string[] {
  const names: Readonly<Record<Architecture['disagreements'][number]['what'], string>> = {
    layers: strings.archLayers,
    decoderLayers: strings.archLayers,
    numHeads: strings.archHeads,
    numKeyValueHeads: strings.archHeads,
    hiddenSize: strings.archWidth,
    feedForwardSize: strings.archInner,
    vocabularySize: strings.archVocabulary,
    maxTokens: strings.archContext,
    tokenTypes: strings.archTokenTypes,
    causal: strings.archCausal,
    tiedEmbeddings: strings.archTied,
  };
  const said = (value: number | boolean): string =>
    typeof value === 'number' ? String(value) : value ? strings.archYes : strings.archNo;
  return disagreements.map(({ what, graph, config }) =>
    fill(strings.archDisagrees, names[what], said(graph), said(config)),
  );
}
