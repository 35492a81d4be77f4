import type { Node } from './graph';
import type { NewNode, NewTensor } from './writeGraph';

/** One attention block: softmax(Q·Kᵀ …)·V (Vaswani et al. 2017, eq. 1), spelled out or as one operator. */
export interface AttentionBlock {
  readonly form: AttentionForm;
  readonly kind: AttentionKind;
  /** What is multiplied with the values: `[batch, heads, queries, keys]`. */
  readonly probabilities: string;
  /** Input of the softmax: scaled and masked scores, of the same shape. Some operators hide it. */
  readonly scores?: string;
  /** As they enter the block, rotated where the model rotates; absent where the operator hides them. */
  readonly queries?: Operand;
  readonly keys?: Operand;
  readonly values?: Operand;
  /** What each head gives, the sums of values by weight, before heads are joined by the output projection. */
  readonly mixed?: Operand;
  /** The residual stream that enters the block's layer: `[batch, queries, width]`. */
  readonly hidden?: string;
  /** What the graph must get so that these tensors exist; absent when they do. */
  readonly extension?: Extension;
}

/** A block by itself; where it stands among the others is found when all are known. */
export type BlockDraft = Omit<AttentionBlock, 'kind' | 'hidden'> & {
  /** The tensors that queries and keys are projected from, where they can be found. */
  readonly sources: { readonly queries: string | undefined; readonly keys: string | undefined };
};

/** `softmax` is a chain of plain operators; the others are one operator. */
export type AttentionForm =
  'softmax' | 'Attention' | 'GroupQueryAttention' | 'MultiHeadAttention' | 'com.microsoft.Attention';

/** `self` where the graph has a single stack; cross attention takes its keys from another stack. */
export type AttentionKind = 'self' | 'encoderSelf' | 'decoderSelf' | 'cross';

export interface Operand {
  readonly tensor: string;
  /**
   * `BHSD`: batch, heads, tokens, size; `BHDS`: transposed for the product; `BSH`: batch, tokens, and
   * heads × size in one. Some families fold batch and heads into one dimension.
   */
  readonly layout: 'BHSD' | 'BHDS' | 'BSH';
}

/** A node of the file with other outputs and settings. */
export interface NodeVariant {
  readonly node: Node;
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number>>;
}

export interface Extension {
  /** A node that gets other outputs and settings. */
  readonly change?: NodeVariant;
  /** A node that is there once more beside itself, with other outputs and settings. */
  readonly copy?: NodeVariant;
  readonly nodes?: readonly NewNode[];
  readonly constants?: readonly NewTensor[];
  /** Types of tensors that the runtime cannot infer. */
  readonly types?: readonly { readonly name: string; readonly elementType: number }[];
}
