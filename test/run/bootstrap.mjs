/**
 * What `npm start`, `npm test`, `npm run screenshots` and `npm run package` call: it makes a fresh clone ready, then hands over
 * to the TypeScript script of that name. Nothing may be imported here that `npm ci` has to install first.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const verbs = ['start', 'test', 'screenshots', 'package'];
const [verb = '', ...args] = process.argv.slice(2);

if (!verbs.includes(verb)) {
  fail(`Usage: node test/run/bootstrap.mjs ${verbs.join('|')} [options]`);
}
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node 20.19 or newer is needed; this is Node ${process.versions.node}.`);
}
const reason = whyInstall();
if (reason) {
  installDependencies(reason);
}
runVerb();

/**
 * Says why the dependencies have to be installed, or nothing when they fit. npm writes the list of what it
 * put there as the last step, so an interrupted install has no list. Its content is compared, not its date: a
 * checkout changes dates, and an install made by hand is as good as ours.
 */
function whyInstall() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) {
    return 'The dependencies are not installed yet';
  }
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const stale = Object.entries(wanted).some(([path, entry]) => {
    const found = installed[path];
    const mayBeAbsent = path === '' || entry.optional || entry.devOptional || entry.peer;
    return found ? found.version !== entry.version || found.integrity !== entry.integrity : !mayBeAbsent;
  });
  return stale ? 'package-lock.json has changed since the dependencies were installed' : '';
}

function installDependencies(why) {
  console.log(`${why}: running "npm ci" (about a minute)…`);
  const npmScript = process.env.npm_execpath;
  const ours = npmScript && basename(npmScript).startsWith('npm-cli');
  const result = ours
    ? spawnSync(process.execPath, [npmScript, 'ci'], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm ci', { cwd: root, stdio: 'inherit', shell: true });
  if (result.status !== 0) {
    fail('"npm ci" failed; its output above says why.');
  }
}

function runVerb() {
  const script = join(root, 'test/run', `${verb}.ts`);
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  // The terminal sends Ctrl-C to the child as well: only the signals that reach this process alone are passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(`Could not start Node: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
