import type { Node } from '../onnx/graph';
import { type AttentionParts, attentionParts } from './attentionParts';
import type { ModelGraph } from './modelGraph';
import { type Sublayer, findSublayers } from './residualStream';
import { type Norm, type Projection, type WeightUse, findWeightUses } from './weightUses';

/** A norm of the graph: what it reads and gives, by the names of tensors. */
export interface NormWiring {
  readonly use: Norm;
  /** Absent where the operator that normalises has added the residual itself and does not show the sum. */
  readonly data: string | undefined;
  readonly output: string;
}

/** A multiplication by weights, up to and including its bias. */
export interface LinearWiring {
  readonly use: Projection;
  readonly data: string;
  readonly output: string;
  /** Whether its bias is added later, inside another operator: then `output` is without it. */
  readonly biasLater: boolean;
}

/** Half a block: `x + f(x)` with the norm in front of it or behind; every name is a tensor of the graph. */
export interface SublayerWiring {
  readonly kind: 'self' | 'cross' | 'feedForward';
  /** x, the residual stream. */
  readonly stream: string;
  readonly before?: NormWiring;
  /** What f reads: x, or x normalised. */
  readonly input: string;
  /** Of attention W_O; of a feed-forward layer the last matrix. */
  readonly output: LinearWiring;
  /** Only of a feed-forward layer: one matrix, or two of which one gates the other. */
  readonly up?: readonly LinearWiring[];
  /** x + f(x); absent where the graph does not show it. */
  readonly sum: string | undefined;
  readonly after?: NormWiring;
}

/** One layer: attention, in a decoder behind an encoder cross attention, and the feed-forward layer. */
export interface LayerWiring {
  readonly sublayers: readonly SublayerWiring[];
  /** Why not all of the layer could be followed. */
  readonly gap?: WiringGap;
}

/** A half block whose parts stand otherwise: parallel to each other, or with more norms; or no feed-forward layer. */
export type WiringGap = 'attention' | 'feedForward';

/** Names between an addition and who uses its result. */
const views = new Set(['Identity', 'Cast', 'Dropout', 'Reshape', 'Squeeze', 'Unsqueeze']);
const maxViews = 8;

/**
 * Follows each layer from its attention along the residual stream. Knows no model by name.
 * @returns the layers in the order of their self-attention
 */
export function layerWirings(model: ModelGraph): LayerWiring[] {
  return new Follower(model).layers();
}

class Follower {
  private readonly uses: readonly WeightUse[];
  private readonly sublayers: readonly Sublayer[];
  private readonly attention: readonly AttentionParts[];
  private readonly norms: readonly Norm[];

  constructor(private readonly model: ModelGraph) {
    this.uses = findWeightUses(model);
    this.sublayers = findSublayers(model, this.uses);
    this.attention = attentionParts(model, this.uses);
    this.norms = this.uses.filter((use): use is Norm => use.kind === 'norm');
  }

  layers(): LayerWiring[] {
    return this.attention.filter(({ block }) => block.kind !== 'cross').map((parts) => this.layer(parts));
  }

  private layer(first: AttentionParts): LayerWiring {
    const sublayers: SublayerWiring[] = [];
    let sublayer = this.sublayers.find(({ nodes }) => nodes.includes(first.core));
    while (sublayer) {
      const parts = this.attentionIn(sublayer);
      if (sublayers.length > 0 && parts && parts.block.kind !== 'cross') {
        break;
      }
      const wired = parts ? this.attentionHalf(sublayer, parts) : this.feedForwardHalf(sublayer);
      if (!wired) {
        return { sublayers, gap: parts ? 'attention' : 'feedForward' };
      }
      sublayers.push(wired);
      if (wired.kind === 'feedForward') {
        return { sublayers };
      }
      sublayer = this.next(sublayer, wired);
    }
    return { sublayers, gap: sublayers.length === 0 ? 'attention' : 'feedForward' };
  }

  private attentionIn({ nodes }: Sublayer): AttentionParts | undefined {
    return this.attention.find(({ core }) => nodes.includes(core));
  }

  /** The half block that takes in what this one leaves. */
  private next({ node, output }: Sublayer, { after }: SublayerWiring): Sublayer | undefined {
    const left = new Set([output, ...node.outputs, ...(after ? [after.output] : [])].filter(Boolean));
    return this.sublayers.find(({ stream }) => left.has(stream) || left.has(this.viewed(stream)));
  }

  private attentionHalf(sublayer: Sublayer, parts: AttentionParts): SublayerWiring | undefined {
    const { queries, output, block } = parts;
    if (!queries || !output || queries === output) {
      return undefined;
    }
    const kind = block.kind === 'cross' ? 'cross' : 'self';
    return this.half(sublayer, kind, this.plain(queries.data), this.linear(output));
  }

