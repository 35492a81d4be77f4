import { ElementType, type Graph, type Node } from './graph';

/** Walks stop after so many nodes: no block reaches further, and hostile graphs must not cost minutes. */
const maxVisits = 400;
const floatTypes = new Set<number>([ElementType.float32, ElementType.float16, ElementType.bfloat16]);

/** Who makes and who uses each tensor, and which tensors do not depend on the input. */
export class GraphIndex {
  readonly producers = new Map<string, Node>();
  readonly consumers = new Map<string, Node[]>();
  private readonly constants: Set<string>;
  private readonly types: Map<string, number>;
  private readonly ranks = new Map<string, number>();

  constructor(graph: Graph) {
    this.constants = new Set(graph.initializers.keys());
    this.types = new Map(graph.initializers);
    for (const info of [...graph.intermediates, ...graph.inputs, ...graph.outputs]) {
      this.types.set(info.name, info.elementType);
      this.ranks.set(info.name, info.dims.length);
    }
    for (const node of graph.nodes) {
      for (const output of node.outputs) {
        this.producers.set(output, node);
      }
      for (const input of node.inputs) {
        const users = this.consumers.get(input);
        if (users) {
          users.push(node);
        } else {
          this.consumers.set(input, [node]);
        }
      }
      // The file is topologically sorted, so one pass suffices.
      if (node.inputs.every((input) => input === '' || this.constants.has(input)) && !isRandom(node)) {
        node.outputs.forEach((output) => this.constants.add(output));
      }
    }
  }

  isConstant(tensor: string): boolean {
    return this.constants.has(tensor);
  }

  /** Number of dimensions where the file declares them; 0 also stands for an unknown shape. */
  rank(tensor: string): number | undefined {
    return this.ranks.get(tensor);
  }

  /**
   * Backward from `start`, breadth first. `visit` sees each tensor with its producer and says which
   * tensors to go on with, or returns a string: the answer that ends the walk.
   */
  walkBack(
    start: string,
    visit: (tensor: string, producer: Node | undefined) => readonly string[] | string,
  ): string | undefined {
    const queue = [start];
    const seen = new Set(queue);
    for (let next = 0; next < queue.length && next < maxVisits; next++) {
      const tensor = queue[next] as string;
      const found = visit(tensor, this.producers.get(tensor));
      if (typeof found === 'string') {
        return found;
      }
      for (const input of found) {
        if (input !== '' && !seen.has(input) && !this.isConstant(input)) {
          seen.add(input);
          queue.push(input);
        }
      }
    }
    return undefined;
  }

  /** Float type of a tensor nobody declared: that of the nearest declared one it is computed from. */
  floatType(tensor: string): number {
    let found: number = ElementType.float32;
    this.walkBack(tensor, (name, producer) => {
      const to = producer?.opType === 'Cast' ? producer.attributes?.get('to') : undefined;
      const candidates = [
        this.types.get(name),
        to,
        ...(producer?.inputs ?? []).map((input) => this.types.get(input)),
      ];
      const type = candidates.find((each) => typeof each === 'number' && floatTypes.has(each));
      if (typeof type === 'number') {
        found = type;
        return name;
      }
      return producer?.inputs ?? [];
    });
    return found;
  }
}

function isRandom(node: Node): boolean {
  return node.opType.startsWith('Random') || node.opType === 'Multinomial' || node.opType === 'Bernoulli';
}
