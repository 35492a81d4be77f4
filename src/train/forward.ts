import { attentionStep } from './attentionStep';
import { addRowsStep, addStep, reluStep } from './elementSteps';
import { embeddingStep } from './embeddingStep';
import { linearStep } from './linearStep';
import { normStep } from './normStep';
import type { Value } from './numbers';
import type { Tape } from './tape';
import { type Example } from './tasks';
import type { TinyBlock, TinyModel } from './tinyModel';

/** How a model reads. */
export interface Reading {
  readonly numHeads: number;
  readonly causal: boolean;
}

/**
 * A batch of examples of one task through the model. The same computation as `scratchRun`, many sequences at once and
 * with what gradients need.
 * @returns the letters' logits of every blank, `[examples · blanks, numLetters]`
 */
export function forward(tape: Tape, model: TinyModel, examples: readonly Example[], reading: Reading): Value {
  const positions = examples[0]?.tokens.length ?? 0;
  const heads = { ...reading, positions };
  let stream = embeddingStep(
    tape,
    model.tokens,
    examples.flatMap(({ tokens }) => tokens),
  );
  if (model.positions) {
    const { table, isLearned } = model.positions;
    const places = Array.from({ length: stream.rows }, (_, row) => row % positions);
    stream = isLearned
      ? addStep(tape, stream, embeddingStep(tape, table, places))
      : addRowsStep(tape, stream, table.data);
  }
  for (const block of model.blocks) {
    stream = blockStep(tape, block, stream, heads);
  }
  // Only blanks are answered.
  const answered = embeddingStep(
    tape,
    stream,
    examples.flatMap(({ targets }, index) =>
      targets.map((_, blank) => (index + 1) * positions - targets.length + blank),
    ),
  );
  return linearStep(tape, model.unembedding, normStep(tape, model.finalNorm, answered));
}

function blockStep(
  tape: Tape,
  block: TinyBlock,
  x: Value,
  heads: Reading & { readonly positions: number },
): Value {
  const { query, key, value, output } = block.attention;
  const read = normStep(tape, block.attentionNorm, x);
  const operands = {
    q: linearStep(tape, query, read),
    k: linearStep(tape, key, read),
    v: linearStep(tape, value, read),
  };
  const attended = addStep(tape, x, linearStep(tape, output, attentionStep(tape, operands, heads)));
  const { up, down } = block.feedForward;
  const inner = reluStep(tape, linearStep(tape, up, normStep(tape, block.feedForwardNorm, attended)));
  return addStep(tape, attended, linearStep(tape, down, inner));
}
