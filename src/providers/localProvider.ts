import { type Ability, abilities } from '../protocol/abilities';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import { type ContinuationScore, type GeneratedToken, ScoreContinuation } from '../protocol/language';
import type { LocalModel } from '../protocol/prompts';
import { sharedPrefixOf } from '../prompts/renderPrompt';
import type { InferenceClient } from '../worker/client';
import type { Provider, Question, Reply } from './provider';

const owner = 'prompts';

/** Models of this computer, in the inference process: it computes one answer at a time, with every ability. */
export class LocalProvider implements Provider {
  readonly abilities: ReadonlySet<Ability> = new Set(abilities);
  readonly takes = 'template';
  readonly lane = 'local';
  readonly concurrency = 1;
  readonly host = null;
  readonly currency = null;

  constructor(
    private readonly model: LocalModel,
    private readonly client: InferenceClient,
  ) {}

  allowed(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async ask(
    { prompt, sampling }: Question,
    onText: (text: string) => void,
    token: CancellationToken,
  ): Promise<Reply> {
    let text = '';
    const onToken = (generated: GeneratedToken): void => {
      text += generated.text;
      onText(text);
    };
    const options = { ...sampling, sharedPrefix: sharedPrefixOf(prompt) };
    const params = { model: this.model, owner, prompt: prompt.text, options };
    const generation = await this.client.generate(params, onToken, token);
    if (generation.finish === 'cancelled') {
      throw new ScopeError('cancelled');
    }
    const { tokens } = generation;
    const nats = tokens.reduce((sum, each) => sum - each.logProbability, 0);
    return {
      text: generation.text,
      finish: generation.finish,
      numPromptTokens: generation.numPromptTokens,
      numNewTokens: tokens.length,
      milliseconds: generation.promptMilliseconds + generation.tokenMilliseconds,
      meanBits: tokens.length === 0 ? null : nats / Math.LN2 / tokens.length,
    };
  }

  async scoreTexts(
    { prompt }: Question,
    texts: readonly string[],
    token: CancellationToken,
  ): Promise<ContinuationScore[]> {
    const scores: ContinuationScore[] = [];
    for (const continuation of texts) {
      const params = { model: this.model, owner, prompt: prompt.text, continuation };
      scores.push(await this.client.request(ScoreContinuation, params, token));
    }
    return scores;
  }
}
