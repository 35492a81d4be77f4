import type { DetectedText } from '../protocol/compare';
import { ScopeError } from '../protocol/errors';
import type { LanguageModel } from './languageModel';

/**
 * How likely each token is a replaced one: the sigmoid of its logit (Clark et al. 2020). A text that is longer than
 * the model reads is cut.
 * @throws {ScopeError} `modelUnsupported` unless the model is such a detector, `emptyText` when there is nothing to say
 */
export async function detectReplaced(model: LanguageModel, text: string): Promise<DetectedText> {
  model.requireHead('detector');
  const { tokens } = model.tokenizer.tokenize(text, model.maxTokens);
  if (tokens.every(({ special }) => special)) {
    throw new ScopeError('emptyText');
  }
  const { data } = await model.output(
    'logits',
    tokens.map(({ id }) => id),
  );
  if (data.length !== tokens.length) {
    throw new ScopeError('modelUnsupported', `${data.length} logits for ${tokens.length} tokens`);
  }
  return {
    tokens,
    probabilities: tokens.map(({ special }, position) =>
      special ? null : 1 / (1 + Math.exp(-data[position]!)),
    ),
  };
}
