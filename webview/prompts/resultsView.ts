import { type TemplateResult, html, nothing } from 'lit';
import type { StrategyRow, StudySummary } from '../../src/protocol/promptSummary';
import type { Failure, Study } from '../../src/protocol/prompts';
import { fill, formatMilliseconds } from '../common/format';
import { evidenceChart, formatP } from './evidenceChart';
import { failureNames, formatCount, formatPercent, formatPoints, strategyName } from './names';
import { awayMarks, formatPrice, placeOf } from './modelPlace';
import type { Store } from './store';
import { useMenu } from './useMenu';
import type { Verbs } from './verbs';

/** What the answers say: what to do, as a chart, in words, and the figures behind them. */
export function resultsView(store: Store, study: Study, summary: StudySummary, verbs: Verbs): TemplateResult {
  const { strings, findings, advice = [], numOutdated } = store.snapshot;
  const answered = summary.rows.some((row) => row.numDone > 0);
  const judged = summary.rows.some((row) => row.accuracy !== null);
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
      ? html`<section class="findings" aria-label=${strings.advice}>
          ${
            advice.length > 0
              ? html`<h2>${strings.advice}</h2>
                  ${advice.map((sentence) => html`<p class="advice">${sentence}</p>`)}`
              : findings.map((sentence) => html`<p>${sentence}</p>`)
          }
          ${judgeNote(store, summary)}
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
  ${judged ? evidenceChart(store, study, summary) : nothing}
  ${
    answered
      ? html`<details
          class="behind"
          ?open=${store.figuresOpen}
          @toggle=${(event: Event) => {
            store.figuresOpen = (event.target as HTMLDetailsElement).open;
          }}
        >
          <summary>${strings.figures}</summary>
          ${advice.length > 0 ? findings.map((sentence) => html`<p class="finding">${sentence}</p>`) : nothing}
          ${table(store, study, summary)} ${stabilityTable(store, study, summary)}
        </details>`
      : nothing
  }`;
}

/** Beside what a model has judged, how far it judges as a person does. */
function judgeNote(store: Store, { agreement, isJudged }: StudySummary): TemplateResult | typeof nothing {
  const { strings } = store.snapshot;
  if (!isJudged) {
    return nothing;
  }
  const kappa = agreement?.kappa;
  return html`<p class="judge-note">
    <span class="codicon codicon-law" aria-hidden="true"></span>${
      !agreement
        ? strings.judgeUnchecked
        : kappa
          ? fill(
              strings.judgeKappa,
              kappa.value.toFixed(2),
              kappa.interval.low.toFixed(2),
              kappa.interval.high.toFixed(2),
              agreement.numAnswers,
            )
          : fill(
              strings.judgeAgrees,
              Math.round(agreement.observed * agreement.numAnswers),
              agreement.numAnswers,
            )
    }
  </p>`;
}

function table(store: Store, study: Study, summary: StudySummary): TemplateResult {
  const { strings } = store.snapshot;
  const several = study.models.length > 1;
  const hasScores = summary.rows.some(({ meanScore }) => meanScore !== null);
  return html`<div class="wide" tabindex="0" role="region" aria-label=${strings.figures}>
    <table class="results">
      <thead>
        <tr>
          <th scope="col">${strings.way}</th>
          <th scope="col" class="bar-column" title=${strings.accuracyHint}>${strings.accuracy}</th>
          <th scope="col" title=${strings.rankHint}>${strings.rank}</th>
          <th scope="col" title=${strings.differenceHint}>${strings.difference}</th>
          ${hasScores ? html`<th scope="col" title=${strings.meanScoreHint}>${strings.meanScore}</th>` : nothing}
          <th scope="col">${strings.costs}</th>
          <th scope="col">${strings.failures}</th>
        </tr>
      </thead>
      <tbody>
        ${summary.rows.map((row) => resultRow(row, store, several, hasScores))}
      </tbody>
    </table>
  </div>`;
}

/** How much the answers to the same prompt differ, where each was asked several times. */
function stabilityTable(store: Store, study: Study, summary: StudySummary): TemplateResult | typeof nothing {
  const { strings } = store.snapshot;
  const rows = summary.rows.filter(({ stability }) => stability !== null && stability.numItems > 0);
  if (rows.length === 0) {
    return nothing;
  }
  const ks = Array.from({ length: summary.numRepeats }, (_, index) => index + 1).filter(
    (k) => k === 2 || k === summary.numRepeats || k % 5 === 0,
  );
  const cell = (share: number | undefined): string => (share === undefined ? '–' : formatPercent(share));
  return html`<h3>${strings.stability}</h3>
    <p class="quiet">${strings.stabilityHint}</p>
    <div class="wide" tabindex="0" role="region" aria-label=${strings.stability}>
      <table class="results stability">
        <thead>
          <tr>
            <th scope="col">${strings.way}</th>
            <th scope="col">${strings.flickering}</th>
            <th scope="col">${fill(strings.majorityOf, summary.numRepeats)}</th>
            ${ks.map((k) => html`<th scope="col">pass@${k}</th>`)}
            ${ks.map((k) => html`<th scope="col">pass^${k}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row">
                  ${strategyName(row.strategy, strings)}${
                    study.models.length > 1 ? html`<br /><span class="quiet">${row.model}</span>` : nothing
                  }
                </th>
                <td>
                  ${fill(strings.rightOf, row.stability?.numFlickering ?? 0, row.stability?.numItems ?? 0)}
                </td>
                <td>${cell(row.stability?.majority)}</td>
                ${ks.map((k) => html`<td>${cell(row.stability?.passAt[k - 1])}</td>`)}
                ${ks.map((k) => html`<td>${cell(row.stability?.passAll[k - 1])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function resultRow(row: StrategyRow, store: Store, several: boolean, hasScores: boolean): TemplateResult {
  const { strings } = store.snapshot;
  const name = strategyName(row.strategy, strings);
  const versus = row.versusZeroShot;
  const failures = (Object.entries(row.failures) as [Failure, number][]).filter(([, count]) => count > 0);
  return html`<tr data-way=${row.strategy}>
    <th scope="row">
      ${name}${several ? html`<br /><span class="quiet">${row.model}</span> ${awayMarks(store, row.model)}` : nothing}
    </th>
    <td class="bar-column">${row.accuracy === null ? '–' : accuracyText(row, store)}</td>
    <td>
      ${
        row.rank === null || !row.rankBand
          ? '–'
          : row.rankBand.low === row.rankBand.high
            ? row.rank
            : fill(strings.rankBand, row.rank, row.rankBand.low, row.rankBand.high)
      }
    </td>
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
              formatP(versus.p),
            )
          : '–'
      }
    </td>
    ${hasScores ? html`<td>${scoreText(row, store)}</td>` : nothing}
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

function accuracyText(row: StrategyRow, store: Store): string {
  const { strings } = store.snapshot;
  const { low, high } = row.interval;
  return [
    formatPercent(row.accuracy ?? 0),
    fill(strings.rightOf, formatCount(row.numPassed), row.numJudged),
    `${fill(strings.interval, formatPercent(low), formatPercent(high))} (${strings[row.intervalBy === 'wilson' ? 'byWilson' : 'byBootstrap']})`,
  ].join(' · ');
}

function scoreText({ meanScore, scoreBaseline }: StrategyRow, store: Store): string {
  if (meanScore === null) {
    return '–';
  }
  const said = meanScore.toFixed(2);
  return scoreBaseline === null
    ? said
    : fill(store.snapshot.strings.scoreBeside, said, scoreBaseline.toFixed(2));
}
