import type { Graph, Node } from './graph';
import { WireError } from './wire';

/**
 * Refuses a graph that no runtime could run, in time that grows with its size: a tensor that two things
 * produce, one that nothing produces, nodes that wait for each other.
 * @param added tensors that nodes yet to be appended will produce
 * @throws {WireError} with one sentence that names the tensor.
 */
export function checkGraph(graph: Graph, added: readonly string[] = []): void {
  const producers = new Map<string, Node | null>();
  for (const name of [...graph.initializers.keys(), ...graph.inputs.map((input) => input.name)]) {
    producers.set(name, null);
  }
  for (const node of graph.nodes) {
    for (const output of node.outputs) {
      if (output !== '' && producers.has(output)) {
        throw new WireError(`“${output}” is produced twice`, node.place?.key ?? 0);
      }
      producers.set(output, node);
    }
  }
  for (const node of graph.nodes) {
    const unknown = node.inputs.find((input) => input !== '' && !producers.has(input));
    if (unknown !== undefined) {
      throw new WireError(`${node.opType} reads “${unknown}”, which nothing produces`, node.place?.key ?? 0);
    }
  }
  const missing = graph.outputs.find((output) => !producers.has(output.name) && !added.includes(output.name));
  if (missing) {
    throw new WireError(`the output “${missing.name}” is produced by nothing`, 0);
  }
  refuseCycles(graph, producers);
}

/** Kahn's algorithm: what never becomes ready waits for itself. */
function refuseCycles(graph: Graph, producers: ReadonlyMap<string, Node | null>): void {
  const waiting = new Map<Node, number>();
  const readers = new Map<Node, Node[]>();
  const ready: Node[] = [];
  for (const node of graph.nodes) {
    let count = 0;
    for (const input of node.inputs) {
      const producer = producers.get(input);
      if (input !== '' && producer) {
        count++;
        const known = readers.get(producer);
        if (known) {
          known.push(node);
        } else {
          readers.set(producer, [node]);
        }
      }
    }
    waiting.set(node, count);
    if (count === 0) {
      ready.push(node);
    }
  }
  let done = 0;
  for (let node = ready.pop(); node; node = ready.pop()) {
    done++;
    for (const reader of readers.get(node) ?? []) {
      const left = (waiting.get(reader) as number) - 1;
      waiting.set(reader, left);
      if (left === 0) {
        ready.push(reader);
      }
    }
  }
  if (done < graph.nodes.length) {
    const stuck = graph.nodes.find((node) => (waiting.get(node) as number) > 0) as Node;
    throw new WireError(`“${stuck.outputs[0] ?? stuck.opType}” depends on itself`, stuck.place?.key ?? 0);
  }
}
