import { resultMark } from '../run/webResult';
import { tests } from './browser.test';

/** Filled in by the bundler; empty for all tests. */
declare const testGrep: string;

/**
 * Called by VS Code in its web worker extension host: runs the tests of this folder. Mocha needs Node or a document and
 * there is neither; nor is there a file to write the outcome to, so the browser's console is read.
 */
export async function run(): Promise<void> {
  const say = (value: unknown): void => console.log(`${resultMark}${JSON.stringify(value)}`);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, test] of Object.entries(tests)) {
    const title = `in the browser ${name}`;
    if (!new RegExp(testGrep).test(title)) {
      continue;
    }
    const started = performance.now();
    try {
      await test();
      counts.passed++;
      say({ line: `    ✔ ${title} (${Math.round(performance.now() - started)} ms)` });
    } catch (error) {
      counts.failed++;
      say({ line: `    ✘ ${title}\n${error instanceof Error ? error.stack : String(error)}` });
    }
  }
  say({ counts });
}
