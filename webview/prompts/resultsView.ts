import { type TemplateResult, html, nothing, svg } from 'lit';
import type { StrategyRow, StudySummary } from '../../src/protocol/promptSummary';
import type { Failure, Study } from '../../src/protocol/prompts';
import { fill, formatMilliseconds } from '../common/format';
import { failureNames, formatPercent, formatPoints, strategyName } from './names';
import { formatPrice, awayMarks, placeOf } from './modelPlace';
import type { Store } from './store';
import { useMenu } from './useMenu';
import type { Verbs } from './verbs';

/** What the answers say: in words, as a chart, as a table. */
export function resultsView(store: Store, study: Study, summary: StudySummary, verbs: Verbs): TemplateResult {
  const { strings, findings, numOutdated } = store.snapshot;
  const answered = summary.rows.some((row) => row.numDone > 0);
  return html`${
    numOutdated > 0
      ? html`<p class="hint">
          <span class="codicon codicon-history" aria-hidden="true"></span
          >${fill(strings.outdated, numOutdated)}
        </p>`
      : nothing
  }
  ${
    findings.length > 0
      ? html`<section class="findings" aria-label=${strings.findings}>
          <h2>${strings.findings}</h2>
          ${findings.map((sentence) => html`<p>${sentence}</p>`)}
          ${summary.findings.map(
            ({ best, model }) =>
              html`<p class="row use-best">
                ${fill(strings.useBest, strategyName(best, strings), model)}
                ${useMenu(store, { strategy: best, item: -1, model }, verbs)}
              </p>`,
          )}
        </section>`
      : nothing
  }
  ${answered ? table(store, study, summary) : nothing}`;
}

function table(store: Store, study: Study, summary: StudySummary): TemplateResult {
  const { strings } = store.snapshot;
  const several = study.models.length > 1;
  return html`<div class="wide" tabindex="0" role="region" aria-label=${strings.tabResults}>
    <table class="results">
      <thead>
        <tr>
          <th scope="col">${strings.way}</th>
          <th scope="col" class="bar-column" title=${strings.accuracyHint}>${strings.accuracy}</th>
          <th scope="col" title=${strings.differenceHint}>${strings.difference}</th>
          <th scope="col">${strings.costs}</th>
          <th scope="col">${strings.failures}</th>
        </tr>
      </thead>
      <tbody>
        ${summary.rows.map((row) => resultRow(row, store, several))}
      </tbody>
    </table>
  </div>`;
}

function resultRow(row: StrategyRow, store: Store, several: boolean): TemplateResult {
  const { strings } = store.snapshot;
  const name = strategyName(row.strategy, strings);
  const versus = row.versusZeroShot;
  const failures = (Object.entries(row.failures) as [Failure, number][]).filter(([, count]) => count > 0);
  return html`<tr data-way=${row.strategy}>
    <th scope="row">
      ${name}${several ? html`<br /><span class="quiet">${row.model}</span> ${awayMarks(store, row.model)}` : nothing}
    </th>
    <td class="bar-column">${row.accuracy === null ? '–' : bar(row, store)}</td>
    <td
      class=${versus && versus.p < 0.05 && (versus.interval.low > 0 || versus.interval.high < 0) ? 'sure' : ''}
    >
      ${
        versus
          ? fill(
              strings.points,
              formatPoints(versus.difference),
              formatPoints(versus.interval.low),
              formatPoints(versus.interval.high),
              versus.p < 0.001 ? '< 0.001' : versus.p.toFixed(3),
            )
          : '–'
      }
    </td>
    <td>
      ${
        row.numDone === 0
          ? '–'
          : fill(
              strings.costsValue,
              Math.round(row.promptTokens),
              Math.round(row.newTokens),
              formatMilliseconds(row.milliseconds),
            )
      }
      ${
        row.price === null
          ? nothing
          : html`<span class="chip"
              >${formatPrice(row.price, placeOf(store, row.model)?.currency ?? '')}</span
            >`
      }
    </td>
    <td>
      ${failures.map(([failure, count]) => html`<span class="chip">${strings[failureNames[failure]]} ${count}</span>`)}
      ${
        row.formatKept === null
          ? nothing
          : html`<span class="chip">${strings.formatKept} ${formatPercent(row.formatKept)}</span>`
      }
    </td>
  </tr>`;
}

/** Share, 95 % interval and count in one picture. */
function bar(row: StrategyRow, store: Store): TemplateResult {
  const { strings } = store.snapshot;
  const { low, high } = row.interval;
  const x = (share: number): number => 200 * share;
  const said = fill(strings.rightOf, row.numPassed, row.numJudged);
  return html`<span class="bar"
    ><svg viewBox="-2 0 204 18" role="img" aria-label=${`${formatPercent(row.accuracy ?? 0)}, ${said}`}>
      ${svg`<rect class="rail" width="200" height="18"/><rect class="share" width=${x(row.accuracy ?? 0)} height="18"/>
      <path class="interval" d=${`M${x(low)} 9H${x(high)}M${x(low)} 4v10M${x(high)} 4v10`}/>`}
    </svg>
    <span>${formatPercent(row.accuracy ?? 0)} <span class="quiet">· ${said}</span></span></span
  >`;
}
