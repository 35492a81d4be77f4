import type { CellResult } from '../protocol/prompts';
import { strategyId } from '../prompts/strategy';
import { type SuiteRun } from './suiteRun';
import { cellResult } from '../prompts/resultShape';
import { attempt } from '../protocol/shape';

const format = 'transformer-scope/suite-run';
const version = 1;

/** A run with everything that repeats it and every answer, for other programs and for `--resume`. */
export function jsonReport(run: SuiteRun): string {
  const { name, study, results, verdict, isStopped, date, milliseconds, hashes } = run;
  return `${JSON.stringify(
    {
      format,
      version,
      suite: name,
      title: study.title,
      date,
      milliseconds: Math.round(milliseconds),
      stopped: isStopped,
      passed: verdict.passed && !isStopped,
      ways: verdict.ways,
      models: study.models.map((model) => ({ ...model, files: hashes.get(model.id) ?? null })),
      strategies: study.strategies.map(strategyId),
      sampling: study.sampling,
      scorer: study.task.scorer,
      cells: results.map((result) => {
        const { input, expected } = study.task.items[result.item] ?? { input: '' };
        return { ...result, input, ...(expected === undefined ? {} : { expected }) };
      }),
    },
    undefined,
    2,
  )}\n`;
}

/** The answers of an earlier run; none in a text that is no {@link jsonReport}. */
export function answersOf(text: string): CellResult[] | undefined {
  try {
    const report = JSON.parse(text) as { format?: unknown; cells?: unknown };
    return report.format === format && Array.isArray(report.cells)
      ? report.cells.flatMap((cell: unknown) => attempt(cellResult, cell) ?? [])
      : undefined;
  } catch {
    return undefined;
  }
}
