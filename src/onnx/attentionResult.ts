import type { Node } from './graph';
import type { GraphIndex } from './graphIndex';
import { skipSums } from './residualNorm';

/** What may stand between the heads' outputs and the residual stream so that the result is linear in them. */
const linear = new Set([
  ...['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity', 'Cast', 'Dropout', 'Concat'],
  ...['MatMul', 'Gemm', 'FusedMatMul', 'MatMulNBits', 'MatMulInteger', 'DynamicQuantizeMatMul', 'Einsum'],
  ...['DynamicQuantizeLinear', 'Mul', 'Add'],
]);

/** Longer chains are no output projection; it also bounds work on hostile graphs. */
const maxVisits = 60;

/** A layer's attention as it joins the residual stream. */
export interface AttentionResult {
  /** `[batch, tokens, width]`. */
  readonly tensor: string;
  /** False where a norm or the like stands behind the output projection. */
  readonly isLinear: boolean;
}

/** Forward from the heads' outputs through the output projection to what is added to the residual stream. */
export function attentionResult(index: GraphIndex, mixed: string): AttentionResult | undefined {
  const reached = new Set([mixed]);
  const queue = [mixed];
  let isLinear = true;
  for (let next = 0; next < queue.length && next < maxVisits; next++) {
    for (const node of index.consumers.get(queue[next] as string) ?? []) {
      const joining = joins(index, node, reached);
      if (joining !== undefined) {
        return { tensor: joining, isLinear };
      }
      // Shapes are read, not carried on.
      if (node.opType === 'Shape') {
        continue;
      }
      isLinear &&= linear.has(node.opType);
      for (const output of node.outputs) {
        if (output !== '' && !reached.has(output)) {
          reached.add(output);
          queue.push(output);
        }
      }
    }
  }
  return undefined;
}

/** What a node adds to a tensor that does not come from the heads alone. */
function joins(index: GraphIndex, node: Node, reached: ReadonlySet<string>): string | undefined {
  if (node.opType !== 'Add' && !skipSums(node)) {
    return undefined;
  }
  const [left, right] = node.inputs as [string, string];
  const [carried, other] = reached.has(left) ? [left, right] : [right, left];
  return reached.has(other) || index.isConstant(other) ? undefined : carried;
}
