import { refuseCancelled } from '../inference/cancellation';
import { embed } from '../inference/sequenceTasks';
import { type Embedding, CountTokens, Embed, Tokenize } from '../protocol/language';
import type { CancellationToken, MessageConnection } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import { answer } from '../protocol/rpc';
import { writesTarget } from './attentionStacks';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/** Answers what is asked of a text alone: its tokens, for which no graph is loaded, and its vector. */
export function answerTexts(connection: MessageConnection, queue: JobQueue, models: WorkerModels): void {
  answer(connection, Tokenize, ({ model, owner, text }, token) =>
    queue.run(`${owner} ${Tokenize.method}`, async () => {
      refuseCancelled(token);
      return (await models.textReader(model, owner)).read(text);
    }),
  );
  answer(connection, CountTokens, ({ model, owner, texts }, token) =>
    queue.run(`${owner} ${CountTokens.method}`, async () => {
      refuseCancelled(token);
      const reader = await models.textReader(model, owner);
      const numTokens = texts.reduce((sum, text) => sum + reader.count(text), 0);
      return { numTokens, maxTokens: reader.maxTokens };
    }),
  );
  answer(connection, Embed, ({ model, owner, text }, token) =>
    queue.run(`${owner} ${Embed.method}`, () => embedding(models, model, owner, text, token)),
  );
}

async function embedding(
  models: WorkerModels,
  source: ModelSource,
  owner: string,
  text: string,
  token: CancellationToken,
): Promise<Embedding> {
  refuseCancelled(token);
  const { totalTokens, maxTokens } = (await models.textReader(source, owner)).read(text);
  const counted = { numTokens: Math.min(totalTokens, maxTokens ?? Infinity), totalTokens };
  // An encoder-decoder has no graph of its own for texts: its encoder is one part of it.
  const plain = (await writesTarget(source.folder)) ? undefined : await models.languageModel(source, owner);
  refuseCancelled(token);
  if (plain?.outputNames.has('last_hidden_state')) {
    return { vector: vectorOf(await embed(plain, text)), state: 'afterLastLayer', ...counted };
  }
  const hidden = await models.hiddenModel(source, owner);
  return { vector: vectorOf(await hidden.embed(text)), state: 'beforeLastLayer', ...counted };
}

/** A buffer of its own, which can travel. */
function vectorOf(values: Float32Array): ArrayBuffer {
  return values.slice().buffer as ArrayBuffer;
}
