import type { Attribute, Node } from './graph';
import { WireError, type WireReader, WireType } from './wire';

/** Lists of integers longer than this are data (a constant), not a setting such as a permutation. */
const maxIntegers = 64;
/** `If` in `If` in `If`: deeper is no exporter's work, and hostile depth must not exhaust the stack. */
const maxDepth = 16;

/** Reads a NodeProto; `key` is where its field begins in the file. */
export function readNode(node: WireReader, key: number, depth = 0): Node {
  if (depth > maxDepth) {
    throw new WireError('graphs are nested too deeply', key);
  }
  const place = { key, start: node.offset, end: node.end };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  const nested: Node[] = [];
  const graphs: { start: number; end: number }[] = [];
  let name = '';
  let opType = '';
  let domain = '';
  while (node.next()) {
    if (node.wireType !== WireType.bytes) {
      node.skip();
      continue;
    }
    switch (node.field) {
      case 1:
        inputs.push(node.text());
        break;
      case 2:
        outputs.push(node.text());
        break;
      case 3:
        name = node.text();
        break;
      case 4:
        opType = node.text();
        break;
      case 5:
        readAttribute(node.message(), attributes, nested, graphs, depth);
        break;
      case 7:
        domain = node.text();
        break;
      default:
        node.skip();
    }
  }
  return {
    name,
    opType,
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs,
    outputs,
    ...(attributes.size > 0 && { attributes }),
    ...(nested.length > 0 && { nested }),
    ...(graphs.length > 0 && { graphs }),
    place,
  };
}

/** AttributeProto: the value's field tells its type, whatever `type` says. Tensors are stepped over. */
function readAttribute(
  attribute: WireReader,
  into: Map<string, Attribute>,
  nested: Node[],
  graphs: { start: number; end: number }[],
  depth: number,
): void {
  let name = '';
  let value: Attribute | undefined;
  const integers: number[] = [];
  while (attribute.next()) {
    const isBytes = attribute.wireType === WireType.bytes;
    if (attribute.field === 1 && isBytes) {
      name = attribute.text();
    } else if (attribute.field === 2 && attribute.wireType === WireType.fixed32) {
      value = attribute.float32();
    } else if (attribute.field === 3 && attribute.wireType === WireType.varint) {
      value = attribute.varint();
    } else if (attribute.field === 4 && isBytes) {
      value = attribute.shortText(maxIntegers);
    } else if (attribute.field === 6 && isBytes) {
      const graph = attribute.message();
      graphs.push({ start: graph.offset, end: graph.end });
      readNested(graph, nested, depth);
    } else if (attribute.field === 8 && (isBytes || attribute.wireType === WireType.varint)) {
      attribute.varints(integers, maxIntegers);
    } else {
      attribute.skip();
    }
  }
  if (value !== undefined || integers.length > 0) {
    into.set(name, value ?? integers);
  }
}

function readNested(graph: WireReader, nested: Node[], depth: number): void {
  while (graph.next()) {
    if (graph.field === 1 && graph.wireType === WireType.bytes) {
      const node = readNode(graph.message(), graph.key, depth + 1);
      nested.push(node);
      node.nested?.forEach((inner) => nested.push(inner));
    } else {
      graph.skip();
    }
  }
}
