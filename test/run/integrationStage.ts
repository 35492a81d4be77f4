import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type StageResult, stageResult } from './counts';
import { followFile } from './followFile';
import { type IntegrationRun, runInBrowser } from './integrationBrowser';
import { bundleIntegrationTests } from './integrationBundle';
import { desktopVersions, runOnDesktop } from './integrationDesktop';
import { step } from './log';
import { sampleDir } from './paths';
import { withTemporaryFolder } from './temporaryFolder';
import { testEnvironment } from './testEnvironment';

const limitMs = 10 * 60_000;

/** Runs the integration tests in real VS Code: on the desktop where one can be had, in the browser otherwise. */
export async function runIntegration(grep: string | undefined): Promise<StageResult[]> {
  const testsPath = await bundleIntegrationTests();
  const versions = await desktopVersions();
  if (typeof versions === 'string') {
    step(`Running in VS Code for the browser, for ${versions}.`);
    return [await runOnce('integration (browser)', testsPath, grep, (run) => runInBrowser(run))];
  }
  const results: StageResult[] = [];
  for (const vscode of versions) {
    step(`Running in desktop VS Code ${vscode.version}.`);
    const name = `integration (desktop ${vscode.version})`;
    results.push(
      await runOnce(name, testsPath, grep, (run, dir) => runOnDesktop(vscode, run, join(dir, 'data'))),
    );
  }
  return results;
}

/** The tests get a copy of the sample workspace, so that they may change it. */
async function runOnce(
  name: string,
  testsPath: string,
  grep: string | undefined,
  start: (run: IntegrationRun, dir: string) => Promise<string[]>,
): Promise<StageResult> {
  return withTemporaryFolder(async (dir) => {
    const workspace = join(dir, 'sample');
    const countsFile = join(dir, 'counts.json');
    const logFile = join(dir, 'log.txt');
    const env = {
      [testEnvironment.counts]: countsFile,
      [testEnvironment.log]: logFile,
      ...(grep === undefined ? {} : { [testEnvironment.grep]: grep }),
    };
    await cp(sampleDir, workspace, { recursive: true });
    const stopFollowing = followFile(logFile);
    try {
      const problems = await start({ testsPath, workspace, countsFile, env, limitMs }, dir);
      return stageResult(name, countsFile, problems);
    } finally {
      stopFollowing();
    }
  });
}
