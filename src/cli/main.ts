/** Entry of the command `transformer-scope`: suites of prompts without an editor. */
import 'vscode-jsonrpc/node';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toScopeError } from '../protocol/errors';
import { type RunOptions, UsageError, readArguments } from './arguments';
import { failureText } from './failureText';
import { findSuites } from './findSuites';
import { helpText } from './help';
import { type PackageFiles, readPackage } from './packageFiles';
import { RunCommand, exitCodes } from './runCommand';
import { suiteProblems } from './suiteProblems';
import { type Translate, languageOf, translator } from './words';
import { writeTo } from './terminal';

/** The package: this file is bundled into its folder `dist`. */
const root = join(__dirname, '..');

async function main(): Promise<number> {
  let t = translator(root, languageOf(process.env));
  try {
    const command = readArguments(process.argv.slice(2));
    if (command.verb === 'help') {
      writeTo(process.stdout, helpText);
      return exitCodes.passed;
    }
    const files = await readPackage(root);
    if (command.verb === 'version') {
      writeTo(process.stdout, `${files.version}\n`);
      return exitCodes.passed;
    }
    const language = command.options.language ?? languageOf(process.env);
    t = translator(root, language);
    const paths = await findSuites(command.paths);
    if (paths.length === 0) {
      writeTo(
        process.stderr,
        `${t('There is no suite (*.prompts.yaml) in {0}.', command.paths.join(', '))}\n`,
      );
      return exitCodes.broken;
    }
    return command.verb === 'check'
      ? await check(paths, files, t)
      : await run(paths, files, command.options, language, t);
  } catch (error) {
    if (error instanceof UsageError) {
      writeTo(process.stderr, `${t('This is not understood: {0}', error.message)}\n\n${helpText}`);
    } else {
      writeTo(process.stderr, `${failureText(toScopeError(error), t)}\n`);
    }
    return exitCodes.broken;
  }
}

async function check(paths: readonly string[], files: PackageFiles, t: Translate): Promise<number> {
  let isBroken = false;
  for (const path of paths) {
    const found = suiteProblems(path, await readFile(path, 'utf8'), files, t);
    isBroken ||= found.isBroken;
    writeTo(process.stdout, found.lines.map((line) => `${line}\n`).join(''));
  }
  return isBroken ? exitCodes.broken : exitCodes.passed;
}

async function run(
  paths: readonly string[],
  files: PackageFiles,
  options: RunOptions,
  language: 'en' | 'zh',
  t: Translate,
): Promise<number> {
  const command = new RunCommand(files, options, language, t);
  const stop = (): void => {
    // Whoever presses twice does not want to wait.
    process.once('SIGINT', () => process.exit(exitCodes.stopped));
    command.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return exitCodes[await command.run(paths)];
}

void main().then((code) => {
  process.exitCode = code;
  // A signal handler that was never called would keep the process.
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
});
