import type { Seq2SeqModel } from '../inference/seq2seqModel';
import type { MessageConnection } from '../protocol/jsonrpc';
import { type GeneratedToken, TokenGenerated } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { answer } from '../protocol/rpc';
import { AttendSeq2Seq, Seq2SeqHead, Translate } from '../protocol/seq2seq';
import type { JobQueue } from './jobQueue';
import { StackRuns, shapesOf } from './stackRuns';

/** Where the models come from; they stay loaded there. */
export interface Seq2SeqModels {
  seq2seqModel(source: ModelSource, owner: string): Promise<Seq2SeqModel>;
}

/**
 * Answers everything of `protocol/seq2seq`, and keeps the weights of each owner's last run.
 * @returns what frees them
 */
export function answerSeq2Seq(
  connection: MessageConnection,
  queue: JobQueue,
  models: Seq2SeqModels,
): (owner: string) => void {
  const runs = new StackRuns();

  answer(connection, Translate, ({ model, owner, text, options }, token) =>
    queue.run(`${owner} translate`, async () => {
      const loaded = await models.seq2seqModel(model, owner);
      const tell = (generated: GeneratedToken): void =>
        void connection.sendNotification(TokenGenerated, { owner, token: generated });
      return loaded.translate(text, options, tell, token);
    }),
  );
  answer(connection, AttendSeq2Seq, ({ model, owner, source, target }, token) =>
    queue.run(`${owner} seq2seq`, async () => {
      const loaded = await models.seq2seqModel(model, owner);
      const attention = await loaded.attend(source, target, token);
      const { source: read, target: written, targetText, generated } = attention;
      const runId = runs.keep(owner, attention);
      return { runId, source: read, target: written, targetText, generated, stacks: shapesOf(attention) };
    }),
  );
  answer(connection, Seq2SeqHead, ({ runId, stack, layer, head }) => runs.head(runId, stack, layer, head));
  return (owner) => runs.release(owner);
}
