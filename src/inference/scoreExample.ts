import type { ExamplePrompt, ExampleScore } from '../protocol/effects';
import { ScopeError } from '../protocol/errors';
import { refuseCancelled } from './cancellation';
import { directEffects } from './directEffects';
import type { EditableModel, RunOptions } from './editableModel';
import { measureOf, numHeadsOf } from './effects';

/** How well a causal model does an example, and what each of its heads brings to it on average. */
export async function scoreExample(
  model: EditableModel,
  prompts: readonly ExamplePrompt[],
  { cancellation, onRows }: RunOptions,
): Promise<ExampleScore> {
  if (model.head !== 'causal') {
    throw new ScopeError('modelUnsupported', 'this takes a causal language model');
  }
  let [numPrompts, numAbove, numFirst, sum, numHeads] = [0, 0, 0, 0, 0];
  let heads: Float32Array<ArrayBuffer> | undefined;
  for (const [done, { text, target, contrast }] of prompts.entries()) {
    const ids = model.tokenizer.tokenize(text, model.maxTokens).tokens.map((token) => token.id);
    const [targetId, contrastId] = [target, contrast].map((each) => singleId(model, each));
    if (targetId !== undefined && contrastId !== undefined && ids.length > 0) {
      const reading = await model.read(ids, undefined, ids.length - 1);
      const difference = measureOf(reading.logits, { targetId, contrastId });
      const most = reading.logits.reduce((largest, logit) => Math.max(largest, logit), -Infinity);
      numPrompts++;
      numAbove += difference > 0 ? 1 : 0;
      numFirst += reading.logits[targetId] === most ? 1 : 0;
      sum += difference;
      if (model.direct === 'yes') {
        const direct = await directEffects(model, reading, { targetId, contrastId }, { cancellation });
        const total = (heads ??= new Float32Array(direct.heads.length));
        direct.heads.forEach((value, at) => (total[at]! += value));
        numHeads = numHeadsOf(reading);
      }
    }
    onRows?.(done + 1, prompts.length);
    refuseCancelled(cancellation);
  }
  const mean = heads?.map((value) => value / numPrompts);
  return {
    numPrompts,
    numAbove,
    numFirst,
    meanDifference: numPrompts === 0 ? 0 : sum / numPrompts,
    direct: mean ? { heads: mean.buffer, numHeads } : null,
  };
}

function singleId(model: EditableModel, text: string): number | undefined {
  const tokens = model.tokenizer.tokenizeContent(text);
  return tokens.length === 1 ? tokens[0]?.id : undefined;
}
