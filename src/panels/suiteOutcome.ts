import * as vscode from 'vscode';
import type { CellResult, Study } from '../protocol/prompts';
import { expectedOf, itemTitle } from '../suites/suiteRun';

/** What the answers to one item say of it. */
export type Outcome = 'passed' | 'failed' | 'errored' | 'skipped';

/** An item passes when each of its answers is right; what nobody could judge is skipped. */
function outcomeOf(results: readonly CellResult[]): Outcome {
  if (results.some(({ failure }) => failure === 'error')) {
    return 'errored';
  }
  if (results.some(({ pass }) => pass === false)) {
    return 'failed';
  }
  return results.some(({ pass }) => pass === true) ? 'passed' : 'skipped';
}

/** Tells the Testing view of an item whose answers are all there. */
export function reportItem(
  run: vscode.TestRun,
  test: vscode.TestItem,
  study: Study,
  results: readonly CellResult[],
): Outcome {
  const outcome = outcomeOf(results);
  const milliseconds = results.reduce((sum, result) => sum + result.milliseconds, 0);
  switch (outcome) {
    case 'passed':
      run.passed(test, milliseconds);
      break;
    case 'skipped':
      run.skipped(test);
      break;
    case 'errored':
      run.errored(
        test,
        new vscode.TestMessage(results.find(({ error }) => error)?.error ?? ''),
        milliseconds,
      );
      break;
    case 'failed':
      run.failed(
        test,
        results.filter(({ pass }) => pass === false).map((result) => messageOf(test, study, result)),
        milliseconds,
      );
  }
  const mark = { passed: '✓', failed: '✗', errored: '!', skipped: '?' }[outcome];
  const said = results.map(({ answer, output, error }) => error ?? answer ?? output.trim()).join(' · ');
  const [{ strategy, model, item }] = results as [CellResult];
  const line = `${mark} ${strategy} · ${model} · ${itemTitle(study, item)} → ${said.replace(/\s+/g, ' ')}`;
  run.appendOutput(`${line}\r\n`, undefined, test);
  return outcome;
}

function messageOf(test: vscode.TestItem, study: Study, result: CellResult): vscode.TestMessage {
  const expected = expectedOf(study, result.item) ?? '';
  const actual = result.answer ?? result.output.trim();
  const text = vscode.l10n.t('Expected “{0}”, got “{1}”.', expected, actual);
  const message = vscode.TestMessage.diff(text, expected, actual);
  if (test.uri && test.range) {
    message.location = new vscode.Location(test.uri, test.range);
  }
  return message;
}
