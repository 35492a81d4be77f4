/**
 * `npm test`: unit tests, page tests, integration tests, those in a VS Code without Node, and the package, one after the other.
 *
 *     npm test -- [unit|pages|integration|web|package…] [--grep <pattern>]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build';
import { ensureChromium } from './chromium';
import { addResults, noCounts, type StageResult } from './counts';
import { runIntegration } from './integrationStage';
import { messageOf, step } from './log';
import { runMocha } from './mochaStage';
import { root } from './paths';
import { runInShards } from './shards';
import { testEnvironment } from './testEnvironment';
import { testFiles } from './testFiles';
import { runInWebWorker } from './webWorkerHost';

const minute = 60_000;
const stages: Record<string, (grep: string | undefined) => Promise<StageResult[]>> = {
  unit: (grep) =>
    runInShards({
      name: 'unit',
      files: filesOf('unit'),
      testTimeoutMs: 10_000,
      limitMs: 10 * minute,
      grep,
    }),
  pages: (grep) =>
    runInShards({
      name: 'pages',
      files: filesOf('pages'),
      testTimeoutMs: 30_000,
      limitMs: 10 * minute,
      grep,
      env: { [testEnvironment.chromium]: ensureChromium() },
    }),
  integration: async (grep) => {
    filesOf('integration');
    return runIntegration(grep);
  },
  web: async (grep) => {
    filesOf('web');
    return [await runInWebWorker(grep)];
  },
  package: async (grep) => [
    await runMocha({
      name: 'package',
      files: filesOf('package'),
      testTimeoutMs: 180_000,
      limitMs: 10 * minute,
      grep,
    }),
  ],
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(stages);
  const unknown = names.find((name) => !(name in stages));
  if (unknown !== undefined) {
    throw new Error(`There is no stage "${unknown}": ${Object.keys(stages).join(', ')}.`);
  }
  const results: StageResult[] = [];
  try {
    build();
    for (const name of names) {
      results.push(...(await runStage(name, values.grep)));
    }
  } catch (error) {
    results.push({ name: 'build', counts: noCounts, problems: [messageOf(error)] });
  }
  report(results);
}

/** A stage that could not run is a failed one: nothing is skipped in silence. */
async function runStage(name: string, grep: string | undefined): Promise<StageResult[]> {
  step(`Tests: ${name}`);
  try {
    const results = (await stages[name]?.(grep)) ?? [];
    return grep === undefined ? results.map(complainWhenEmpty) : results;
  } catch (error) {
    return [{ name, counts: noCounts, problems: [messageOf(error)] }];
  }
}

function complainWhenEmpty(result: StageResult): StageResult {
  const ran = result.counts.passed + result.counts.failed + result.problems.length;
  return ran > 0 ? result : { ...result, problems: ['No test ran.'] };
}

function filesOf(stage: string): string[] {
  const folder = join(root, 'test', stage);
  const files = testFiles(folder);
  if (files.length === 0) {
    throw new Error(`There is no *.test.ts below ${folder}.`);
  }
  return files;
}

/** The last line is read by machines: nothing may follow it. */
function report(results: readonly StageResult[]): void {
  step('Summary');
  for (const { name, counts, problems } of results) {
    console.log(`  ${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    problems.forEach((problem) => console.log(`    Problem: ${problem.replaceAll('\n', '\n      ')}`));
  }
  const { passed, failed } = addResults(results);
  const code = failed > 0 || passed === 0 ? 1 : 0;
  process.stdout.write(`${passed} passed, ${failed} failed\n`, () => process.exit(code));
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
