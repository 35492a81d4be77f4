import { ElementType, type Node } from './graph';
import type { GraphIndex } from './graphIndex';
import type { LensHead } from './lensHead';
import { biasOfSum } from './residualNorm';
import { bytesField, concat, textField, varintField } from './wire';
import { nodeBytes, renamedNodeBytes } from './writeGraph';

/** What the copy reads and gives; everything else in it is named `prefix` and its old name. */
export interface HeadCopy {
  /** `[1, rows, width]`: states as they leave a layer. */
  readonly rows: string;
  /** `[1, rows, vocabulary]`. */
  readonly logits: string;
  readonly prefix: string;
}

/** The head behind the last layer once more, over the same weights, for rows of its own. @returns NodeProtos */
export function copyHead(
  file: Uint8Array,
  index: GraphIndex,
  { begin, nodes, sums }: LensHead,
  { rows, logits, prefix }: HeadCopy,
): Uint8Array[] {
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const renamed = (name: string): string => {
    if (name === begin) {
      return rows;
    }
    return name === 'logits' ? logits : made.has(name) ? prefix + name : name;
  };
  return nodes.flatMap((node) => {
    const [data, shape] = node.inputs as [string, string];
    if (node === sums) {
      return normOfSums(file, node, rows, renamed, prefix);
    }
    // Such a Reshape gives back the shape of the whole text, which the few rows here do not have.
    return node.opType === 'Reshape' && !index.isConstant(shape)
      ? nodeBytes({
          opType: 'Identity',
          inputs: [renamed(data)],
          outputs: [renamed(node.outputs[0] as string)],
        })
      : renamedNodeBytes(file, node, renamed, prefix + (node.outputs[0] ?? ''));
  });
}

/** The row of `state`, `[batch, tokens, width]`, at the position that an int64 input `[1]` tells. */
export function gatherRow(state: string, position: string, row: string): Uint8Array {
  return nodeBytes({ opType: 'Gather', inputs: [state, position], outputs: [row], attributes: { axis: 1 } });
}

/** The state that leaves the last layer at a position, also where only the final norm adds it up. */
export function lastState({ begin }: LensHead, position: string, last: string, prefix: string): Uint8Array[] {
  if (typeof begin === 'string') {
    return [gatherRow(begin, position, last)];
  }
  const [input, skip, bias] = begin as [string, string, string | undefined];
  const [first, second, sum] = ['part_0', 'part_1', 'sum'].map((each) => prefix + each) as [
    string,
    string,
    string,
  ];
  return [
    gatherRow(input, position, first),
    gatherRow(skip, position, second),
    nodeBytes({ opType: 'Add', inputs: [first, second], outputs: [bias === undefined ? last : sum] }),
    ...(bias === undefined ? [] : [nodeBytes({ opType: 'Add', inputs: [sum, bias], outputs: [last] })]),
  ];
}

/** A fused final norm over rows that are sums already: it must be given something to add, so it gets nothing. */
function normOfSums(
  file: Uint8Array,
  node: Node,
  stacked: string,
  renamed: (name: string) => string,
  prefix: string,
): Uint8Array[] {
  const nothing = `${prefix}nothing`;
  const [input, skip] = node.inputs;
  const left = new Set([biasOfSum(node), node.outputs[3]]);
  const rename = (name: string): string =>
    left.has(name) ? '' : name === input ? stacked : name === skip ? nothing : renamed(name);
  return [
    nodeBytes({ opType: 'Sub', inputs: [stacked, stacked], outputs: [nothing] }),
    renamedNodeBytes(file, node, rename, prefix + (node.outputs[0] ?? '')),
  ];
}

/** ValueInfoProto of an int64 tensor `[1]`. */
export function integerInput(name: string): Uint8Array {
  const shape = bytesField(1, varintField(1, 1));
  const type = concat([varintField(1, ElementType.int64), bytesField(2, shape)]);
  return concat([textField(1, name), bytesField(2, bytesField(1, type))]);
}
