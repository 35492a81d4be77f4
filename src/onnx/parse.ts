import type { Graph, Node, ValueInfo } from './graph';
import { readNode } from './parseNode';
import { readTensor } from './readTensor';
import { WireReader, WireType } from './wire';

/**
 * Reads the graph of an `.onnx` file and steps over its weights.
 * Field numbers follow onnx.proto3. Costs a few milliseconds whatever the size of the file.
 * @throws {WireError} when the bytes are cut off or are no protobuf message.
 */
export function parseModel(bytes: Uint8Array): Graph {
  const builder = new GraphBuilder();
  const model = new WireReader(bytes);
  while (model.next()) {
    if (model.field === 7 && model.wireType === WireType.bytes) {
      builder.readGraph(model.message());
    } else if (model.field === 8 && model.wireType === WireType.bytes) {
      builder.readOpset(model.message());
    } else {
      model.skip();
    }
  }
  return builder.finish();
}

/** Reads one GraphProto by itself, e.g. a branch of an `If`. */
export function parseGraph(graph: WireReader): Graph {
  const builder = new GraphBuilder();
  builder.readGraph(graph);
  return builder.finish();
}

/** Collects fields; a graph may come in several pieces, which protobuf merges. */
class GraphBuilder {
  private readonly nodes: Node[] = [];
  private readonly initializers = new Map<string, number>();
  private readonly externalFiles = new Set<string>();
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly intermediates: ValueInfo[] = [];
  private readonly opsets = new Map<string, number>();

  readGraph(graph: WireReader): void {
    while (graph.next()) {
      if (graph.wireType !== WireType.bytes) {
        graph.skip();
        continue;
      }
      switch (graph.field) {
        case 1:
          this.nodes.push(readNode(graph.message(), graph.key));
          break;
        case 5:
          this.addInitializer(graph.message());
          break;
        case 15: // sparse_initializer: its `values` tensor carries the name
          this.addSparse(graph.message());
          break;
        case 11:
          this.inputs.push(readValueInfo(graph.message()));
          break;
        case 12:
          this.outputs.push(readValueInfo(graph.message()));
          break;
        case 13:
          this.intermediates.push(readValueInfo(graph.message()));
          break;
        default:
          graph.skip();
      }
    }
  }

  private addInitializer(tensor: WireReader): void {
    const { name, elementType, location } = readTensor(tensor);
    this.initializers.set(name, elementType);
    if (location !== undefined) {
      this.externalFiles.add(location);
    }
  }

  private addSparse(sparse: WireReader): void {
    while (sparse.next()) {
      if (sparse.field === 1 && sparse.wireType === WireType.bytes) {
        this.addInitializer(sparse.message());
      } else {
        sparse.skip();
      }
    }
  }

  readOpset(opset: WireReader): void {
    let domain = '';
    let version = 0;
    while (opset.next()) {
      if (opset.field === 1 && opset.wireType === WireType.bytes) {
        domain = opset.text();
      } else if (opset.field === 2 && opset.wireType === WireType.varint) {
        version = opset.varint();
      } else {
        opset.skip();
      }
    }
    this.opsets.set(domain === 'ai.onnx' ? '' : domain, version);
  }

  finish(): Graph {
    return {
      nodes: this.nodes,
      initializers: this.initializers,
      externalFiles: this.externalFiles,
      // Before IR version 4 every initialiser is also listed as an input.
      inputs: this.inputs.filter((input) => !this.initializers.has(input.name)),
      outputs: this.outputs,
      intermediates: this.intermediates,
      opsets: this.opsets,
    };
  }
}

function readValueInfo(info: WireReader): ValueInfo {
  let name = '';
  let type: { elementType: number; dims: (number | string)[] } = { elementType: 0, dims: [] };
  while (info.next()) {
    if (info.field === 1 && info.wireType === WireType.bytes) {
      name = info.text();
    } else if (info.field === 2 && info.wireType === WireType.bytes) {
      type = readType(info.message());
    } else {
      info.skip();
    }
  }
  return { name, ...type };
}

/** TypeProto → tensor_type → (elem_type, shape). */
function readType(type: WireReader): { elementType: number; dims: (number | string)[] } {
  let elementType = 0;
  let dims: (number | string)[] = [];
  while (type.next()) {
    if (type.field !== 1 || type.wireType !== WireType.bytes) {
      type.skip();
      continue;
    }
    const tensor = type.message();
    while (tensor.next()) {
      if (tensor.field === 1 && tensor.wireType === WireType.varint) {
        elementType = tensor.varint();
      } else if (tensor.field === 2 && tensor.wireType === WireType.bytes) {
        dims = readShape(tensor.message());
      } else {
        tensor.skip();
      }
    }
  }
  return { elementType, dims };
}

function readShape(shape: WireReader): (number | string)[] {
  const dims: (number | string)[] = [];
  while (shape.next()) {
    if (shape.field !== 1 || shape.wireType !== WireType.bytes) {
      shape.skip();
      continue;
    }
    const dim = shape.message();
    let value: number | string = '?';
    while (dim.next()) {
      if (dim.field === 1 && dim.wireType === WireType.varint) {
        value = dim.varint();
      } else if (dim.field === 2 && dim.wireType === WireType.bytes) {
        value = dim.text();
      } else {
        dim.skip();
      }
    }
    dims.push(value);
  }
  return dims;
}
