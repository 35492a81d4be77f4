import { checkSuite } from '../suites/checkSuite';
import { problemText } from '../suites/problems';
import type { PackageFiles } from './packageFiles';
import type { Translate } from './words';

/** What is wrong with a suite, in the form that editors and build servers make links of. */
export function suiteProblems(
  path: string,
  text: string,
  { schema, models }: PackageFiles,
  t: Translate,
): { readonly lines: readonly string[]; readonly isBroken: boolean } {
  const problems = checkSuite(text, { schema, models: models.map(({ id }) => id) });
  const severities = { error: 'error', warning: 'warning', hint: 'info' } as const;
  return {
    lines: problems.map((problem) => {
      const before = text.slice(0, problem.start).split('\n');
      const place = `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
      return `${place}: ${severities[problem.severity]}: ${problemText(problem, t).replace(/\s+/g, ' ')}`;
    }),
    isBroken: problems.some(({ severity }) => severity === 'error'),
  };
}
