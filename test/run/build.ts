import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { step } from './log';
import { root } from './paths';

/** Builds the extension as it ships. `inputsFile` gets a JSON list of the files that went in. */
export function build(inputsFile?: string): void {
  step('Building the extension…');
  const args = inputsFile === undefined ? [] : ['--inputs', inputsFile];
  const result = spawnSync(process.execPath, [join(root, 'esbuild.mjs'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) {
    throw new Error('The build failed; its output above says why.');
  }
}
