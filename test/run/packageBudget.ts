import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths';

/** One thing that may grow up to a limit, in bytes (1 kB = 1000 bytes, 1 MB = 1e6). */
export interface Budget {
  readonly name: string;
  readonly bytes: number;
  readonly limit: number;
}

/** Sizes of what is built, beside what they may be. */
export function builtBudgets(): Budget[] {
  const sizeOf = (...path: string[]): number => statSync(join(root, ...path)).size;
  const pages = readdirSync(join(root, 'dist', 'pages')).filter((name) => name.endsWith('.js'));
  return [
    { name: 'dist/extension.js', bytes: sizeOf('dist', 'extension.js'), limit: 150_000 },
    ...pages.map((name) => ({
      name: `dist/pages/${name}`,
      bytes: sizeOf('dist', 'pages', name),
      limit: 300_000,
    })),
    // In the browser everything is one script: what it imports later could not be loaded there.
    { name: 'dist/web/extension.js', bytes: sizeOf('dist', 'web', 'extension.js'), limit: 1_000_000 },
    { name: 'dist/web/worker.js', bytes: sizeOf('dist', 'web', 'worker.js'), limit: 1_000_000 },
    { name: 'models', bytes: modelBytes(), limit: 40e6 },
  ];
}

/** A package's file, as it is downloaded. */
export function packageBudget(name: string, file: string): Budget {
  return { name, bytes: statSync(file).size, limit: 60e6 };
}

/** What of the models is shipped: their recipes are not. */
function modelBytes(): number {
  const folder = join(root, 'models');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('training'))
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
}
