import { refuseCancelled } from '../inference/cancellation';
import { applyChatTemplate } from '../inference/chatTemplate';
import { fillMask } from '../inference/fillMask';
import { generate, nextToken } from '../inference/generation';
import { predictAt } from '../inference/predictAt';
import { score, scoreContinuation } from '../inference/scoring';
import { classify, nextSentence } from '../inference/sequenceTasks';
import type { MessageConnection } from '../protocol/jsonrpc';
import * as language from '../protocol/language';
import { answer } from '../protocol/rpc';
import { answerByModel } from './answerByModel';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/** Answers everything of `protocol/language`, one job at a time. */
export function answerLanguage(connection: MessageConnection, queue: JobQueue, models: WorkerModels): void {
  const on = answerByModel(connection, queue, models);

  on(language.Predict, (model, { before, after, topK }) => predictAt(model, before, after, topK));
  on(language.FillMask, (model, { text, topK }) => fillMask(model, text, { topK }));
  on(language.NextToken, (model, { text, topK }) => nextToken(model, text, { topK }));
  on(language.NextSentence, async (model, { first, second }) => ({
    probability: await nextSentence(model, first, second),
  }));
  on(language.Score, (model, { text, owner, before, topK, maxTokens }, cancellation) => {
    const onScored = (done: number, total: number): void =>
      void connection.sendNotification(language.TokensScored, { owner, done, total });
    return score(model, text, {
      ...(before === undefined ? {} : { before }),
      ...(topK === undefined ? {} : { topK }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      onScored,
      cancellation,
    });
  });
  on(language.ScoreContinuation, (model, { prompt, continuation }) =>
    scoreContinuation(model, prompt, continuation),
  );
  on(language.Classify, (model, { text }) => classify(model, text));
  // A graph of its own: the plain model is not loaded for it.
  answer(connection, language.LogitLens, ({ model, owner, text, position, topK }, token) =>
    queue.run(`${owner} logitLens`, async () => {
      refuseCancelled(token);
      const lens = await models.lensModel(model, owner);
      refuseCancelled(token);
      return lens.read(text, position, topK);
    }),
  );
  // Needs the model's files only, so it does not wait behind a run.
  answer(connection, language.RenderChat, async ({ model, messages }) => {
    const { text, template } = await applyChatTemplate(model.folder, messages, { addGenerationPrompt: true });
    return template === 'model' ? { text } : null;
  });
  on(language.Generate, (model, { prompt, options, owner }, cancellation) =>
    generate(
      model,
      prompt,
      options,
      (token) => void connection.sendNotification(language.TokenGenerated, { owner, token }),
      cancellation,
    ),
  );
}
