/**
 * Runs a command and takes all its processes down when standard input closes. The pipe closes however the
 * process that holds it ends, a crash or `kill -9` included, so no server is left behind.
 *
 *     node guard.mjs <command> <arguments…>
 */
import { spawn, spawnSync } from 'node:child_process';

const windows = process.platform === 'win32';
const graceMs = 3000;
const [command = '', ...args] = process.argv.slice(2);
// A group of its own: one signal then reaches grandchildren too.
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: !windows });

child.on('error', (error) => {
  console.error(`${command}: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code) => {
  signalTree('SIGKILL');
  process.exit(code ?? 1);
});
process.stdin.on('close', stop).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, stop);
}

function stop() {
  signalTree('SIGTERM');
  setTimeout(() => signalTree('SIGKILL'), graceMs);
}

function signalTree(signal) {
  if (child.pid === undefined) {
    return;
  }
  try {
    if (windows) {
      spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    } else {
      process.kill(-child.pid, signal);
    }
  } catch {
    // Nothing of the group is left.
  }
}
