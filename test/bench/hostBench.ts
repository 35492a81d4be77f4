import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { runInBrowser } from '../run/integrationBrowser';
import { root, sampleDir } from '../run/paths';
import { testEnvironment } from '../run/testEnvironment';
import type { HostFigures } from './insideVscode';
import { median } from './median';
import { printTable } from './table';
import type { Target } from './targets';

const limitMs = 3 * 60_000;

/** What the extension costs in a real VS Code: its start, and the editor's answers while models compute. */
export async function benchHost(rounds: number, targets: Target[]): Promise<readonly HostFigures[]> {
  const outfile = join(root, 'out', 'bench', 'insideVscode.js');
  await build({
    entryPoints: [join(__dirname, 'insideVscode.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
    external: ['vscode'],
    logLevel: 'warning',
  });
  const all: HostFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    all.push(await oneStart(outfile));
  }
  printTable(
    'In VS Code, in ms: activation (load and run), and while models compute the longest block and a typed character',
    ['', 'activation', 'of it work', 'loaded bytes', 'longest block', 'typed characters', 'median', 'most'],
    all.map(({ activation, activationWork, loadedBytes, longestBlock, typing }, index) => [
      ...[`start ${index + 1}`, activation, activationWork, loadedBytes, longestBlock],
      ...[typing.count, typing.median, typing.most],
    ]),
  );
  const of = (figure: (each: HostFigures) => number): number => median(all.map(figure));
  targets.push(
    { name: 'activation in ms', limit: 20, bound: 'most', figure: of(({ activation }) => activation) },
    { name: 'host blocked, ms', limit: 50, bound: 'most', figure: of(({ longestBlock }) => longestBlock) },
    {
      name: 'a typed character, median ms',
      limit: 50,
      bound: 'most',
      figure: of(({ typing }) => typing.median),
    },
  );
  return all;
}

async function oneStart(testsPath: string): Promise<HostFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'scope-host-bench-'));
  try {
    const workspace = join(folder, 'sample');
    const countsFile = join(folder, 'figures.json');
    cpSync(sampleDir, workspace, { recursive: true });
    const env = { [testEnvironment.counts]: countsFile };
    const problems = await runInBrowser({ testsPath, workspace, countsFile, env, limitMs });
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
    return JSON.parse(readFileSync(countsFile, 'utf8')) as HostFigures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
