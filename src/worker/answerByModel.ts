import { refuseCancelled } from '../inference/cancellation';
import type { LanguageModel } from '../inference/languageModel';
import type { ErrorData } from '../protocol/errors';
import type { CancellationToken, MessageConnection, RequestType } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import { answer } from '../protocol/rpc';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

type Handler<P, R> = (model: LanguageModel, params: P, token: CancellationToken) => Promise<R> | R;

/** Registers answers that need a plain model, one job at a time. */
export function answerByModel(
  connection: MessageConnection,
  queue: JobQueue,
  models: WorkerModels,
): <P extends { readonly model: ModelSource; readonly owner: string }, R>(
  type: RequestType<P, R, ErrorData>,
  run: Handler<P, R>,
) => void {
  return (type, run) => {
    answer(connection, type, (params, token) =>
      // Only a request of the same kind makes an owner's waiting one pointless.
      queue.run(`${params.owner} ${type.method}`, async () => {
        refuseCancelled(token);
        const model = await models.languageModel(params.model, params.owner);
        refuseCancelled(token);
        return run(model, params, token);
      }),
    );
  };
}