  private feedForwardHalf(sublayer: Sublayer): SublayerWiring | undefined {
    const inside = this.uses.filter(
      (use): use is Projection => use.kind === 'projection' && sublayer.nodes.includes(use.node),
    );
    const last = inside.at(-1);
    const up = inside.slice(0, -1).map((use) => this.linear(use));
    const reads = new Set(up.map(({ data }) => data));
    const widths = new Set(up.map(({ use }) => use.outSize));
    const fits = up.length === 1 || up.length === 2;
    const [input] = reads;
    if (!last || !fits || reads.size !== 1 || input === undefined || !widths.has(last.inSize)) {
      return undefined;
    }
    const wired = this.half(sublayer, 'feedForward', input, this.linear(last));
    return wired && { ...wired, up };
  }

  private half(
    { node, stream, output: sum }: Sublayer,
    kind: SublayerWiring['kind'],
    input: string,
    output: LinearWiring,
  ): SublayerWiring | undefined {
    const before = this.sameBehindViews(input, stream) ? undefined : this.normFrom(stream, input);
    const isInput = before !== undefined || this.sameBehindViews(input, stream);
    const added = node.inputs.slice(0, 2).find((each) => each !== stream);
    if (!isInput || added === undefined || !this.sameBehindViews(added, output.output)) {
      return undefined;
    }
    const own = node.opType === 'Add' ? sum : node.outputs[3] || undefined;
    const after = before ? undefined : this.normBehind(node, sum);
    if (!before && !after) {
      return undefined;
    }
    return { kind, stream, input, output, sum: own, ...(before && { before }), ...(after && { after }) };
  }

  /** The norm that makes `output` of the stream. */
  private normFrom(stream: string, output: string): NormWiring | undefined {
    const use = this.norms.find((each) => this.sameBehindViews(output, outputOf(each)));
    const data = use?.addsResidual ? use.node.outputs[3] || undefined : use?.data;
    const isOf =
      use &&
      (data === undefined
        ? use.node.outputs.includes(this.viewed(stream))
        : this.sameBehindViews(data, stream));
    return use && isOf ? { use, data, output: outputOf(use) } : undefined;
  }

  /** The norm behind an addition, which may be the addition's own operator. */
  private normBehind(node: Node, sum: string): NormWiring | undefined {
    const use = this.norms.find((each) =>
      each.addsResidual ? each.node === node : this.sameBehindViews(each.data, sum),
    );
    const data = use?.addsResidual ? node.outputs[3] || undefined : sum;
    return use && { use, data, output: outputOf(use) };
  }

  private linear(use: Projection): LinearWiring {
    return { use, data: this.plain(use.data), ...this.withBias(use) };
  }

  /** Forward from a product over what brings integers back to size, views and the addition of its bias. */
  private withBias(use: Projection): Pick<LinearWiring, 'output' | 'biasLater'> {
    const { index } = this.model;
    let tensor = use.node.outputs[0] ?? '';
    let biasLater = use.biases.length > 0 && !bringsBias(this.model, use);
    let rescaled = use.node.opType !== 'MatMulInteger';
    for (let step = 0; step < maxViews; step++) {
      const users = (index.consumers.get(tensor) ?? []).filter(({ opType }) => opType !== 'Shape');
      const [user] = users;
      const isOnly = users.length === 1 && user !== undefined;
      if (isOnly && user.opType === 'Mul' && !rescaled) {
        rescaled = true;
      } else if (!isOnly || !(views.has(user.opType) || this.addsBias(user, use))) {
        break;
      }
      biasLater &&= !this.addsBias(user, use);
      tensor = user.outputs[0] ?? '';
    }
    return { output: tensor, biasLater };
  }

  private addsBias(node: Node, { biases }: Projection): boolean {
    return (
      node.opType === 'Add' &&
      node.inputs.some((input) => biases.some(({ name }) => this.model.storedBehind(input)?.name === name))
    );
  }

  /** What was made integers on the spot, or the tensor itself. */
  private plain(tensor: string): string {
    const producer = this.model.index.producers.get(tensor);
    return (producer?.opType === 'DynamicQuantizeLinear' && producer.inputs[0]) || tensor;
  }

  private sameBehindViews(one: string, other: string): boolean {
    return one === other || this.viewed(one) === this.viewed(other);
  }

  private viewed(tensor: string): string {
    let current = tensor;
    for (let step = 0; step < maxViews; step++) {
      const producer = this.model.index.producers.get(current);
      if (!producer || !views.has(producer.opType) || !producer.inputs[0]) {
        break;
      }
      current = producer.inputs[0];
    }
    return current;
  }
}

/** Whether the product itself adds the bias. */
function bringsBias(model: ModelGraph, { node, biases }: Projection): boolean {
  return node.inputs
    .slice(2)
    .some((input) => biases.some(({ name }) => model.storedBehind(input)?.name === name));
}

/** The last of what it gives: of one that is spelled out, scaled and shifted. */
function outputOf({ outputs }: Norm): string {
  return outputs.at(-1) ?? '';
}
