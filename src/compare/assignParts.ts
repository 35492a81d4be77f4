import type { Node } from '../onnx/graph';
import type { ParameterPart, StackName } from '../protocol/architecture';
import type { AttentionParts } from './attentionParts';
import type { ModelGraph } from './modelGraph';
import { type Sublayer } from './residualStream';
import type { Projection, Table, WeightUse } from './weightUses';

/** A use of weights and where in the model it stands. */
export interface PlacedUse {
  readonly use: WeightUse;
  readonly part: ParameterPart;
  readonly stack: StackName;
  /** Whether it works on one vector for the whole text, as a classifier does. */
  readonly perText: boolean;
}

export interface Structure {
  readonly uses: readonly WeightUse[];
  readonly sublayers: readonly Sublayer[];
  readonly attention: readonly AttentionParts[];
}

const views = new Set(['Reshape', 'Cast', 'Identity', 'Unsqueeze', 'Squeeze', 'Flatten', 'Expand']);

/** Says of each use of weights which part of a transformer it is. */
export function assignParts(
  model: ModelGraph,
  { uses, sublayers, attention }: Structure,
  placement: 'pre' | 'post',
  facts: { readonly tokenTypes: number | undefined; readonly soleStack: StackName },
): PlacedUse[] {
  const inAttention = new Map<Node, ParameterPart>();
  for (const { nodes, block } of attention) {
    nodes.forEach((node) => inAttention.set(node, block.kind === 'cross' ? 'crossAttention' : 'attention'));
  }
  const inSublayer = new Set(sublayers.flatMap(({ nodes }) => nodes));
  const afterLayers = downstream(
    model,
    sublayers.flatMap(({ node }) => node.outputs),
  );
  const streams = sublayers.map(({ stream }) => stream);
  const normed = new Set(uses.flatMap((use) => (use.kind === 'norm' ? use.outputs : [])));
  const encoder = encoderNodes(model, attention);
  const tables = tableParts(model, uses, facts.tokenTypes);
  const partOf = (use: WeightUse): ParameterPart => {
    const { node } = use;
    if (use.kind === 'table') {
      return tables.get(use) ?? 'positionEmbedding';
    }
    const attending = inAttention.get(node);
    if (attending) {
      return attending;
    }
    if (use.kind === 'norm' && use.addsResidual) {
      // Where norms stand in front, the one behind the last addition is nobody's but the head's.
      const isLast = !streams.some((stream) => use.node.outputs.includes(stream));
      return placement === 'pre' && isLast ? 'finalNorm' : 'layerNorms';
    }
    if (inSublayer.has(node)) {
      return use.kind === 'norm' ? 'layerNorms' : 'feedForward';
    }
    if (!afterLayers.has(node)) {
      return use.kind === 'norm' ? 'embeddingNorm' : 'embeddingProjection';
    }
    if (use.kind === 'norm') {
      return isOnStream(model, use.data, sublayers)
        ? placement === 'post'
          ? 'layerNorms'
          : 'finalNorm'
        : 'outputHead';
    }
    return isPooler(model, use, normed) ? 'pooler' : 'outputHead';
  };
  return uses.map((use) => {
    const part = partOf(use);
    const isHead = part === 'pooler' || part === 'outputHead';
    return {
      use,
      part,
      stack: encoder === undefined ? facts.soleStack : encoder.has(use.node) ? 'encoder' : 'decoder',
      perText: isHead && use.kind === 'projection' && isPerText(model, use.data, normed),
    };
  });
}

/** Nodes that depend on one of the tensors. */
function downstream(model: ModelGraph, tensors: readonly string[]): Set<Node> {
  const reached = new Set(tensors);
  const nodes = new Set<Node>();
  for (const node of model.graph.nodes) {
    if (node.inputs.some((input) => input !== '' && reached.has(input))) {
      nodes.add(node);
      node.outputs.forEach((output) => reached.add(output));
    }
  }
  return nodes;
}

