import type { Architecture } from '../../src/protocol/architecture';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { exact, fileSize, headNames, kindNames, positionNames, rounded } from './architectureNames';

/** A row of the table that compares models: its name, and what to say of one. */
export interface Property {
  readonly key: string;
  readonly name: string;
  readonly of: (model: Architecture) => string;
}

const activationNames: Readonly<Record<string, string>> = {
  gelu: 'GELU',
  gelu_tanh: 'GELU (tanh)',
  quick_gelu: 'quick GELU',
  relu: 'ReLU',
  silu: 'SiLU',
};

export function properties(strings: ArchitectureStrings, locale: string): Property[] {
  const row = (key: string, name: string, of: Property['of']): Property => ({ key, name, of });
  const yesNo = (value: boolean): string => (value ? strings.archYes : strings.archNo);
  const number = (value: number): string => exact(value, locale);
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const inList = (items: readonly string[]): string => list.format(items);
  return [
    row('kind', strings.archKind, (m) => strings[kindNames[m.kind]]),
    row('family', strings.archFamily, (m) => m.family),
    row('layers', strings.archLayers, (m) =>
      m.decoderLayers === undefined
        ? String(m.layers)
        : fill(strings.archLayersBoth, m.layers, m.decoderLayers),
    ),
    row('heads', strings.archHeads, (m) =>
      m.numHeads === m.numKeyValueHeads
        ? String(m.numHeads)
        : fill(strings.archHeadsGrouped, m.numHeads, m.numKeyValueHeads),
    ),
    row('headSize', strings.archHeadSize, (m) => number(m.headSize)),
    row('width', strings.archWidth, (m) => number(m.hiddenSize)),
    row('inner', strings.archInner, (m) => number(m.feedForwardSize)),
    row('embeddingWidth', strings.archEmbeddingWidth, (m) => number(m.embeddingSize)),
    row('vocabulary', strings.archVocabulary, (m) => number(m.vocabularySize)),
    row('context', strings.archContext, (m) =>
      m.maxTokens === null ? strings.archUnlimited : number(m.maxTokens),
    ),
    row('positions', strings.archPositions, (m) => strings[positionNames[m.positions]]),
    row('normalization', strings.archNormalization, ({ normalization: { kind, placement } }) =>
      fill(placement === 'post' ? strings.archPost : strings.archPre, kind),
    ),
    row('activation', strings.archActivation, (m) => {
      const name = activationNames[m.activation] ?? m.activation;
      return m.gatedFeedForward ? fill(strings.archGated, name) : name;
    }),
    row('mask', strings.archMask, (m) => (m.causal ? strings.archMaskPast : strings.archMaskBoth)),
    row('tied', strings.archTied, (m) =>
      m.tiedEmbeddings === null ? strings.archNoOutput : yesNo(m.tiedEmbeddings),
    ),
    row('shared', strings.archShared, (m) => yesNo(m.sharedLayers)),
    row('tokenTypes', strings.archTokenTypes, (m) =>
      m.tokenTypes === 0 ? strings.archNone : String(m.tokenTypes),
    ),
    row('headKinds', strings.archHeadKinds, (m) =>
      m.heads.length === 0 ? strings.archNone : inList(m.heads.map((head) => strings[headNames[head]])),
    ),
    row('parameters', strings.archParameters, ({ parameters: { total, unplaced } }) =>
      unplaced === 0 ? number(total) : fill(strings.archUnplaced, number(total), number(unplaced)),
    ),
    row('format', strings.archFormat, (m) => m.weightFormat),
    row('file', strings.archFile, (m) => fileSize(m.fileBytes)),
    row('flops', strings.archFlops, ({ flopsPerToken: { value, at } }) =>
      fill(strings.archFlopsAt, rounded(value), number(at)),
    ),
  ];
}
