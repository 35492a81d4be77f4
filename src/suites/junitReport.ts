import type { CellResult } from '../protocol/prompts';
import { type SuiteRun, expectedOf, itemTitle } from './suiteRun';
import type { WayVerdict } from './verdict';

/** A run in the form that build servers read: a `testsuite` for each way of asking each model. */
export function junitReport(run: SuiteRun): string {
  const { verdict, study, name, date } = run;
  const sum = (count: (way: WayVerdict) => number): number =>
    verdict.ways.reduce((total, way) => total + count(way), 0);
  const totals = {
    name: study.title || name,
    tests: run.results.length,
    failures: sum(({ failed }) => failed),
    errors: sum(({ errors }) => errors),
    skipped: sum(({ open }) => open),
    time: seconds(run.milliseconds),
    timestamp: date,
  };
  const suites = verdict.ways.map((way) => suiteOf(run, way));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes(totals)}>\n${suites.join('')}</testsuites>\n`;
}

function suiteOf(run: SuiteRun, way: WayVerdict): string {
  const own = run.results.filter(({ strategy, model }) => strategy === way.strategy && model === way.model);
  const head = attributes({
    name: `${run.study.title || run.name} · ${way.strategy} · ${way.model}`,
    tests: own.length,
    failures: way.failed,
    errors: way.errors,
    skipped: way.open,
    time: seconds(own.reduce((total, { milliseconds }) => total + milliseconds, 0)),
    timestamp: run.date,
  });
  const properties = {
    threshold: way.needed ?? 'none',
    rate: way.rate ?? 'none',
    'interval.low': way.interval.low.toFixed(4),
    'interval.high': way.interval.high.toFixed(4),
    isEnough: String(way.isEnough),
    seed: run.study.sampling.seed,
    model: run.hashes.get(way.model) ?? way.model,
  };
  const listed = Object.entries(properties)
    .map(([key, value]) => `      <property${attributes({ name: key, value })}/>\n`)
    .join('');
  const cases = own.map((result) => caseOf(run, result)).join('');
  return `  <testsuite${head}>\n    <properties>\n${listed}    </properties>\n${cases}  </testsuite>\n`;
}

function caseOf(run: SuiteRun, result: CellResult): string {
  const { study, name } = run;
  const repeat = 'repeat' in result && typeof result.repeat === 'number' ? ` (${result.repeat + 1})` : '';
  const head = attributes({
    name: `${itemTitle(study, result.item)}${repeat}`,
    classname: [name.replace(/\.prompts\.ya?ml$/, ''), result.strategy, result.model]
      .map((part) => part.replaceAll('.', '_'))
      .join('.'),
    time: seconds(result.milliseconds),
  });
  const output = result.output === '' ? '' : `      <system-out>${escaped(result.output)}</system-out>\n`;
  return `    <testcase${head}>\n${verdictOf(run, result)}${output}    </testcase>\n`;
}

function verdictOf({ study }: SuiteRun, result: CellResult): string {
  const { pass, failure, answer, error, output } = result;
  if (failure === 'error') {
    return `      <error${attributes({ message: error ?? 'error', type: 'error' })}/>\n`;
  }
  if (pass === null) {
    return '      <skipped/>\n';
  }
  if (pass) {
    return '';
  }
  const expected = expectedOf(study, result.item);
  const said = answer ?? output.trim();
  const message = `${failure ?? 'wrong'}: expected ${JSON.stringify(expected ?? null)}, got ${JSON.stringify(said)}`;
  const detail = `expected: ${expected ?? ''}\nactual:   ${said}`;
  return `      <failure${attributes({ message, type: failure ?? 'wrong' })}>${escaped(detail)}</failure>\n`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`,
    )
    .join('');
}

/** XML has no place at all for most control characters and for half of a pair. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
