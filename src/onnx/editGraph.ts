import type { AttentionBlock, Extension, Operand } from './attentionBlock';
import { type AttentionResult, attentionResult } from './attentionResult';
import { checkGraph } from './checkGraph';
import { BlockEdit } from './editBlock';
import { editLogits, editPosition, editPrefix, editRowLogits, editRows, editState } from './editNames';
import { findAttention } from './findAttention';
import { flattenBranches } from './flattenBranches';
import { ElementType, type Graph, type Node } from './graph';
import { GraphIndex } from './graphIndex';
import { graphTail, hideChanged, hideNodes, typedName } from './graphTail';
import { copyHead, gatherRow, integerInput, lastState } from './headCopy';
import { type LensHead, findHead } from './lensHead';
import { beforeCasts, isResidualSum } from './residualNorm';
import { bytesField, concat, textField } from './wire';
import { nodeBytes, renamedNodeBytes, tensorBytes } from './writeGraph';

/** A block that can be interfered with while the graph runs. */
export interface EditableBlock extends AttentionBlock {
  /** Whether its probabilities can be changed; a fused operator keeps them to itself. */
  readonly editsProbabilities: boolean;
  /** Whether its heads' outputs can be changed. */
  readonly editsOutputs: boolean;
  /** What it adds to the residual stream, where that was found. */
  readonly result?: AttentionResult;
}

/**
 * Why no head's output reaches the logits unchanged: the norm stands behind each sum (`postNorm`), behind attention
 * (`normBehind`), or the head behind the last layer, or a layer's result, was not found (`notFound`).
 */
export type IndirectReason = 'postNorm' | 'normBehind' | 'notFound';

/** A model whose attention can be changed by what it is fed. */
export interface EditableGraph {
  /** As it was before. */
  readonly graph: Graph;
  readonly blocks: readonly EditableBlock[];
  /** Whether a head's output reaches the logits by one norm and one matrix; a reason where not. */
  readonly direct: 'yes' | IndirectReason;
  /** Whether it rounds to integers on a range of all rows, so that the rows of a batch change each other. */
  readonly rounds: boolean;
  /** The file followed by the tail. */
  readonly bytes: Uint8Array;
}

/** Room to leave behind a file for the tail of {@link editableModel}. */
export const editTailRoom = 1 << 19;

/**
 * Puts nodes between each block's tensors and what reads them, which inputs of the graph steer (`editNames.ts`); what
 * reads them is taken out and appended anew. Nothing else of the file is rewritten, as in `graphTail`.
 * @param file An array whose first `length` bytes are the `.onnx` file; it is changed where there is room behind it.
 * @returns undefined where the model has no logits to look at
 */
export function editableModel(file: Uint8Array, length: number): EditableGraph | undefined {
  const { graph, nodes: renames } = flattenBranches(file, length);
  checkGraph(
    graph,
    renames.flatMap((node) => node.outputs),
  );
  const index = new GraphIndex(graph);
  if (!graph.outputs.some((output) => output.name === 'logits')) {
    return undefined;
  }
  const found = findAttention(graph);
  const extensions: Extension[] = found.flatMap((block) => block.extension ?? []);
  const edits = new GraphEdits(index, graph, extensions);
  const blocks = found.map((block, place) => edits.addBlock(block, place));
  const { head, direct } = directPath(graph, index, blocks);
  const tail = concat([
    graphTail(graph, tensorsOf(graph, blocks), [...extensions, { nodes: renames }], file),
    edits.bytes(file, head),
  ]);
  let target = file;
  if (length + tail.length > file.length) {
    target = new Uint8Array(length + tail.length);
    target.set(file.subarray(0, length));
  }
  hideChanged(target, extensions);
  hideNodes(target, [...edits.rewired.keys()]);
  target.set(tail, length);
  const rounds = graph.nodes.some(
    ({ opType }) => opType === 'DynamicQuantizeLinear' || opType === 'DynamicQuantizeMatMul',
  );
  return { graph, blocks, direct, rounds, bytes: target.subarray(0, length + tail.length) };
}

/** Collects what is put in between, and which nodes read something else from now on. */
class GraphEdits {
  readonly rewired = new Map<Node, Map<string, string>>();
  private readonly edits: BlockEdit[] = [];
  private readonly changed: ReadonlySet<Node>;

  constructor(
    private readonly index: GraphIndex,
    private readonly graph: Graph,
    extensions: readonly Extension[],
  ) {
    this.changed = new Set(extensions.flatMap(({ change }) => change?.node ?? []));
  }

