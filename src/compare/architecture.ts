import { explainNoAttention } from '../onnx/explainNoAttention';
import type { Architecture } from '../protocol/architecture';
import { ScopeError } from '../protocol/errors';
import { type PlacedUse, assignParts } from './assignParts';
import { type AttentionParts, attentionParts } from './attentionParts';
import { flopsPerToken } from './compute';
import { type ConfigFacts, readConfigFacts } from './configFacts';
import { disagreementsOf } from './disagreements';
import { headSizes } from './headSizes';
import { feedForward, isCausal, normPlacement } from './layerFacts';
import { ModelGraph, sizeOf } from './modelGraph';
import { outputHeads } from './outputHeads';
import { countParameters } from './parameterCounts';
import { type Sublayer, findSublayers } from './residualStream';
import { isSinusoidal } from './sameWeights';
import { type Projection, type Table, findWeightUses } from './weightUses';

/** A graph of the model, as it lies on disk. */
export interface ModelFile {
  /** The `.onnx` file itself, to its last byte. Those of a merged decoder are changed in place. */
  readonly bytes: Uint8Array;
  /** With the files of weights beside it. */
  readonly fileBytes: number;
}

/** Length of text that the compute per token is stated for: what BERT and GPT-1 read at once. */
const usualLength = 512;

/** A graph with all that is asked of it. */
export interface ReadGraph {
  readonly model: ModelGraph;
  readonly sublayers: readonly Sublayer[];
  readonly attention: readonly AttentionParts[];
  readonly placed: readonly PlacedUse[];
  readonly placement: 'pre' | 'post';
}

/**
 * What a model is made of. All that its graph shows is read from the graph: by the shape of the network, not by the
 * names in it, which exporters change. The configuration gives the family's name and what no graph says.
 * Weights are neither read nor copied, but for a few hundred numbers where two matrices may be the same.
 * @param files the graph; of an encoder-decoder in two files the encoder, then the decoder
 * @param config `config.json`
 * @throws {WireError} when a file is no ONNX model
 * @throws {ScopeError} `modelUnsupported` when no attention is found
 */
export function describeArchitecture(
  name: string,
  config: Readonly<Record<string, unknown>>,
  files: readonly ModelFile[],
): Architecture {
  const facts = readConfigFacts(config);
  const graphs = files.map(({ bytes }) => readGraph(ModelGraph.read(bytes), facts));
  const attention = graphs.flatMap((each) => each.attention);
  const main = graphs.at(-1);
  const first = attention[0];
  if (!main || !first) {
    throw new ScopeError('modelUnsupported', main && explainNoAttention(main.model.graph));
  }
  const placed = graphs.flatMap((each) => each.placed);
  const counted = countParameters(
    graphs.map(({ model, placed: uses }) => ({ file: model.file, placed: uses })),
    facts.tied,
  );
  const layers = countLayers(graphs);
  const isPair = layers.decoder > 0 && attention.some(({ block }) => block.kind === 'cross');
  const causal = causalOf(graphs) ?? facts.causal ?? false;
  const kind = isPair ? 'encoder-decoder' : causal ? 'decoder' : 'encoder';
  const sizes = sizesOf(graphs, facts);
  const tokens = tableOf(placed, 'tokenEmbedding');
  const vocabularySize = tokens?.weight.dims[0] ?? facts.vocabularySize ?? 0;
  const forward = graphs.map((each) => feedForward(each.model, each.sublayers, each.placed)).find(Boolean);
  const positions = positionsOf(graphs, facts);
  const rows = positions === 'learned' || positions === 'sinusoidal' ? positionRows(placed) : undefined;
  const maxTokens = rows === undefined ? facts.maxPositions : usablePositions(rows, facts);
  const norm = placed.find(({ use, part }) => use.kind === 'norm' && part === 'layerNorms')?.use;
  const at = Math.min(maxTokens ?? usualLength, usualLength);
  const parts = counted.parts.map(({ part, stack, count }) => ({
    part,
    count,
    ...(isPair && stack && { stack }),
  }));
  const found = {
    kind,
    layers: isPair ? layers.encoder : layers.encoder + layers.decoder,
    ...(isPair && { decoderLayers: layers.decoder }),
    ...sizes,
    feedForwardSize: forward?.size ?? facts.feedForwardSize ?? 0,
    vocabularySize,
    maxTokens: maxTokens ?? null,
    tokenTypes: tableOf(placed, 'tokenTypeEmbedding')?.weight.dims[0] ?? 0,
    causal,
    tiedEmbeddings: counted.tied,
  } as const;
  return {
    name,
    family: facts.family,
    ...found,
    embeddingSize: embeddingWidth(placed, found.hiddenSize),
    positions,
    normalization: {
      kind: norm?.kind === 'norm' ? norm.form : facts.normalization,
      placement: main.placement,
    },
    activation: forward?.activation ?? facts.activation ?? 'unknown',
    gatedFeedForward: forward?.gated ?? false,
    sharedLayers: counted.sharedLayers,
    heads: outputHeads(main.model, main.placed, {
      vocabularySize,
      writes: causal || isPair,
      architectures: facts.architectures,
    }),
    parameters: {
      total: counted.total,
      parts,
      unplaced: graphs.reduce((sum, each) => sum + unplaced(each), 0),
    },
    fileBytes: files.reduce((sum, each) => sum + each.fileBytes, 0),
    weightFormat: counted.formats[0]?.format ?? 'other',
    formats: counted.formats,
    flopsPerToken: flopsPerToken(placed, blockWidths(graphs, sizes), at),
    disagreements: disagreementsOf(found, facts, counted.tiedSeen),
  };
}

