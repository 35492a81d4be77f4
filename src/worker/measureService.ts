import { describeModel } from '../inference/describeModel';
import { maskedExample } from '../inference/maskedExample';
import { scoreWords } from '../inference/wordScores';
import type { MessageConnection } from '../protocol/jsonrpc';
import { CompareTexts, DescribeModel, MaskText, ScoreWords } from '../protocol/measures';
import { answer } from '../protocol/rpc';
import { answerByModel, refuseCancelled } from './answerByModel';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/** Answers everything of `protocol/measures`, one job at a time. */
export function answerMeasures(connection: MessageConnection, queue: JobQueue, models: WorkerModels): void {
  const on = answerByModel(connection, queue, models);
  on(ScoreWords, (model, { text, words }, token) => scoreWords(model, text, words, token));
  on(MaskText, (model, { text, seed }) => maskedExample(model, text, seed));
  // Needs the model's files only, so it does not wait behind a run.
  answer(connection, DescribeModel, ({ model }) => describeModel(model, models.precision));
  // A graph of its own: the plain model is not loaded for it.
  answer(connection, CompareTexts, ({ model, owner, texts }, token) =>
    queue.run(`${owner} ${CompareTexts.method}`, async () => {
      refuseCancelled(token);
      const hidden = await models.hiddenModel(model, owner);
      refuseCancelled(token);
      const cosines = await hidden.cosines(texts);
      return { numLayers: hidden.numLayers, cosines: cosines.buffer as ArrayBuffer };
    }),
  );
}
