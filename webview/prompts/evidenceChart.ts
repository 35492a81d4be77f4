import { type TemplateResult, html, nothing, svg } from 'lit';
import type { Bounds, StrategyRow, StudySummary } from '../../src/protocol/promptSummary';
import type { Study } from '../../src/protocol/prompts';
import { fill } from '../common/format';
import { awayMarks } from './modelPlace';
import { formatChance, formatCount, formatPercent, formatPoints, strategyName } from './names';
import type { Store } from './store';

/**
 * The chart that is read first: for every way how much is right, how much more than the plainest way that is, and how
 * likely it is the best. Most accurate first; the winner has a star where there
 * is one: not among equals, nor where too little was asked to claim anything.
 */
export function evidenceChart(store: Store, study: Study, summary: StudySummary): TemplateResult {
  const { strings } = store.snapshot;
  const widest = widestDifference(summary.rows);
  return html`<section class="evidence" aria-label=${strings.evidence}>
    <h2>${strings.evidence} <span class="quiet">${strings.evidenceHint}</span></h2>
    <div role="table" aria-label=${strings.evidence}>
      <div role="row" class="evidence-row head">
        <span role="columnheader">${strings.way}</span>
        <span role="columnheader" title=${strings.accuracyHint}
          >${strings.accuracy}${axis(['0', '50', '100%'])}</span
        >
        <span role="columnheader" title=${strings.differenceHint}
          >${strings.differenceShort}${axis([formatPoints(-widest), '0', formatPoints(widest)])}</span
        >
        <span role="columnheader" title=${strings.bestProbabilityHint}>${strings.bestProbability}</span>
      </div>
      ${study.models.map(({ id }) => {
        const rows = summary.rows
          .filter((row) => row.model === id && row.accuracy !== null)
          .sort((a, b) => (b.accuracy ?? 0) - (a.accuracy ?? 0));
        const found = summary.findings.find(({ model }) => model === id);
        const winner =
          found && found.tied.length === 0 && found.evidence !== 'fewItems' ? found.best : undefined;
        return html`${
          study.models.length > 1 && rows.length > 0
            ? html`<div role="row" class="evidence-model">
                <span role="cell">${id} ${awayMarks(store, id)}</span>
              </div>`
            : nothing
        }${rows.map((row) => evidenceRow(row, store, widest, winner === row.strategy && row.numPassed > 0))}`;
      })}
    </div>
  </section>`;
}

function evidenceRow(row: StrategyRow, store: Store, widest: number, isBest: boolean): TemplateResult {
  const { strings } = store.snapshot;
  return html`<div role="row" class="evidence-row ${isBest ? 'best' : ''}" data-evidence=${row.strategy}>
    <span role="rowheader"
      >${
        isBest
          ? html`<span class="codicon codicon-star-full" role="img" aria-label=${strings.winner}></span> `
          : nothing
      }${strategyName(row.strategy, strings)}</span
    >
    <span role="cell" class="plot">${accuracy(row, store)}</span>
    <span role="cell" class="plot">${difference(row, store, widest)}</span>
    <span role="cell" class="plot">${chance(row, store)}</span>
  </div>`;
}

function accuracy(row: StrategyRow, store: Store): TemplateResult {
  const { strings } = store.snapshot;
  const share = row.accuracy ?? 0;
  const said = `${fill(strings.rightOf, formatCount(row.numPassed), row.numJudged)}, ${bounds(row.interval, formatPercent, store)}`;
  return html`<svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label=${said}>
      <title>${said}</title>
      ${svg`<rect class="rail" width="100" height="16"/><rect class="share" width=${100 * share} height="16"/>
      ${whisker(100 * row.interval.low, 100 * row.interval.high)}`}
    </svg>
    <span class="value">${formatPercent(share)}</span>`;
}

/** Zero in the middle; an interval that leaves it out is coloured, if the corrected test agrees. */
function difference(row: StrategyRow, store: Store, widest: number): TemplateResult {
  const { strings } = store.snapshot;
  const versus = row.versusZeroShot;
  if (!versus) {
    return html`<span class="quiet">${strings.baseline}</span>`;
  }
  const { low, high } = versus.interval;
  const isSure = versus.p < 0.05 && (low > 0 || high < 0);
  const x = (value: number): number => 50 + (50 * value) / widest;
  const said = `${bounds(versus.interval, formatPoints, store)}, p ${formatP(versus.p)}`;
  return html`<svg
      class=${isSure ? (low > 0 ? 'gain' : 'loss') : ''}
      viewBox="0 0 100 16"
      preserveAspectRatio="none"
      role="img"
      aria-label=${`${formatPoints(versus.difference)}, ${said}`}
    >
      <title>${said}</title>
      ${svg`<rect class="rail" width="100" height="16"/><path class="zero" d="M50 0V16"/>
      ${whisker(x(low), x(high))}<path class="middle" d=${`M${x(versus.difference)} 2V14`}/>`}
    </svg>
    <span class="value">${formatPoints(versus.difference)}</span>`;
}

function chance(row: StrategyRow, store: Store): TemplateResult {
  const { strings } = store.snapshot;
  if (row.bestProbability === null) {
    return html`<span class="quiet">–</span>`;
  }
  const said = `${strings.bestProbability}: ${formatChance(row.bestProbability)}`;
  return html`<svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label=${said}>
      ${svg`<rect class="rail" width="100" height="16"/><rect class="share" width=${100 * row.bestProbability} height="16"/>`}
    </svg>
    <span class="value">${formatChance(row.bestProbability)}</span>`;
}

function whisker(low: number, high: number): TemplateResult {
  return svg`<path class="interval" d=${`M${low} 8H${high}M${low} 4v8M${high} 4v8`}/>` as TemplateResult;
}

function axis(marks: readonly string[]): TemplateResult {
  return html`<span class="axis" aria-hidden="true"
    >${marks.map((mark) => html`<span>${mark}</span>`)}</span
  >`;
}

function bounds({ low, high }: Bounds, format: (value: number) => string, store: Store): string {
  return fill(store.snapshot.strings.interval, format(low), format(high));
}

/** The widest interval of all, to a quarter: every way has the same scale. */
function widestDifference(rows: readonly StrategyRow[]): number {
  const ends = rows.flatMap(({ versusZeroShot }) =>
    versusZeroShot ? [Math.abs(versusZeroShot.interval.low), Math.abs(versusZeroShot.interval.high)] : [],
  );
  return Math.min(1, Math.ceil(4 * Math.max(0.25, ...ends)) / 4);
}

export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
