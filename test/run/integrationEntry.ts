import { appendFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import { CountingReporter } from './countingReporter';
import { testEnvironment } from './testEnvironment';
import { testFiles } from './testFiles';

const testTimeoutMs = 60_000;

/** Called by VS Code in its extension host: runs every test beside this file. */
export async function run(): Promise<void> {
  printToFile(process.env[testEnvironment.log]);
  const mocha = new Mocha({ ui: 'bdd', reporter: CountingReporter, timeout: testTimeoutMs });
  const grep = process.env[testEnvironment.grep];
  if (grep) {
    mocha.grep(new RegExp(grep));
  }
  testFiles(__dirname, '.test.js').forEach((file) => mocha.addFile(file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) {
    throw new Error(`${failures} of the tests failed.`);
  }
}

/** An extension host has no output that reaches a terminal everywhere; a file does. */
function printToFile(file: string | undefined): void {
  if (file) {
    Mocha.reporters.Base.consoleLog = (...values: unknown[]) =>
      appendFileSync(file, `${format(...values)}\n`);
  }
}
