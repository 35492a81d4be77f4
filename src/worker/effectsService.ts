import { baseOf, answerEdited, answerOf, idsBefore, occlude, rankHeads } from '../inference/effects';
import { directEffects } from '../inference/directEffects';
import type { EditableModel, PlainReading, RunOptions } from '../inference/editableModel';
import { scoreExample } from '../inference/scoreExample';
import { valueNorms } from '../inference/valueNorms';
import {
  DirectOfHeads,
  type EffectPlace,
  EffectsProgress,
  FindTokens,
  NormsOfValues,
  Occlude,
  PredictBase,
  PredictEdited,
  RankHeads,
  ScoreExample,
} from '../protocol/effects';
import { type ErrorData, ScopeError } from '../protocol/errors';
import type { CancellationToken, MessageConnection, RequestType } from '../protocol/jsonrpc';
import type { ToModel } from '../protocol/modelRequest';
import { answer } from '../protocol/rpc';
import { breathe } from './attentionFacts';
import type { AttentionRuns, StoredRun } from './attentionRuns';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/** A place in a run of a model, read as it is. */
interface Read {
  readonly model: EditableModel;
  readonly run: StoredRun;
  readonly reading: PlainReading;
  readonly options: RunOptions;
}

/**
 * Answers everything of `protocol/effects`, one job at a time. What a place gave unchanged is kept for the requests
 * that follow.
 * @returns what frees an owner's readings
 */
export function answerEffects(
  connection: MessageConnection,
  queue: JobQueue,
  models: WorkerModels,
  runs: AttentionRuns,
): (owner: string) => void {
  const readings = new Readings();
  const optionsOf = (owner: string, cancellation: CancellationToken): RunOptions => ({
    cancellation,
    onRows: (done, total) => void connection.sendNotification(EffectsProgress, { owner, done, total }),
  });
  const on = <P extends ToModel, R>(
    type: RequestType<P, R, ErrorData>,
    work: (model: EditableModel, params: P, options: RunOptions) => Promise<R> | R,
  ): void => {
    answer(connection, type, (params, token) =>
      queue.run(`${params.owner} ${type.method}`, async () => {
        await breathe(token);
        const model = await models.editableModel(params.model, params.owner);
        await breathe(token);
        return work(model, params, optionsOf(params.owner, token));
      }),
    );
  };
  const onPlace = <P extends ToModel & EffectPlace, R>(
    type: RequestType<P, R, ErrorData>,
    work: (read: Read, params: P) => Promise<R> | R,
  ): void => {
    on(type, async (model, params, options) => {
      const run = runs.find(params.runId);
      const reading = await readings.of(params, model, run);
      return work({ model, run, reading, options }, params);
    });
  };

  on(FindTokens, (model, { texts }) => texts.map((text) => tokenOf(model, text)));
  on(ScoreExample, (model, { prompts }, options) => scoreExample(model, prompts, options));
  onPlace(PredictBase, ({ model, run, reading }, { position, topK }) => {
    const actual = model.head === 'masked' ? run.tokens[position] : run.tokens[position + 1];
    return baseOf(model, reading, actual?.id, topK);
  });
  onPlace(PredictEdited, async ({ model, reading, options }, { edits, topK, ...target }) => {
    if (edits.heads.length === 0 && edits.keys.length === 0) {
      return answerOf(model, reading.logits, target, topK);
    }
    const other = await otherReading(model, reading, edits.otherText);
    return answerEdited(model, reading, target, edits, other, topK, options);
  });
  onPlace(RankHeads, async ({ model, reading, options }, params) => {
    const other = await otherReading(model, reading, params.otherText);
    return rankHeads(model, reading, params, params, other, options);
  });
  onPlace(DirectOfHeads, async ({ model, reading, options }, target) => {
    const { heads, measure, rest } = await directEffects(model, reading, target, options);
    return { heads: heads.buffer, measure, rest };
  });
  onPlace(Occlude, ({ model, run, reading, options }, { groups, ...target }) =>
    occlude(model, reading, target, groups, (token) => run.tokens[token]?.special === true, options),
  );
  onPlace(NormsOfValues, ({ model, reading, options }) => valueNorms(model, reading, options));
  return (owner) => {
    readings.release(owner);
  };
}

/** The last reading of each owner. */
class Readings {
  private readonly kept = new Map<string, { readonly of: string; readonly reading: PlainReading }>();

  async of(
    { owner, model: { folder }, runId, position }: ToModel & EffectPlace,
    model: EditableModel,
    run: StoredRun,
  ): Promise<PlainReading> {
    const of = `${folder} ${runId} ${position}`;
    const found = this.kept.get(owner);
    if (found?.of === of) {
      return found.reading;
    }
    if (run.grid || run.keyTokens) {
      throw new ScopeError('modelUnsupported', run.grid ? 'a picture' : 'cross attention');
    }
    const ids = idsBefore(
      model,
      run.tokens.map((token) => token.id),
      position,
    );
    const reading = await model.read(ids, run.typeIds?.slice(0, ids.length), position);
    this.kept.set(owner, { of, reading });
    return reading;
  }

  release(owner: string): void {
    this.kept.delete(owner);
  }
}

/** Another text, read for the same place. @throws {ScopeError} `lengthsDiffer` unless it has as many tokens */
async function otherReading(
  model: EditableModel,
  { ids, position, typeIds }: PlainReading,
  text: string | undefined,
): Promise<PlainReading | undefined> {
  if (text === undefined) {
    return undefined;
  }
  const all = model.tokenizer.tokenize(text, model.maxTokens).tokens.map((token) => token.id);
  if (all.length < ids.length || (model.head === 'masked' && all.length !== ids.length)) {
    throw new ScopeError('lengthsDiffer', `${all.length} : ${ids.length}`);
  }
  return model.read(idsBefore(model, all, position), typeIds, position);
}

function tokenOf(model: EditableModel, text: string): ReturnType<typeof candidate> | null {
  const tokens = model.tokenizer.tokenizeContent(text);
  return tokens.length === 1 && tokens[0] ? candidate(model, tokens[0].id) : null;
}

function candidate(
  { tokenizer }: EditableModel,
  id: number,
): { readonly id: number; readonly piece: string; readonly text: string; readonly probability: number } {
  return { id, piece: tokenizer.pieceOf(id), text: tokenizer.textOf(id), probability: 0 };
}
