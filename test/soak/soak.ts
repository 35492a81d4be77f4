/**
 * `npm run soak [-- --analyses 2000] [--windows 4] [--seed 1]`: many analyses in a real VS Code, some of them replaced,
 * closed or killed on the way, in windows that are loaded one after the other. Exits with 1 when one gets stuck, when
 * the last of a window is not answered, or when memory grows.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { median } from '../bench/median';
import { printTable } from '../bench/table';
import { runInBrowser } from '../run/integrationBrowser';
import { root, sampleDir } from '../run/paths';
import { testEnvironment } from '../run/testEnvironment';
import type { SoakFigures } from './insideVscode';

/** The last quarter of a window's samples may have this many times as much as its second one. */
const mostGrowth = 1.25;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      analyses: { type: 'string', default: '2000' },
      windows: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
    },
  });
  const numWindows = Number(values.windows);
  const perWindow = Math.ceil(Number(values.analyses) / numWindows);
  const outfile = join(root, 'out', 'soak', 'insideVscode.js');
  await build({
    entryPoints: [join(__dirname, 'insideVscode.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
    external: ['vscode'],
    logLevel: 'warning',
  });
  const folder = mkdtempSync(join(tmpdir(), 'scope-soak-'));
  const windows: SoakFigures[] = [];
  const failures: string[] = [];
  try {
    const workspace = join(folder, 'sample');
    const countsFile = join(folder, 'figures.json');
    cpSync(sampleDir, workspace, { recursive: true });
    const problems = await runInBrowser({
      ...{ testsPath: outfile, workspace, countsFile, limitMs: perWindow * 5000 },
      env: {
        [testEnvironment.counts]: countsFile,
        SOAK_SEED: values.seed,
        SOAK_ANALYSES: String(perWindow),
      },
      again: () => {
        const result = JSON.parse(readFileSync(countsFile, 'utf8')) as SoakFigures | { error: string };
        rmSync(countsFile);
        if ('error' in result) {
          failures.push(`Window ${windows.length + 1}: ${result.error}`);
          return false;
        }
        windows.push(result);
        return windows.length < numWindows;
      },
    });
    process.exitCode = report(windows, [...failures, ...problems], numWindows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the exit code */
function report(windows: readonly SoakFigures[], problems: readonly string[], numWindows: number): number {
  const rows = windows.map((window, index) => {
    const { analyses, replaced, killed, closed, slowest } = window;
    const [host, process] = [growth(window, 'hostMegabytes'), growth(window, 'processMegabytes')];
    return {
      cells: [`window ${index + 1}`, analyses, replaced, killed, closed, slowest, told(host), told(process)],
      grown: [host, process].some(({ earlier, last }) => last > mostGrowth * earlier),
    };
  });
  printTable(
    'Analyses in VS Code; the slowest in ms; memory in MB, in the second and the last quarter of a calm half window',
    ['', 'analyses', 'replaced', 'killed', 'closed', 'slowest', 'host heap', 'process'],
    rows.map(({ cells }) => cells),
  );
  const grown = rows.filter((row) => row.grown);
  problems.forEach((problem) => console.error(problem));
  grown.forEach(({ cells }) => console.error(`Memory grew in ${cells[0]}.`));
  return problems.length > 0 || grown.length > 0 || windows.length < numWindows ? 1 : 0;
}

interface Growth {
  readonly earlier: number;
  readonly last: number;
}

function told({ earlier, last }: Growth): string {
  return `${earlier.toFixed(0)} → ${last.toFixed(0)}`;
}

/** In megabytes. The first quarter still loads models and code. */
function growth({ memory }: SoakFigures, what: 'hostMegabytes' | 'processMegabytes'): Growth {
  const known = memory.map((sample) => sample[what]).filter((each) => each !== null);
  const quarter = Math.max(1, Math.floor(known.length / 4));
  return { earlier: median(known.slice(quarter, 2 * quarter)), last: median(known.slice(-quarter)) };
}

void main();