  addBlock(block: AttentionBlock, place: number): EditableBlock {
    const opset = this.graph.opsets.get('') ?? 0;
    const edit = new BlockEdit(place, this.index.floatType(block.probabilities), opset);
    const { mixed, probabilities } = block;
    const editsProbabilities = block.form === 'softmax' && this.canRewire(probabilities);
    if (editsProbabilities) {
      this.rewire(probabilities, edit.ofProbabilities(probabilities));
    }
    const editsOutputs = mixed !== undefined && this.canRewire(mixed.tensor);
    if (editsOutputs) {
      this.rewire(mixed.tensor, edit.ofOutputs(mixed.tensor));
    }
    this.edits.push(edit);
    const result = mixed === undefined ? undefined : attentionResult(this.index, mixed.tensor);
    return { ...block, editsProbabilities, editsOutputs, ...(result && { result }) };
  }

  /** What is appended: nodes, constants, inputs and outputs. */
  bytes(file: Uint8Array, head: LensHead | undefined): Uint8Array {
    const { edits, rewired, index } = this;
    const nodes = [
      ...edits.flatMap((edit) => edit.nodes.map(nodeBytes)),
      ...[...rewired].map(([node, names]) =>
        renamedNodeBytes(file, node, (name) => names.get(name) ?? name, node.name),
      ),
      gatherRow('logits', editPosition, editLogits),
    ];
    const inputs = edits.flatMap((edit) => edit.inputs.map((name) => typedName(name, ElementType.float32)));
    inputs.push(integerInput(editPosition));
    const outputs = [editLogits];
    if (head) {
      const [typed, nothing, rows] = ['rows_typed', 'nothing', 'rows_wide'].map(
        (each) => editPrefix + each,
      ) as [...[string, string, string]];
      const to = index.floatType(typeof head.begin === 'string' ? head.begin : (head.begin[0] as string));
      nodes.push(
        nodeBytes({ opType: 'Cast', inputs: [editRows], outputs: [typed], attributes: { to } }),
        ...lastState(head, editPosition, editState, editPrefix),
        // Where nothing is to be put through the head a single number is fed, which is made as wide as a state.
        nodeBytes({ opType: 'Sub', inputs: [editState, editState], outputs: [nothing] }),
        nodeBytes({ opType: 'Add', inputs: [nothing, typed], outputs: [rows] }),
        ...copyHead(file, index, head, { rows, logits: editRowLogits, prefix: `${editPrefix}head/` }),
      );
      inputs.push(typedName(editRows, ElementType.float32));
      outputs.push(editState, editRowLogits);
    }
    return bytesField(
      7,
      concat([
        ...nodes.map((bytes) => bytesField(1, bytes)),
        ...edits.flatMap((edit) => edit.constants.map((constant) => bytesField(5, tensorBytes(constant)))),
        ...inputs.map((bytes) => bytesField(11, bytes)),
        ...outputs.map((name) => bytesField(12, textField(1, name))),
      ]),
    );
  }

  /** A node that is changed for its own sake already is left alone. */
  private canRewire(tensor: string): boolean {
    const readers = this.index.consumers.get(tensor) ?? [];
    return readers.length > 0 && readers.every((node) => !this.changed.has(node));
  }

  private rewire(tensor: string, replacement: string): void {
    for (const node of this.index.consumers.get(tensor) ?? []) {
      const names = this.rewired.get(node) ?? new Map<string, string>();
      names.set(tensor, replacement);
      this.rewired.set(node, names);
    }
  }
}

function directPath(
  graph: Graph,
  index: GraphIndex,
  blocks: readonly EditableBlock[],
): { readonly head: LensHead | undefined; readonly direct: EditableGraph['direct'] } {
  const states = [...new Set(blocks.map((block) => block.hidden))];
  const state = states[1];
  const isStack = blocks.every((block) => block.kind === 'self') && !states.includes(undefined);
  const head = isStack && state !== undefined ? findHead(graph, index, state) : undefined;
  if (!head || state === undefined || blocks.some(({ result }) => !result)) {
    return { head: undefined, direct: 'notFound' };
  }
  if (!isResidualSum(index, beforeCasts(index, state))) {
    return { head: undefined, direct: 'postNorm' };
  }
  const isLinear = blocks.every(({ result }) => result?.isLinear);
  return isLinear ? { head, direct: 'yes' } : { head: undefined, direct: 'normBehind' };
}

/** What a run may be asked for. */
function tensorsOf(graph: Graph, blocks: readonly EditableBlock[]): string[] {
  const operand = (each: Operand | undefined): string[] => (each ? [each.tensor] : []);
  const tensors = blocks.flatMap(({ probabilities, values, mixed, result }) => [
    probabilities,
    ...operand(values),
    ...operand(mixed),
    ...(result ? [result.tensor] : []),
  ]);
  const inputs = new Set(graph.inputs.map((input) => input.name));
  return tensors.filter((tensor) => !inputs.has(tensor));
}
