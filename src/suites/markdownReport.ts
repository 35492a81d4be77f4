import { percent } from '../prompts/sentences';
import { type Block, toMarkdown } from '../report/document';
import { type SuiteRun, expectedOf, itemTitle } from './suiteRun';

/** More wrong answers are not read one by one. */
const mostFailures = 50;

/** Whether a run passed, why not, and the wrong answers; the report on the study stands below it. */
export function markdownReport(run: SuiteRun, translate: (text: string) => string): string {
  const { verdict, study, results, isStopped, name } = run;
  const wrong = results.filter(({ pass, failure }) => pass === false || failure === 'error');
  const t = translate;
  const state = isStopped ? t('stopped') : verdict.passed ? t('passed') : t('failed');
  const blocks: Block[] = [
    {
      kind: 'table',
      head: [t('Way of asking'), t('Model'), t('Right'), t('Share'), '95%', t('Needed'), ''],
      rows: verdict.ways.map((way) => [
        way.strategy,
        way.model,
        `${way.passed}/${way.passed + way.failed + way.errors}`,
        way.rate === null ? '–' : percent(way.rate),
        way.rate === null ? '–' : `${percent(way.interval.low)} – ${percent(way.interval.high)}`,
        way.needed === null ? '–' : percent(way.needed),
        way.isEnough ? '✓' : '✗',
      ]),
    },
    ...(wrong.length === 0
      ? []
      : [
          { kind: 'heading' as const, text: `${t('Wrong answers')} (${wrong.length})` },
          {
            kind: 'table' as const,
            head: [t('Item'), t('Way of asking'), t('Model'), t('Expected'), t('Answer')],
            rows: wrong
              .slice(0, mostFailures)
              .map((result) => [
                itemTitle(study, result.item),
                result.strategy,
                result.model,
                expectedOf(study, result.item) ?? '–',
                result.error ?? (result.answer ?? result.output).replace(/\s+/g, ' ').trim().slice(0, 160),
              ]),
          },
        ]),
  ];
  return toMarkdown(`${study.title || name}: ${state}`, blocks);
}
