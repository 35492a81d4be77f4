import { plainAnswer } from '../prompts/answers';
import { boxedFacts } from '../prompts/boxedFacts';
import { filledJudgePrompt, readVerdict, shareOfYes, verdictWords } from '../prompts/judgePrompt';
import {
  type Grade,
  type Scored,
  type Verdict,
  asksElsewhere,
  graded,
  judge,
  judgeBy,
  usualThreshold,
} from '../prompts/scorers';
import { ScopeError } from '../protocol/errors';
import { EvaluateExpression } from '../protocol/expression';
import type { CancellationToken } from '../protocol/jsonrpc';
import { usualJudgePrompts } from '../protocol/judgePrompts';
import { RenderChat } from '../protocol/language';
import { type AskedModel, type RenderedPrompt, type Study, requireLocal } from '../protocol/prompts';
import type { Provider, Providers } from '../providers/provider';
import type { InferenceClient } from '../worker/client';
import type { SentenceVectors } from './sentenceVectors';

export interface GraderServices {
  readonly client: InferenceClient;
  readonly providers: Providers;
  readonly vectors: SentenceVectors;
  /** Whether a person's JavaScript may run: not in a workspace that nobody trusts. */
  mayRunExpressions(): boolean;
}

/** Judges answers, also by those scorers that need a model or a sandbox. */
export class AnswerGrader {
  constructor(private readonly services: GraderServices) {}

  /** @throws {ScopeError} `expressionRefused`, before anything is asked that could then not be judged */
  refuseEarly({ task }: Study): void {
    if (task.scorer.kind === 'javascript' && !this.services.mayRunExpressions()) {
      throw new ScopeError('expressionRefused');
    }
  }

  async judge(study: Study, scored: Scored, token: CancellationToken): Promise<Verdict> {
    const facts = await boxedFacts(scored, async (expression, values) => {
      const { value } = await this.services.client.request(EvaluateExpression, { expression, values }, token);
      return value;
    });
    if (!asksElsewhere(scored.task)) {
      return judge(scored, facts);
    }
    const grade = (answer: string): Promise<Grade> => {
      switch (scored.task.scorer.kind) {
        case 'similarity':
          return this.bySimilarity(scored, answer);
        case 'judge':
          return this.byModel(study, scored, answer, token);
        default:
          return this.byExpression(study, scored, answer);
      }
    };
    return judgeBy(scored, grade, facts);
  }

  /** Without a threshold of the person's, what is nearer to equal than to unrelated passes. */
  private async bySimilarity({ task, item }: Scored, answer: string): Promise<Grade> {
    const { vectors } = this.services;
    const [score = 0] = await vectors.similarities([plainAnswer(item.expected ?? '')], answer);
    const expected = task.items.flatMap((each) =>
      each.expected === undefined ? [] : plainAnswer(each.expected),
    );
    const baseline = await vectors.baseline(expected);
    const threshold = task.scorer.threshold || (1 + (baseline ?? 0.6)) / 2;
    return { ...graded(score, threshold), ...(baseline === undefined ? {} : { baseline }) };
  }

  private async byExpression(study: Study, { task, item, output }: Scored, answer: string): Promise<Grade> {
    this.refuseEarly(study);
    const { value } = await this.services.client.request(EvaluateExpression, {
      expression: task.scorer.expression ?? '',
      values: { input: item.input, expected: item.expected ?? null, answer, output },
    });
    return typeof value === 'boolean'
      ? { pass: value }
      : graded(value, task.scorer.threshold ?? usualThreshold.javascript);
  }

  /** By how likely the judge finds yes; a judge that tells no likelihoods is read. */
  private async byModel(
    study: Study,
    { task, item }: Scored,
    answer: string,
    token: CancellationToken,
  ): Promise<Grade> {
    const model = task.scorer.judge?.model ?? study.models[0];
    if (!model) {
      throw new ScopeError('badRequest', 'no judge');
    }
    const provider = this.services.providers.of(model);
    if (!(await provider.allowed())) {
      throw new ScopeError('cancelled');
    }
    const content = filledJudgePrompt(
      task.scorer.judge?.prompt ?? usualJudgePrompts[task.language],
      item,
      answer,
    );
    const { prompt, gap } = await this.judgePrompt(provider, model, content, task.frame.gap);
    const sampling = { ...study.sampling, temperature: 0, maxNewTokens: 8 };
    const question = { prompt, messages: [{ role: 'user' as const, content }], sampling };
    if (!provider.scoreTexts) {
      const reply = await provider.ask(question, () => undefined, token);
      return { pass: readVerdict(reply.text) };
    }
    const { yes, no } = verdictWords[task.language];
    const scores = await provider.scoreTexts(
      question,
      [...yes, ...no].map((word) => gap + word),
      token,
    );
    const logs = scores.map(({ logLikelihood }) => logLikelihood);
    const share = shareOfYes(logs.slice(0, yes.length), logs.slice(yes.length));
    return graded(share, task.scorer.threshold ?? usualThreshold.judge);
  }

  private async judgePrompt(
    provider: Provider,
    model: AskedModel,
    content: string,
    gap: string,
  ): Promise<{ readonly prompt: RenderedPrompt; readonly gap: string }> {
    const messages = [{ role: 'user', content }];
    const chat =
      provider.takes === 'template'
        ? await this.services.client.request(RenderChat, {
            model: requireLocal(model),
            owner: 'prompts',
            messages,
          })
        : null;
    const text = chat?.text ?? content;
    return {
      prompt: { text, parts: [], template: chat ? 'model' : 'study' },
      gap: chat || /\s$/.test(text) ? '' : gap,
    };
  }
}
