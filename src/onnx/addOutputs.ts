import type { Graph } from './graph';
import { bytesField, concat, textField } from './wire';

/**
 * The bytes that, appended to an `.onnx` file, make `tensors` outputs of its graph.
 *
 * Parsing `A ++ B` gives the merge of the messages A and B, and merging concatenates repeated fields
 * (protobuf's encoding, "Last One Wins"). So a `ModelProto{graph{output…}}` behind the file adds
 * outputs and rewrites nothing. An output carries its name only: a type that disagreed with the
 * tensor (float on float16) would make the runtime refuse the model.
 */
export function outputsTail(graph: Graph, tensors: readonly string[]): Uint8Array {
  const present = new Set(graph.outputs.map((output) => output.name));
  const missing = [...new Set(tensors)].filter((tensor) => !present.has(tensor));
  if (missing.length === 0) {
    return new Uint8Array(0);
  }
  const outputs = missing.map((name) => bytesField(12, textField(1, name)));
  return bytesField(7, concat(outputs));
}
