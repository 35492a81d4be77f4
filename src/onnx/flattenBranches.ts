import type { Graph, Node, Place } from './graph';
import { type NewNode } from './writeGraph';
import { parseGraph, parseModel } from './parse';
import { WireReader, WireType } from './wire';

/** A graph whose network is no longer inside an `If`. */
export interface Flattened {
  readonly graph: Graph;
  /** To be appended: they give the branch's results the names of the model's outputs. */
  readonly nodes: readonly NewNode[];
}

/**
 * Merged decoders (`decoder_model_merged.onnx`) hold the network twice, in the branches of one `If` that
 * asks whether there is a cache. Attention inside a branch cannot become an output of the model, so the
 * branch that reads the whole text takes the place of the `If`.
 *
 * Nothing is moved: the bytes of the node around that branch are turned into fields that no reader knows,
 * whereby the branch's own fields (nodes, constants) become fields of the graph around it.
 * @param file is changed in place in its first `length` bytes where there is such an `If`.
 * @throws {WireError} when the file is no ONNX model.
 */
export function flattenBranches(file: Uint8Array, length: number): Flattened {
  const graph = parseModel(file.subarray(0, length));
  const inputs = new Set(graph.inputs.map((input) => input.name));
  const decision = graph.nodes.find(
    (node) => node.opType === 'If' && node.graphs?.length === 2 && inputs.has(node.inputs[0] ?? ''),
  );
  if (!decision?.place || !decision.graphs) {
    return { graph, nodes: [] };
  }
  const branches = decision.graphs.map((place) => ({
    place,
    graph: parseGraph(new WireReader(file, place.start, place.end)),
  }));
  const [fewer, more] = branches.sort((a, b) => countReads(a.graph, inputs) - countReads(b.graph, inputs));
  if (!fewer || !more || countReads(fewer.graph, inputs) === countReads(more.graph, inputs)) {
    // Not a question of a cache: nobody can say which branch a run would take.
    return { graph, nodes: [] };
  }
  const nodes = renamed(decision, fewer.graph);
  expose(file, decision.place, fewer.place);
  return { graph: parseModel(file.subarray(0, length)), nodes };
}

/** How many of the model's inputs a branch reads: the one with a cache reads the more. */
function countReads(branch: Graph, inputs: ReadonlySet<string>): number {
  const read = new Set<string>();
  for (const node of branch.nodes) {
    for (const name of [...node.inputs, ...(node.nested ?? []).flatMap((inner) => inner.inputs)]) {
      if (inputs.has(name)) {
        read.add(name);
      }
    }
  }
  return read.size;
}

function renamed(decision: Node, branch: Graph): NewNode[] {
  return decision.outputs.flatMap((output, index) => {
    const inner = branch.outputs[index]?.name;
    return inner === undefined || inner === output || output === ''
      ? []
      : [{ opType: 'Identity', inputs: [inner], outputs: [output] }];
  });
}

/** Leaves of a node only the fields of one graph inside it. */
function expose(file: Uint8Array, node: Place, branch: Omit<Place, 'key'>): void {
  const fields = new WireReader(file, branch.start, branch.end);
  const hidden: number[] = [];
  while (fields.next()) {
    // The branch's inputs and outputs would become the model's; its name and notes are of no use.
    if (fields.wireType === WireType.bytes && ![1, 5, 13, 15].includes(fields.field)) {
      hidden.push(fields.key);
    }
    fields.skip();
  }
  for (const key of hidden) {
    hideField(file, key);
  }
  coverWithUnknown(file, node.key, branch.start);
  coverWithUnknown(file, branch.end, node.end);
}

/** Fields 3, 4 and 6 to 9 of a GraphProto are reserved, so every reader steps over them. */
const unknownKey = (3 << 3) | WireType.bytes;

function hideField(file: Uint8Array, key: number): void {
  file[key] = unknownKey;
}

/** Turns `[from, to)` into fields that readers step over; a field needs two bytes at least. */
function coverWithUnknown(file: Uint8Array, from: number, to: number): void {
  const size = to - from;
  if (size === 0) {
    return;
  }
  for (let lengthBytes = 1; lengthBytes <= 5; lengthBytes++) {
    const content = size - 1 - lengthBytes;
    if (content >= 0 && varintLength(content) === lengthBytes) {
      file[from] = unknownKey;
      let rest = content;
      for (let index = 0; index < lengthBytes; index++) {
        file[from + 1 + index] = (rest & 0x7f) | (index < lengthBytes - 1 ? 0x80 : 0);
        rest = Math.floor(rest / 128);
      }
      return;
    }
  }
  // One byte too many for a short length and one too few for a longer one.
  file[from] = unknownKey;
  file[from + 1] = 0;
  coverWithUnknown(file, from + 2, to);
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    length++;
  }
  return length;
}