/** Everything that the keys of cross attention are made of; undefined for a single stack. */
function encoderNodes(model: ModelGraph, attention: readonly AttentionParts[]): Set<Node> | undefined {
  const memories = attention
    .filter(({ block }) => block.kind === 'cross')
    .map(({ keys }) => keys?.data ?? '');
  if (memories.length === 0) {
    return undefined;
  }
  const nodes = new Set<Node>();
  const queue = [...memories];
  for (let tensor = queue.pop(); tensor !== undefined; tensor = queue.pop()) {
    const producer = model.index.producers.get(tensor);
    if (producer && !nodes.has(producer)) {
      nodes.add(producer);
      queue.push(...producer.inputs);
    }
  }
  return nodes;
}

/** Token, position or type embedding, by what its rows are numbered with; scores' biases are positions too. */
function tableParts(
  model: ModelGraph,
  uses: readonly WeightUse[],
  tokenTypes: number | undefined,
): ReadonlyMap<Table, ParameterPart> {
  const parts = new Map<Table, ParameterPart>();
  for (const use of uses) {
    if (use.kind !== 'table') {
      continue;
    }
    const input = model.graph.inputs.find(({ name }) => name === viewed(model, use.rows))?.name;
    if (input === 'token_type_ids') {
      parts.set(use, 'tokenTypeEmbedding');
    } else if (input !== undefined && input !== 'position_ids') {
      parts.set(use, 'tokenEmbedding');
    } else if (input === undefined && use.weight.dims[0] === tokenTypes) {
      // The numbers were left out, so the export looks up type 0 for all.
      parts.set(use, 'tokenTypeEmbedding');
    } else {
      parts.set(use, 'positionEmbedding');
    }
  }
  return parts;
}

/** Back over views. */
function viewed(model: ModelGraph, tensor: string): string {
  let current = tensor;
  for (let step = 0; step < 8; step++) {
    const producer = model.index.producers.get(current);
    if (!producer || !views.has(producer.opType) || !producer.inputs[0]) {
      break;
    }
    current = producer.inputs[0];
  }
  return current;
}

/** Whether a norm takes in the residual stream itself, with nothing but views and norms between. */
function isOnStream(model: ModelGraph, tensor: string, sublayers: readonly Sublayer[]): boolean {
  const outputs = new Set(sublayers.map(({ output }) => output));
  return outputs.has(viewed(model, tensor));
}

/** One vector is taken out of the text's: the first token's, or a mean. Looks back to the nearest norm or sum. */
function isPerText(model: ModelGraph, data: string, normed: ReadonlySet<string>): boolean {
  let found = false;
  model.index.walkBack(data, (tensor, producer) => {
    const isSum = producer?.opType === 'Add' && model.computed(producer).length > 1;
    if (!producer || found || isSum || normed.has(tensor)) {
      return [];
    }
    const [, at] = producer.inputs;
    found ||=
      producer.opType === 'ReduceMean' ||
      (producer.opType === 'Gather' && !!at && model.index.isConstant(at));
    return model.back(tensor);
  });
  return found;
}

/** BERT's pooler: one vector of the text through a projection and tanh. */
function isPooler(model: ModelGraph, use: Projection, normed: ReadonlySet<string>): boolean {
  const next = (tensor: string): Node | undefined => model.index.consumers.get(tensor)?.[0];
  let node = next(use.node.outputs[0] ?? '');
  if (node?.opType === 'Cast' || (node?.opType === 'Mul' && model.computed(node).length > 1)) {
    node = next(node.outputs[0] ?? '');
  }
  if (node?.opType === 'Mul' && model.computed(node).length > 1) {
    node = next(node.outputs[0] ?? '');
  }
  if (node?.opType === 'Add' && model.computed(node).length === 1) {
    node = next(node.outputs[0] ?? '');
  }
  return node?.opType === 'Tanh' && isPerText(model, use.data, normed);
}
