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

/** Opens the graph whose attention a run is. @throws {ScopeError} `modelUnsupported` for a picture */
export async function openRunStack(
  run: StoredRun,
  models: WorkerModels,
  source: ModelSource,
  owner: string,
): Promise<RunStack> {
  if (run.grid) {
    throw new ScopeError('modelUnsupported', 'a picture');
  }
  const ids = run.tokens.map(({ id }) => id);
  const { stack } = run;
  if (!stack || stack.name === 'encoder') {
    const model = await models.operandModel(source, owner, stack && 'encoder');
    return { model, input: { ids, ...(run.typeIds && { typeIds: run.typeIds }) }, kind: 'self' };
  }
  // The decoder is opened last: of two models the budget would rather let go of the older.
  const whole = await models.seq2seqModel(source, owner);
  const encoded = await whole.encode(stack.source.map(({ id }) => id));
  const model = await models.operandModel(source, owner, 'decoder');
  return { model, input: { ids, encoded }, kind: stack.name === 'cross' ? 'cross' : 'self' };
}
