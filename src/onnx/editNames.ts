/** Names of what a graph that can be edited is fed and gives, beside its own. */

export const editPrefix = 'scope_edit/';
/** Input: int64 `[1]`, the token whose prediction is looked at. */
export const editPosition = `${editPrefix}position`;
/** Output: `[batch, 1, vocabulary]`, the logits there. */
export const editLogits = `${editPrefix}logits`;
/** Output: `[batch, 1, width]`, the residual stream there behind the last layer. */
export const editState = `${editPrefix}state`;
/** Input: float32 `[1, rows, width]`, states to be put through the head behind the last layer. */
export const editRows = `${editPrefix}rows`;
/** Output: `[1, rows, vocabulary]`. */
export const editRowLogits = `${editPrefix}row_logits`;

/**
 * What a block is fed: float32, of any shape that broadcasts to what it acts on; `[1]` is the same for all.
 * Probabilities P become `rows · (P · keys, each row brought back to its sum) + replacement`, heads' outputs Z become
 * `gate · Z + mean · (Z averaged over the tokens) + added`.
 */
export const blockInputs = ['keys', 'rows', 'replacement', 'gate', 'mean', 'added'] as const;
export type BlockInput = (typeof blockInputs)[number];

/** With these a block computes what it always did. */
export const idleInput: Readonly<Record<BlockInput, 0 | 1>> = {
  ...{ keys: 1, rows: 1, replacement: 0 },
  ...{ gate: 1, mean: 0, added: 0 },
};

export function blockInput(block: number, input: BlockInput): string {
  return `${editPrefix}${block}/${input}`;
}
