import { PartSharesOf } from '../protocol/worker';
import type { GeneratedToken } from '../protocol/language';
import type { CellInspection, PartShares } from '../protocol/promptPage';
import { type LocalModel, type Part, type SamplingChoice, requireLocal } from '../protocol/prompts';
import { ScopeError, toScopeError } from '../protocol/errors';
import { CancellationTokenSource } from '../protocol/jsonrpc';
import { sharedPrefixOf } from '../prompts/renderPrompt';
import type { InferenceClient } from '../worker/client';
import type { ReadyPrompt } from './promptRenderer';

const owner = 'prompts-inspect';
const numAlternatives = 8;
const order: readonly Part[] = ['role', 'instruction', 'format', 'examples', 'input', 'reasoning', 'frame'];

/**
 * Answers once more, with the same seed and hence the same tokens, keeping what each token's rivals were; then
 * runs prompt and answer through the tapped model to see where the answer looked.
 */
export async function inspectCell(
  client: InferenceClient,
  { prompt, model: asked }: ReadyPrompt,
  sampling: SamplingChoice,
  describe: (error: ScopeError) => string,
): Promise<CellInspection> {
  const model = requireLocal(asked);
  const tokens: GeneratedToken[] = [];
  const sharedPrefix = sharedPrefixOf(prompt);
  const options = { ...sampling, sharedPrefix, alternatives: numAlternatives };
  const generation = await client.generate({ model, owner, prompt: prompt.text, options }, () => undefined);
  tokens.push(...generation.tokens);
  try {
    const shares = await sharesOf(client, { prompt, model }, generation.text);
    return { prompt, tokens, shares };
  } catch (error) {
    return { prompt, tokens, shares: null, problem: describe(toScopeError(error)) };
  } finally {
    client.release(owner);
  }
}

async function sharesOf(
  client: InferenceClient,
  { prompt, model }: Pick<ReadyPrompt, 'prompt'> & { readonly model: LocalModel },
  answer: string,
): Promise<PartShares> {
  if (answer.trim() === '') {
    throw new ScopeError('emptyText');
  }
  const text = prompt.text + answer;
  const source = new CancellationTokenSource();
  const run = await client.attend({ model, text, owner, textWasCut: false }, source.token);
  const present = order.filter((part) => prompt.parts.some((range) => range.part === part));
  const answered = { start: prompt.text.length, end: text.length };
  const found = await client.request(PartSharesOf, {
    runId: run.runId,
    queries: answered,
    groups: [...present.map((part) => prompt.parts.filter((range) => range.part === part)), [answered]],
    predicting: true,
  });
  return { ...found, parts: [...present, 'answer', 'first'] };
}
