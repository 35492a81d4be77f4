import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths';
import { testFiles } from './testFiles';

const source = join(root, 'test', 'integration');
const output = join(root, 'out', 'integration');

/** Bundles the tests for VS Code, which runs JavaScript only; returns the module whose `run()` it has to call. */
export async function bundleIntegrationTests(): Promise<string> {
  const tests = testFiles(source).map((file) => ({
    in: file,
    out: relative(source, file).replace(/\.ts$/, ''),
  }));
  // A test that was renamed would run a second time.
  await rm(output, { recursive: true, force: true });
  await build({
    entryPoints: [{ in: join(__dirname, 'integrationEntry.ts'), out: 'index' }, ...tests],
    outdir: output,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // The Node of the oldest VS Code we support.
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'playwright-core'],
    logLevel: 'warning',
  });
  return join(output, 'index.js');
}
