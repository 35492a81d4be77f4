import { type TemplateResult, html, nothing } from 'lit';
import {
  type AnswerSide,
  type CellChange,
  type ComparedCell,
  type ComparedWay,
  type RunComparison,
  cellChanges,
} from '../../src/protocol/promptRuns';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { fill } from '../common/format';
import type { MenuButton } from '../common/menu';
import type { HistoryStore } from './historyStore';
import { momentOfRun } from './moments';
import { moreRows } from './moreRows';
import { failureNames, formatPercent, formatPoints, strategyName } from './names';
import { changeChips } from './runRow';
import type { Store } from './store';
import { type Stretch, wordDifference } from './wordDifference';

const changeNames = {
  lost: 'changesLost',
  gained: 'changesGained',
  other: 'changesOther',
  same: 'changesSame',
  only: 'changesOnly',
} as const satisfies Record<CellChange, string>;

/** Two runs beside each other: what was changed, how each way did, and every answer that came out differently. */
export function comparisonView(
  comparison: RunComparison,
  history: HistoryStore,
  store: Store,
  menu: MenuButton,
): TemplateResult {
  const { strings, locale } = store.snapshot;
  const { before, after, ways, changes, counts, cells } = comparison;
  const numShown =
    history.change === null
      ? cellChanges.reduce((sum, change) => sum + (change === 'same' ? 0 : counts[change]), 0)
      : counts[history.change];
  const title = fill(
    strings.comparison,
    momentOfRun(before, history, locale),
    momentOfRun(after, history, locale),
  );
  return html`<section class="comparison" aria-label=${title}>
    <header>
      <h2>${title}</h2>
      <span class="grow"></span>
      ${menu.element}
    </header>
    <p>
      ${
        changes.length === 0
          ? strings.nothingChanged
          : html`${strings.changed} ${changeChips(changes, strings, strings.changed)}`
      }
    </p>
    ${ways.length === 0 ? nothing : wayTable(ways, strings)}
    <div class="change-filter">
      <span class="tabs" role="group" aria-label=${strings.showChanges}>
        ${[null, ...cellChanges].map(
          (change) =>
            html`<button
              type="button"
              aria-pressed=${String(history.change === change)}
              @click=${() => {
                history.filter(change);
              }}
            >
              ${change === null ? strings.changesAll : `${strings[changeNames[change]]} ${counts[change]}`}
            </button>`,
        )}
      </span>
    </div>
    ${
      cells.length === 0
        ? html`<p class="quiet">${strings.noCells}</p>`
        : html`<ol class="compared-list">
            ${cells.map((cell) => comparedRow(cell, store))}
          </ol>`
    }
    ${moreRows(numShown - cells.length, history, strings)}
  </section>`;
}

function wayTable(ways: readonly ComparedWay[], strings: PromptStrings): TemplateResult {
  const several = new Set(ways.map(({ model }) => model)).size > 1;
  return html`<p class="quiet">${strings.comparisonWays}</p>
    <div class="wide" tabindex="0" role="region" aria-label=${strings.comparisonWays}>
      <table class="compared-ways">
        <thead>
          <tr>
            <th scope="col">${strings.way}</th>
            <th scope="col">${strings.beforeAfter}</th>
            <th scope="col">${strings.gainedLost}</th>
            <th scope="col" title=${strings.changeDifferenceHint}>${strings.changeDifference}</th>
          </tr>
        </thead>
        <tbody>
          ${ways.map((way) => {
            const sure = way.p < 0.05 && (way.interval.low > 0 || way.interval.high < 0);
            return html`<tr>
              <th scope="row">
                ${strategyName(way.strategy, strings)}${
                  several ? html`<br /><span class="quiet">${way.model}</span>` : nothing
                }
              </th>
              <td>
                ${formatPercent(way.before)} → ${formatPercent(way.after)}
                <span class="quiet">${fill(strings.taskItems, way.numItems)}</span>
              </td>
              <td>${way.gained} / ${way.lost}</td>
              <td class=${sure ? 'sure' : ''}>
                ${fill(
                  strings.points,
                  formatPoints(way.difference),
                  formatPoints(way.interval.low),
                  formatPoints(way.interval.high),
                  way.p < 0.001 ? '< 0.001' : way.p.toFixed(3),
                )}
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

function comparedRow(cell: ComparedCell, store: Store): TemplateResult {
  const { strings, study } = store.snapshot;
  const { before, after, change } = cell;
  const about = [
    strategyName(cell.strategy, strings),
    ...((study?.models.length ?? 0) > 1 ? [cell.model] : []),
    ...(cell.repeat > 0 ? [fill(strings.repeatNumber, cell.repeat + 1)] : []),
  ].join(' · ');
  const prompt = cell.samePrompt === null ? '' : cell.samePrompt ? strings.samePrompt : strings.otherPrompt;
  const [was, is] = wordDifference(textOf(before), textOf(after));
  return html`<li class="compared" data-change=${change}>
    <p class="compared-about">
      <span class="chip change-${change}">${strings[changeNames[change]]}</span>
      <bdi>${cell.input}</bdi>
      <span class="quiet">${[about, prompt].filter(Boolean).join(' · ')}</span>
    </p>
    <div class="sides">
      ${side(strings.before, before, was, 'del', strings)} ${side(strings.after, after, is, 'ins', strings)}
    </div>
    ${cell.expected === null ? nothing : html`<p class="quiet">${strings.expected}: <bdi>${cell.expected}</bdi></p>`}
  </li>`;
}

function textOf(side: AnswerSide | null): string {
  return side ? (side.error ?? side.output.trim()) : '';
}

function side(
  name: string,
  answer: AnswerSide | null,
  stretches: readonly Stretch[],
  tag: 'del' | 'ins',
  strings: PromptStrings,
): TemplateResult {
  if (!answer) {
    return html`<div class="side"><span class="quiet">${name}: ${strings.notAsked}</span></div>`;
  }
  const said =
    answer.pass === true
      ? html`<span class="right">${strings.right}</span>`
      : answer.failure !== null
        ? html`<span class="wrong">${strings[failureNames[answer.failure]]}</span>`
        : nothing;
  // Written without a line of its own: in a <pre> every space of the template would be seen.
  const marked = stretches.map(({ text, changed }) =>
    changed ? (tag === 'del' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`) : text,
  );
  return html`<div class="side">
    <span class="quiet">${name}</span> ${said}
    <pre dir="auto">${marked.length === 0 ? ' ' : marked}</pre>
  </div>`;
}
