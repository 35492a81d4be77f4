import type { Extension } from './attentionBlock';
import type { Graph, Node } from './graph';
import { bytesField, concat, textField, varintField } from './wire';
import { changedNodeBytes, nodeBytes, tensorBytes } from './writeGraph';

/**
 * The bytes that, appended to an `.onnx` file, make `tensors` outputs of its graph and add the nodes
 * of `extensions`.
 *
 * Parsing `A ++ B` gives the merge of the messages A and B, and merging concatenates repeated fields
 * (protobuf's encoding, "Last One Wins"). So a `ModelProto{graph{…}}` behind the file adds outputs,
 * nodes and constants, and rewrites nothing. An output carries its name only: a type that disagreed
 * with the tensor (float on float16) would make the runtime refuse the model.
 *
 * A node that has to change is appended in its new form; {@link hideChanged} takes the old one out.
 */
export function graphTail(
  graph: Graph,
  tensors: readonly string[],
  extensions: readonly Extension[],
  file: Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { change, copy, nodes = [], constants = [], types = [] } of extensions) {
    if (change) {
      parts.push(bytesField(1, changedNodeBytes(file, change.node, change.outputs, change.attributes)));
    }
    if (copy) {
      const name = copy.outputs.at(-1);
      parts.push(bytesField(1, changedNodeBytes(file, copy.node, copy.outputs, copy.attributes, name)));
    }
    nodes.forEach((node) => parts.push(bytesField(1, nodeBytes(node))));
    constants.forEach((constant) => parts.push(bytesField(5, tensorBytes(constant))));
    types.forEach(({ name, elementType }) => parts.push(bytesField(13, typedName(name, elementType))));
  }
  const present = new Set(graph.outputs.map((output) => output.name));
  const missing = [...new Set(tensors)].filter((tensor) => !present.has(tensor));
  missing.forEach((name) => parts.push(bytesField(12, textField(1, name))));
  return parts.length === 0 ? new Uint8Array(0) : bytesField(7, concat(parts));
}

/**
 * Takes changed nodes out of the graph in place: one bit turns `GraphProto.node` (field 1) into field
 * 3, which the format has retired and every reader steps over. No byte of the file moves, however
 * many gigabytes follow.
 */
export function hideChanged(file: Uint8Array, extensions: readonly Extension[]): void {
  hideNodes(
    file,
    extensions.flatMap(({ change }) => change?.node ?? []),
  );
}

/** Takes nodes out of the graph in place, see {@link hideChanged}. */
export function hideNodes(file: Uint8Array, nodes: readonly Node[]): void {
  for (const { place } of nodes) {
    if (place) {
      file[place.key] = (file[place.key] as number) | (3 << 3);
    }
  }
}

/** ValueInfoProto with a type and no shape. */
export function typedName(name: string, elementType: number): Uint8Array {
  return concat([textField(1, name), bytesField(2, bytesField(1, varintField(1, elementType)))]);
}
