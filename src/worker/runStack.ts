import type { BlockKind, OperandModel } from '../inference/operandModel';
import type { StackInput } from '../inference/stackInput';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import type { StoredRun } from './attentionRuns';
import type { WorkerModels } from './models';

/** The graph behind a run, and what it read. */
export interface RunStack {
  readonly model: OperandModel;
  readonly input: StackInput;
  readonly kind: BlockKind;
}

/** What the graph of a run read, and which of the model's graphs it is. @throws {ScopeError} for a picture */
export async function runInput(
  run: StoredRun,
  models: WorkerModels,
  source: ModelSource,
  owner: string,
): Promise<Pick<RunStack, 'input' | 'kind'> & { readonly graph: 'encoder' | 'decoder' | undefined }> {
  if (run.grid) {
    throw new ScopeError('modelUnsupported', 'a picture');
  }
  const ids = run.tokens.map(({ id }) => id);
  const { stack } = run;
  if (!stack || stack.name === 'encoder') {
    return {
      input: { ids, ...(run.typeIds && { typeIds: run.typeIds }) },
      kind: 'self',
      graph: stack && 'encoder',
    };
  }
  const whole = await models.seq2seqModel(source, owner);
  const encoded = await whole.encode(stack.source.map(({ id }) => id));
  return { input: { ids, encoded }, kind: stack.name === 'cross' ? 'cross' : 'self', graph: 'decoder' };
}

/** Opens the graph whose attention a run is. @throws {ScopeError} `modelUnsupported` for a picture */
export async function openRunStack(
  run: StoredRun,
  models: WorkerModels,
  source: ModelSource,
  owner: string,
): Promise<RunStack> {
  // The graph is opened last: of two models the budget would rather let go of the older.
  const { input, kind, graph } = await runInput(run, models, source, owner);
  return { model: await models.operandModel(source, owner, graph), input, kind };
}
