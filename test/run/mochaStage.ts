import { join, relative } from 'node:path';
import { type StageResult, stageResult } from './counts';
import { startGuarded } from './guarded';
import { onInterrupt } from './interrupt';
import { root } from './paths';
import { withTemporaryFolder } from './temporaryFolder';
import { testEnvironment } from './testEnvironment';
import { watchProcess } from './watchProcess';

export interface MochaStage {
  readonly name: string;
  readonly files: readonly string[];
  readonly testTimeoutMs: number;
  readonly limitMs: number;
  readonly grep?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: printed. */
  readonly onLine?: (line: string) => void;
}

/** Runs test files in a Mocha process of their own. */
export async function runMocha(stage: MochaStage): Promise<StageResult> {
  return withTemporaryFolder(async (dir) => {
    const countsFile = join(dir, 'counts.json');
    const child = startGuarded(process.execPath, ['--import', 'tsx', ...mochaArguments(stage)], {
      cwd: root,
      env: { ...process.env, ...stage.env, [testEnvironment.counts]: countsFile },
      onLine: stage.onLine ?? ((line) => console.log(line)),
    });
    const stop = onInterrupt(() => child.stop());
    const problems = await watchProcess(child, countsFile, stage.limitMs);
    await stop();
    return stageResult(stage.name, countsFile, problems);
  });
}

function mochaArguments(stage: MochaStage): string[] {
  return [
    join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
    ...['--reporter', join(__dirname, 'mochaReporter.cjs')],
    ...['--timeout', String(stage.testTimeoutMs)],
    ...(process.stdout.isTTY ? ['--color'] : []),
    ...(stage.grep === undefined ? [] : ['--grep', stage.grep]),
    // On Windows a backslash would be read as an escape in a pattern.
    ...stage.files.map((file) => relative(root, file).replaceAll('\\', '/')),
  ];
}
