import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { step } from './log';
import { root } from './paths';

/** Builds the extension as it ships. */
export function build(): void {
  step('Building the extension…');
  const result = spawnSync(process.execPath, [join(root, 'esbuild.mjs')], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    throw new Error('The build failed; its output above says why.');
  }
}
