import type { CellAddress, Study } from '../protocol/prompts';
import { isLocal, promptKey } from '../protocol/prompts';
import { hashText } from './random';
import { parseStrategyId } from './strategy';

/**
 * Tells whether a result still belongs to a study: everything that decides the answer of a cell and its
 * judgement, and nothing else. A changed role makes only those answers old that were asked with a role. Prompts need
 * not be written for it: with the model's files, its parts stand for the rendered text.
 * @param identity what tells the model's files and their precision, e.g. a hash; empty where nothing is known
 */
export function fingerprintOf(study: Study, cell: CellAddress, identity = ''): string | null {
  const strategy = parseStrategyId(cell.strategy);
  const model = study.models.find(({ id }) => id === cell.model);
  const item = cell.item < 0 ? { input: study.input } : study.task.items[cell.item];
  if (!strategy || !model || !item) {
    return null;
  }
  const { task, sampling } = study;
  const parts = [
    item,
    task.instruction,
    task.frame,
    // Whether answers vote is decided after them.
    { ...task.scorer, vote: undefined },
    task.scorer.kind === 'choice' ? task.labels : null,
    strategy.role ? task.role : null,
    strategy.format ? task.format : null,
    strategy.shots > 0 ? [task.examples, task.exampleChoice] : null,
    sampling,
    isLocal(model) ? model.id : model,
    identity,
    study.edited[promptKey(cell)] ?? null,
    // The seed of an answer follows from these, the study's seed and the input.
    cell.repeat ?? 0,
  ];
  const text = JSON.stringify(parts);
  // Two hashes of 32 bits: one of them alone would meet a collision among some ten thousand cells.
  return `${hashText(text).toString(16)}${hashText(`${text}.`).toString(16)}`;
}
