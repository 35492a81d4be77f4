import {
  type AnswerRow,
  type AnswerSide,
  type CellChange,
  type ComparedCell,
  type ComparedWay,
  cellChanges,
} from '../protocol/promptRuns';
import { type RunState, answersOf } from './runAnswers';
import { exactMcNemar, holm, mean, meanInterval } from './statistics';

/** Two runs of a study, question by question: those that changed for the worse first. */
export function compareRuns(
  before: RunState,
  after: RunState,
): { cells: ComparedCell[]; ways: ComparedWay[] } {
  const [rowsBefore, rowsAfter] = [answersOf(before), answersOf(after)];
  const sameModel = namesOneModel(rowsBefore) && namesOneModel(rowsAfter);
  const [from, to] = [keyed(rowsBefore, sameModel), keyed(rowsAfter, sameModel)];
  const cells = [...new Set([...to.keys(), ...from.keys()])].map((key) =>
    compared(from.get(key), to.get(key)),
  );
  const order = (cell: ComparedCell): number => cellChanges.indexOf(cell.change);
  return { cells: cells.sort((a, b) => order(a) - order(b)), ways: waysOf(from, to) };
}

/** Runs of one model each are compared even if it is not the same model. */
function namesOneModel(rows: readonly AnswerRow[]): boolean {
  return new Set(rows.map(({ cell }) => cell.model)).size === 1;
}

/** By what was asked and how, since an item may have moved; equal items count as the first, the second … of them. */
function keyed(rows: readonly AnswerRow[], anyModel: boolean): Map<string, AnswerRow> {
  const seen = new Map<string, number>();
  return new Map(
    rows.map((row) => {
      const { strategy, model, repeat, item } = row.cell;
      const base = JSON.stringify([strategy, anyModel ? '' : model, repeat ?? 0, item < 0, row.input]);
      const nth = seen.get(base) ?? 0;
      seen.set(base, nth + 1);
      return [`${base}${nth}`, row];
    }),
  );
}

function compared(before: AnswerRow | undefined, after: AnswerRow | undefined): ComparedCell {
  const row = (after ?? before) as AnswerRow;
  const [hashBefore, hashAfter] = [before?.result.promptHash, after?.result.promptHash];
  return {
    strategy: row.cell.strategy,
    model: row.cell.model,
    repeat: row.cell.repeat ?? 0,
    input: row.input,
    expected: row.expected,
    change: changeOf(before, after),
    samePrompt: hashBefore === undefined || hashAfter === undefined ? null : hashBefore === hashAfter,
    before: sideOf(before),
    after: sideOf(after),
  };
}

function changeOf(before: AnswerRow | undefined, after: AnswerRow | undefined): CellChange {
  if (!before || !after) {
    return 'only';
  }
  const [was, is] = [before.result.pass, after.result.pass];
  if (was !== null && is !== null && was !== is) {
    return is ? 'gained' : 'lost';
  }
  return before.result.output === after.result.output && was === is ? 'same' : 'other';
}

function sideOf(row: AnswerRow | undefined): AnswerSide | null {
  if (!row) {
    return null;
  }
  const { output, answer, pass, failure, error } = row.result;
  return { output, answer, pass, failure, ...(error === undefined ? {} : { error }) };
}

/** Each way on the items that both runs have a verdict on; repeats of an item count as their share. */
function waysOf(from: ReadonlyMap<string, AnswerRow>, to: ReadonlyMap<string, AnswerRow>): ComparedWay[] {
  const ways = new Map<string, { row: AnswerRow; items: Map<string, { was: number[]; is: number[] }> }>();
  for (const [key, row] of to) {
    const other = from.get(key)?.result.pass ?? null;
    if (row.cell.item < 0 || row.result.pass === null || other === null) {
      continue;
    }
    const way = `${row.cell.model}|${row.cell.strategy}`;
    const { items } = ways.get(way) ?? { items: new Map<string, { was: number[]; is: number[] }>() };
    ways.set(way, { row, items });
    const item = items.get(String(row.cell.item)) ?? { was: [], is: [] };
    items.set(String(row.cell.item), item);
    item.was.push(Number(other));
    item.is.push(Number(row.result.pass));
  }
  const found = [...ways.values()].map(({ row, items }) => wayOf(row, [...items.values()]));
  const corrected = holm(found.map(({ p }) => p));
  return found.map((way, index) => ({ ...way, p: corrected[index] ?? way.p }));
}

function wayOf({ cell }: AnswerRow, items: readonly { was: number[]; is: number[] }[]): ComparedWay {
  const differences = items.map(({ was, is }) => mean(is) - mean(was));
  const gained = differences.filter((each) => each > 0).length;
  const lost = differences.filter((each) => each < 0).length;
  return {
    strategy: cell.strategy,
    model: cell.model,
    numItems: items.length,
    before: mean(items.map(({ was }) => mean(was))),
    after: mean(items.map(({ is }) => mean(is))),
    gained,
    lost,
    difference: mean(differences),
    interval: meanInterval(differences),
    p: exactMcNemar(gained, lost),
  };
}
