import { contentFree, contextual, domainOf, pmi } from '../prompts/calibration';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { ContinuationScore } from '../protocol/language';
import type { CellAddress, LabelScore, RenderedPrompt, Study } from '../protocol/prompts';
import type { PromptRenderer, ReadyPrompt } from './promptRenderer';

/**
 * Chooses the label that a model finds likeliest: per token, so that long labels have no disadvantage, or after what
 * calibration says.
 */
export class LabelChoice {
  /** What does not depend on the input is the same for most items of a way. */
  private readonly known = new Map<string, Promise<number[]>>();

  constructor(private readonly renderer: PromptRenderer) {}

  /** @returns the labels' scores in their order, and the chosen one */
  async choose(
    study: Study,
    cell: CellAddress,
    ready: ReadyPrompt,
    token: CancellationToken,
  ): Promise<{ readonly label: string; readonly scores: readonly LabelScore[] }> {
    const { labels, scorer } = study.task;
    const found = await this.score(study, ready, ready.prompt, token);
    const plain = found.map(({ logLikelihood, numTokens }, index) => ({
      label: labels[index] ?? '',
      logLikelihood,
      perToken: logLikelihood / Math.max(1, numTokens),
    }));
    const logs = plain.map(({ logLikelihood }) => logLikelihood);
    const shares =
      scorer.calibration === 'contextual'
        ? contextual(logs, await this.free(study, cell, ready, token))
        : scorer.calibration === 'pmi'
          ? pmi(logs, await this.remembered(study, ready, domain(ready.prompt), token))
          : undefined;
    const scores = plain.map((score, index) => (shares ? { ...score, calibrated: shares[index]! } : score));
    const best = scores.reduce((top, each) => (worth(each) > worth(top) ? each : top));
    return { label: best.label, scores };
  }

  /** The labels after the same prompt with inputs that say nothing. */
  private async free(
    study: Study,
    cell: CellAddress,
    ready: ReadyPrompt,
    token: CancellationToken,
  ): Promise<number[][]> {
    const found: number[][] = [];
    for (const input of contentFree) {
      const { prompt } = await this.renderer.render(study, cell, input);
      found.push(await this.remembered(study, ready, prompt, token));
    }
    return found;
  }

  private remembered(
    study: Study,
    ready: ReadyPrompt,
    prompt: RenderedPrompt,
    token: CancellationToken,
  ): Promise<number[]> {
    const key = JSON.stringify([ready.model, prompt.text, study.task.labels, study.task.frame.gap]);
    let logs = this.known.get(key);
    if (!logs) {
      logs = this.score(study, ready, prompt, token).then((scores) =>
        scores.map(({ logLikelihood }) => logLikelihood),
      );
      this.known.set(key, logs);
      logs.catch(() => this.known.delete(key));
    }
    return logs;
  }

  private async score(
    study: Study,
    { provider, messages }: ReadyPrompt,
    prompt: RenderedPrompt,
    token: CancellationToken,
  ): Promise<ContinuationScore[]> {
    const { labels, frame } = study.task;
    const gap = /\s$/.test(prompt.text) || prompt.template === 'model' ? '' : frame.gap;
    const question = { prompt, messages, sampling: study.sampling };
    const texts = labels.map((label) => gap + label);
    const scores = await provider.scoreTexts?.(question, texts, token);
    if (scores?.length !== labels.length) {
      throw new ScopeError('badRequest', `${scores?.length ?? 0} of ${labels.length} labels`);
    }
    return scores;
  }
}

function worth({ perToken, calibrated }: LabelScore): number {
  return calibrated ?? perToken;
}

function domain(prompt: RenderedPrompt): RenderedPrompt {
  return { ...prompt, text: domainOf(prompt), parts: [] };
}
