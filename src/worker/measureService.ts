import { refuseCancelled } from '../inference/cancellation';
import { describeModel } from '../inference/describeModel';
import { agreementOf, maskedAnswers } from '../inference/maskedAgreement';
import { maskedExample } from '../inference/maskedExample';
import { detectReplaced } from '../inference/replacedTokens';
import { sampleWords } from '../inference/sampledWords';
import { scoreWords } from '../inference/wordScores';
import type { MessageConnection } from '../protocol/jsonrpc';
import {
  CompareMasked,
  CompareTexts,
  DescribeModel,
  DetectReplaced,
  MaskText,
  SampleWords,
  ScoreWords,
} from '../protocol/measures';
import { answer } from '../protocol/rpc';
import { answerByModel } from './answerByModel';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/** Answers everything of `protocol/measures`, one job at a time. */
export function answerMeasures(connection: MessageConnection, queue: JobQueue, models: WorkerModels): void {
  const on = answerByModel(connection, queue, models);
  on(ScoreWords, (model, { text, words }, token) => scoreWords(model, text, words, token));
  on(MaskText, (model, { text, seed }) => maskedExample(model, text, seed));
  on(SampleWords, (model, { text, words, seed }) => sampleWords(model, text, words, seed));
  on(DetectReplaced, (model, { text }) => detectReplaced(model, text));
  // One model after the other: the second may need the first's place in memory.
  answer(connection, CompareMasked, ({ model, other, owner, text, words }, token) =>
    queue.run(`${owner} ${CompareMasked.method}`, async () => {
      refuseCancelled(token);
      const left = await maskedAnswers(await models.languageModel(model, owner), text, words, token);
      refuseCancelled(token);
      const right = await maskedAnswers(await models.languageModel(other, owner), text, words, token);
      return agreementOf(left, right);
    }),
  );
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
