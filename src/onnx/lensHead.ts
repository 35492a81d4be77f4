import type { Graph, Node } from './graph';
import type { GraphIndex } from './graphIndex';
import { beforeCasts, biasOfSum, isResidualSum, normalisedSum, skipSums } from './residualNorm';

/** What stands between the last layer and the logits: the final norm and the unembedding, or BERT's head. */
export interface LensHead {
  /** The residual stream that leaves the last layer; or, where the final norm adds it up itself, its parts. */
  readonly begin: string | readonly string[];
  /** In file order. */
  readonly nodes: readonly Node[];
  /** The final norm that adds the stream up itself (`SkipLayerNormalization`); the first of `nodes`. */
  readonly sums?: Node;
}

/** A head is a norm, a product and little more; it also bounds work on hostile graphs. */
const maxHeadNodes = 64;

/**
 * From the logits back to the tensor that is to the last layer what `state`, which enters a layer in the middle, is
 * to the one before.
 */
export function findHead(graph: Graph, index: GraphIndex, state: string): LensHead | undefined {
  const afterNorm = !isResidualSum(index, beforeCasts(index, state));
  let begin: string | undefined;
  let sums: Node | undefined;
  const inHead = new Set<Node>();
  index.walkBack('logits', (tensor, producer) => {
    if (!producer || inHead.size > maxHeadNodes) {
      return [];
    }
    if (afterNorm ? normalisedSum(index, tensor) : isResidualSum(index, tensor)) {
      begin ??= tensor;
      return [];
    }
    inHead.add(producer);
    if (!afterNorm && skipSums(producer) && producer.outputs[0] === tensor) {
      sums ??= producer;
      return [];
    }
    return producer.inputs;
  });
  if (begin === undefined && sums) {
    const nodes = headNodes(graph, inHead, sums.outputs[0] as string);
    const parts = [...sums.inputs.slice(0, 2), biasOfSum(sums) ?? []].flat();
    return nodes && { begin: sums.outputs[3] || parts, nodes: [sums, ...nodes], sums };
  }
  const nodes = begin === undefined ? undefined : headNodes(graph, inHead, begin);
  return begin !== undefined && nodes ? { begin, nodes } : undefined;
}

/** What hangs on `begin`, and is no side branch from earlier in the model; undefined where that is not the logits. */
function headNodes(graph: Graph, inHead: ReadonlySet<Node>, begin: string): Node[] | undefined {
  const reached = new Set([begin]);
  const nodes = graph.nodes.filter((node) => {
    const isIn =
      inHead.has(node) && !node.outputs.includes(begin) && node.inputs.some((input) => reached.has(input));
    node.outputs.forEach((output) => isIn && reached.add(output));
    return isIn;
  });
  return reached.has('logits') ? nodes : undefined;
}
