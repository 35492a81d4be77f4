import { mixedWithResidual } from './rollout';
import type { LayerWeights } from './weights';

/** Each pair of tokens is a maximum-flow problem of its own: with more tokens than this one would wait too long. */
export const maxFlowTokens = 64;

/** Flows smaller than this are rounding. */
const epsilon = 1e-9;

/**
 * Attention flow (Abnar & Zuidema 2020): the tokens of all layers are the nodes of a network, the attention of each
 * layer (mean of its heads, mixed half and half with the residual stream) the capacities of its edges. How much of
 * an input token reaches a position is the maximum flow between the two; rows are then divided by their sums, as
 * the authors do.
 * @returns `[n, n]`, rows = positions after the last layer, columns = input tokens; rows sum to 1.
 */
export function attentionFlow(layers: readonly LayerWeights[]): Float32Array {
  const n = layers[0]?.numTokens ?? 0;
  const network = new FlowNetwork(
    layers.map((layer, index) => mixedWithResidual(layers, index, layer.numHeads, n)),
    n,
  );
  const flows = new Float32Array(n * n);
  for (let position = 0; position < n; position++) {
    const row = Array.from({ length: n }, (_, token) => network.maximumFlow(position, token));
    const sum = row.reduce((total, flow) => total + flow, 0);
    row.forEach((flow, token) => {
      flows[position * n + token] = sum > 0 ? flow / sum : 0;
    });
  }
  return flows;
}

/** Maximum flow by Dinic's algorithm (1970), on a network in layers of `n` nodes each. */
class FlowNetwork {
  private readonly numLayers: number;
  private readonly capacity: Float64Array;
  /** Per edge, `[layer, from, to]`: from a node of a layer down to one of the layer below. */
  private readonly flow: Float64Array;
  /** Steps from the source in the residual network, by node `layer * n + token`; -1 is out of reach. */
  private readonly level: Int32Array;
  /** The first arc of each node that may still carry more. */
  private readonly next: Int32Array;

  constructor(
    capacities: readonly Float32Array[],
    private readonly n: number,
  ) {
    this.numLayers = capacities.length;
    this.capacity = Float64Array.from(capacities.flatMap((layer) => Array.from(layer)));
    this.flow = new Float64Array(this.capacity.length);
    this.level = new Int32Array((this.numLayers + 1) * n);
    this.next = new Int32Array((this.numLayers + 1) * n);
  }

  /** From a position after the last layer down to an input token. */
  maximumFlow(position: number, token: number): number {
    const source = this.numLayers * this.n + position;
    this.flow.fill(0);
    let total = 0;
    while (this.levelsReach(source, token)) {
      this.next.fill(0);
      for (;;) {
        const pushed = this.push(source, token, Infinity);
        if (pushed <= epsilon) {
          break;
        }
        total += pushed;
      }
    }
    return total;
  }

  private levelsReach(source: number, sink: number): boolean {
    this.level.fill(-1);
    this.level[source] = 0;
    const queue = [source];
    for (const node of queue) {
      for (let arc = 0; arc < 2 * this.n; arc++) {
        const to = this.endOf(node, arc);
        if (to >= 0 && this.level[to] === -1 && this.room(node, arc) > epsilon) {
          this.level[to] = (this.level[node] as number) + 1;
          queue.push(to);
        }
      }
    }
    return this.level[sink] !== -1;
  }

  private push(node: number, sink: number, limit: number): number {
    if (node === sink) {
      return limit;
    }
    for (; (this.next[node] as number) < 2 * this.n; this.next[node] = (this.next[node] as number) + 1) {
      const arc = this.next[node] as number;
      const to = this.endOf(node, arc);
      if (to < 0 || this.level[to] !== (this.level[node] as number) + 1) {
        continue;
      }
      const room = this.room(node, arc);
      const pushed = room > epsilon ? this.push(to, sink, Math.min(limit, room)) : 0;
      if (pushed > epsilon) {
        const edge = this.edgeOf(node, arc);
        this.flow[edge] = (this.flow[edge] as number) + (arc < this.n ? pushed : -pushed);
        return pushed;
      }
    }
    return 0;
  }

  /** Arcs below `n` lead to the layer below, the others back up; -1 where there is no such layer. */
  private endOf(node: number, arc: number): number {
    const layer = Math.floor(node / this.n) + (arc < this.n ? -1 : 1);
    return layer < 0 || layer > this.numLayers ? -1 : layer * this.n + (arc % this.n);
  }

  private edgeOf(node: number, arc: number): number {
    const layer = Math.floor(node / this.n);
    const token = node % this.n;
    return arc < this.n
      ? ((layer - 1) * this.n + token) * this.n + arc
      : (layer * this.n + (arc - this.n)) * this.n + token;
  }

  private room(node: number, arc: number): number {
    const edge = this.edgeOf(node, arc);
    const flow = this.flow[edge] as number;
    return arc < this.n ? (this.capacity[edge] as number) - flow : flow;
  }
}
