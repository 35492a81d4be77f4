import { type AnswerRow, type FailureGroup, type GroupKind, groupKinds } from '../protocol/promptRuns';
import { quoted } from './answerQuery';

/** Examples of a group that are shown. */
const mostExamples = 3;
/** Groups of one kind: beyond these they say little. */
const mostGroups = 12;

/** Failures by what they have in common, of each kind the largest groups first. */
export function groupFailures(rows: readonly AnswerRow[]): FailureGroup[] {
  return groupKinds.flatMap((by) => {
    const { of, all } = totals(rows, by);
    const groups = new Map<string, AnswerRow[]>();
    for (const row of rows) {
      const key = row.result.failure === null ? null : keyOf(row, by);
      if (key !== null) {
        const own = groups.get(key) ?? [];
        own.push(row);
        groups.set(key, own);
      }
    }
    return [...groups.values()]
      .sort((a, b) => b.length - a.length)
      .slice(0, mostGroups)
      .map((own) => groupOf(by, own, of, all));
  });
}

/** Null: the row does not belong to any group of this kind. */
function keyOf({ cell, expected, result }: AnswerRow, by: GroupKind): string | null {
  switch (by) {
    case 'kind':
      return result.failure;
    case 'strategy':
      return cell.strategy;
    case 'model':
      return cell.model;
    case 'confusion':
      // What failed altogether was not taken for anything.
      return expected === null || result.failure === 'error'
        ? null
        : JSON.stringify([expected, result.answer]);
  }
}

function groupOf(
  by: GroupKind,
  own: readonly AnswerRow[],
  of: ReadonlyMap<string, number>,
  all: number,
): FailureGroup {
  const { cell, expected, result } = own[0] as AnswerRow;
  const name = {
    kind: result.failure ?? '',
    strategy: cell.strategy,
    model: cell.model,
    confusion: expected ?? '',
  }[by];
  const confusion =
    result.answer === null
      ? `expected=${quoted(name)} answer:none -failure:error`
      : `expected=${quoted(name)} answer=${quoted(result.answer)} failure:any`;
  const query = {
    kind: `failure:${name}`,
    strategy: `strategy=${quoted(name)} failure:any`,
    model: `model=${quoted(name)} failure:any`,
    confusion,
  }[by];
  return {
    by,
    name,
    ...(by === 'confusion' ? { answered: result.answer } : {}),
    count: own.length,
    of: of.get(name) ?? all,
    query,
    examples: examplesOf(own),
  };
}

/** Of different questions where there are enough. */
function examplesOf(own: readonly AnswerRow[]): AnswerRow[] {
  const byInput = new Map<string, AnswerRow>();
  for (const row of own) {
    if (byInput.size === mostExamples) {
      break;
    }
    if (!byInput.has(row.input)) {
      byInput.set(row.input, row);
    }
  }
  const first = new Set(byInput.values());
  const others = own.filter((row) => !first.has(row)).slice(0, mostExamples - first.size);
  return [...first, ...others];
}

/** Out of how many answers a group is. */
function totals(rows: readonly AnswerRow[], by: GroupKind): { of: Map<string, number>; all: number } {
  const of = new Map<string, number>();
  for (const { cell, expected } of by === 'kind' ? [] : rows) {
    const name = { strategy: cell.strategy, model: cell.model, confusion: expected ?? '' }[
      by as Exclude<GroupKind, 'kind'>
    ];
    of.set(name, (of.get(name) ?? 0) + 1);
  }
  return { of, all: rows.length };
}