export function readGraph(model: ModelGraph, facts: ConfigFacts): ReadGraph {
  const uses = findWeightUses(model);
  const sublayers = findSublayers(model, uses);
  const attention = attentionParts(model, uses);
  const placement = normPlacement(model, sublayers, uses);
  const placed = assignParts(model, { uses, sublayers, attention }, placement, {
    tokenTypes: facts.tokenTypes,
    soleStack: 'encoder',
  });
  return { model, sublayers, attention, placed, placement };
}

/** Blocks of self-attention per stack; a stack in a file of its own is the decoder's where it also looks across. */
function countLayers(graphs: readonly ReadGraph[]): { encoder: number; decoder: number } {
  const layers = { encoder: 0, decoder: 0 };
  for (const { attention } of graphs) {
    for (const { block } of attention) {
      if (block.kind !== 'cross') {
        layers[block.kind === 'decoderSelf' ? 'decoder' : 'encoder']++;
      }
    }
  }
  return layers;
}

/** Of two stacks the one that writes decides. */
function causalOf(graphs: readonly ReadGraph[]): boolean | undefined {
  const blocks = graphs.flatMap(({ model, attention }) => attention.map((parts) => ({ model, parts })));
  const own = blocks.filter(({ parts }) => parts.block.kind !== 'cross');
  const deciding = own.find(({ parts }) => parts.block.kind === 'decoderSelf') ?? own[0];
  return deciding && isCausal(deciding.model, deciding.parts);
}

type Sizes = Pick<Architecture, 'numHeads' | 'numKeyValueHeads' | 'headSize' | 'hiddenSize'>;

function sizesOf(graphs: readonly ReadGraph[], facts: ConfigFacts): Sizes {
  const read = graphs.find(({ attention }) => attention.length > 0);
  const parts = read?.attention[0];
  const seen = read && parts && headSizes(read.model, parts);
  const hiddenSize = parts?.output?.outSize ?? parts?.queries?.inSize ?? facts.hiddenSize ?? 0;
  const numHeads = seen?.numHeads ?? facts.numHeads ?? 0;
  return {
    numHeads,
    numKeyValueHeads: seen?.numKeyValueHeads ?? facts.numKeyValueHeads ?? numHeads,
    headSize: seen?.headSize ?? (numHeads === 0 ? 0 : hiddenSize / numHeads),
    hiddenSize,
  };
}

/** As wide as each block says, or as the first where one does not. */
function blockWidths(graphs: readonly ReadGraph[], first: Sizes): { numHeads: number; headSize: number }[] {
  return graphs.flatMap(({ model, attention }) => attention.map((parts) => headSizes(model, parts) ?? first));
}

/** The embedding of a kind, where the graph has one. */
export function tableOf(placed: readonly PlacedUse[], part: PlacedUse['part']): Table | undefined {
  return placed.find((each) => each.part === part && each.use.kind === 'table')?.use as Table | undefined;
}

/** What the projection behind the embeddings reads, where there is one. */
function embeddingWidth(placed: readonly PlacedUse[], hiddenSize: number): number {
  const projection = placed.find(
    ({ part, use }) => part === 'embeddingProjection' && use.kind === 'projection',
  );
  return projection ? (projection.use as Projection).inSize : hiddenSize;
}

/** How the model knows where a token stands. */
export function positionsOf(graphs: readonly ReadGraph[], facts: ConfigFacts): Architecture['positions'] {
  if (graphs.some(({ attention }) => attention.some(({ rotated }) => rotated))) {
    return 'rotary';
  }
  for (const { model, placed } of graphs) {
    const table = tableOf(placed, 'positionEmbedding')?.weight;
    if (!table) {
      continue;
    }
    const [rows = 0, width = 0] = table.dims;
    const tokens = tableOf(placed, 'tokenEmbedding');
    if (tokens && tokens.weight.dims[1] !== width) {
      // One number per head, not a vector that could be added to a token's.
      return 'relative';
    }
    const isWave = isSinusoidal({ file: model.file, tensor: table, rows, width, layout: 'rows' });
    return (isWave ?? facts.positions === 'sinusoidal') ? 'sinusoidal' : 'learned';
  }
  return facts.positions ?? 'none';
}

function positionRows(placed: readonly PlacedUse[]): number | undefined {
  return tableOf(placed, 'positionEmbedding')?.weight.dims[0];
}

/** OPT and BART have two rows more than positions; RoBERTa says them among its positions. */
export function usablePositions(rows: number, facts: ConfigFacts): number {
  const isOffset = facts.maxPositions !== undefined && rows === facts.maxPositions + 2;
  return isOffset ? rows - 2 : rows - facts.reservedPositions;
}

/** Elements of stored float matrices that nothing of the above uses. */
function unplaced({ model, placed }: ReadGraph): number {
  const known = new Set(
    placed.flatMap(({ use }) =>
      use.kind === 'norm' ? use.weights : use.kind === 'table' ? [use.weight] : [use.weight, ...use.biases],
    ),
  );
  const names = new Set([...known].map(({ name }) => name));
  return [...model.stored.values()]
    .filter(
      ({ name, dims, elementType }) =>
        [1, 10, 16].includes(elementType) && dims.length === 2 && Math.min(...dims) > 1 && !names.has(name),
    )
    .filter(({ name }) => !isScale(model, name))
    .reduce((sum, tensor) => sum + sizeOf(tensor), 0);
}

/** Scales of quantised weights stand beside them, never at the first place. */
function isScale(model: ModelGraph, name: string): boolean {
  return (model.index.consumers.get(name) ?? []).every(
    ({ opType }) =>
      opType === 'MatMulNBits' || opType === 'DequantizeLinear' || opType === 'GatherBlockQuantized',
  );
}
