import type { Seq2SeqAttention, Seq2SeqModel, StackLayer } from '../inference/seq2seqModel';
import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import { type GeneratedToken, TokenGenerated } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { answer } from '../protocol/rpc';
import { AttendSeq2Seq, Seq2SeqHead, type Seq2SeqRun, type StackShape, Translate } from '../protocol/seq2seq';
import type { JobQueue } from './jobQueue';

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
  const runs = new Map<string, { readonly runId: number; readonly attention: Seq2SeqAttention }>();
  let nextRunId = 1;

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
      const runId = nextRunId++;
      runs.set(owner, { runId, attention });
      return describe(runId, attention);
    }),
  );
  answer(connection, Seq2SeqHead, ({ runId, stack, layer, head }) => {
    const run = [...runs.values()].find((each) => each.runId === runId);
    if (!run) {
      throw new ScopeError('runExpired');
    }
    const found = run.attention[stack][layer];
    if (!found || !Number.isInteger(head) || head < 0 || head >= found.numHeads) {
      throw new ScopeError('badRequest', `${stack}, layer ${layer}, head ${head}`);
    }
    const cells = found.numQueries * found.numKeys;
    return { weights: found.data.slice(head * cells, (head + 1) * cells).buffer };
  });
  return (owner) => void runs.delete(owner);
}

function describe(runId: number, attention: Seq2SeqAttention): Seq2SeqRun {
  const { source, target, targetText, generated, encoder, decoder, cross } = attention;
  return {
    runId,
    source,
    target,
    targetText,
    generated,
    stacks: { encoder: shapeOf(encoder), decoder: shapeOf(decoder), cross: shapeOf(cross) },
  };
}

function shapeOf(layers: readonly StackLayer[]): StackShape {
  const { numHeads = 0, numQueries = 0, numKeys = 0 } = layers[0] ?? {};
  return { numLayers: layers.length, numHeads, numQueries, numKeys };
}
