import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/** Runs npm quietly in a folder; its output is shown only when it fails. */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const script = process.env['npm_execpath'];
  const [command, first] =
    script && basename(script).startsWith('npm-cli') ? [process.execPath, [script]] : ['npm', []];
  const child = spawn(command, [...first, ...args, ...quiet], {
    cwd,
    env: withoutOuterNpm(),
    // npm is a .cmd file on Windows, which only a shell can run. No argument comes from outside.
    shell: command === 'npm' && process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`npm ${args.join(' ')} failed (${code}):\n${output.trim()}`);
  }
}

/** Under `npm test` the environment describes this checkout; an inner npm must look at its own folder. */
function withoutOuterNpm(): NodeJS.ProcessEnv {
  const outer = /^(npm_(package|lifecycle|command)|npm_config_(local_prefix|ignore_scripts)$|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
