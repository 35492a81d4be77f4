import { type TemplateResult, html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { type ClozeSummary, clozeSummary } from '../../src/compare/clozeSummary';
import { type Cloze, type Side, type WordScore, isMissing, sides } from '../../src/protocol/compare';
import { fill } from '../common/format';
import { barPicture } from '../common/bars';
import { intervalPicture } from './plots';
import { agreementView } from './agreementView';
import { choice } from './fields';
import { formatBits, formatNats, formatP, formatPercent, guessText } from './names';
import { maybe } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Bits at which a bar of the word table is full: a probability of one in a million. */
const fullBits = 20;

const summaries = new WeakMap<Cloze, ClozeSummary>();

/** The bootstrap behind it takes a moment, so each result is counted once. */
function summaryOf(cloze: Cloze): ClozeSummary {
  const found = summaries.get(cloze) ?? clozeSummary(cloze);
  summaries.set(cloze, found);
  return found;
}

/** The cloze test over all words: both models' shares, what they say, and every word. */
export function clozeTables(store: Store, cloze: Cloze, verbs: Verbs): TemplateResult {
  const { strings } = store;
  const summary = summaryOf(cloze);
  return html`<div class="wide" tabindex="0" role="region" aria-label=${strings.allWords}>
      <table class="cloze-table">
        <thead>
          <tr>
            <th scope="col">${strings.model}</th>
            <th scope="col">${strings.context}</th>
            <th scope="col" title=${strings.accuracyHint}>${strings.accuracy}</th>
            <th scope="col" title=${strings.meanBitsHint}>${strings.meanBits}</th>
            <th scope="col" title=${strings.perplexityNote}>${strings.perplexity}</th>
          </tr>
        </thead>
        <tbody>
          ${sides.map((side) => sideRow(store, cloze, summary, side, verbs))}
        </tbody>
      </table>
    </div>
    <div class="findings">${said(store, summary).map((sentence) => html`<p>${sentence}</p>`)}</div>
    <p class="quiet note">${strings.perplexityNote}</p>
    ${agreementView(store, verbs, cloze)}
    ${guard([cloze, store.look.order, store.snapshot.compared], () => wordTable(store, cloze))}`;
}

function sideRow(
  store: Store,
  cloze: Cloze,
  summary: ClozeSummary,
  side: Side,
  verbs: Verbs,
): TemplateResult {
  const { strings } = store;
  const name = store.nameOf(side);
  const found = cloze[side];
  const tally = summary[side];
  const title = html`<th scope="row"><span class="swatch ${side}" aria-hidden="true"></span>${name}</th>`;
  if (isMissing(found) || !tally) {
    return html`<tr data-side=${side}>
      ${title}
      <td colspan="4">${maybe(store, verbs, found, { model: name, part: 'cloze' }, () => html``)}</td>
    </tr>`;
  }
  const { right, scored, accuracy, interval, meanBits } = tally;
  const interval95 = fill(strings.interval95, formatPercent(interval.low), formatPercent(interval.high));
  const of = fill(strings.rightOf, right, scored);
  return html`<tr data-side=${side}>
    ${title}
    <td>${found.context === 'both' ? strings.contextBoth : strings.contextLeft}</td>
    <td class=${side}>
      <span class="measure"
        >${intervalPicture(accuracy, interval, `${formatPercent(accuracy)}, ${of}, ${interval95}`)}<span
          >${formatPercent(accuracy)} <span class="quiet">· ${of} · ${interval95}</span></span
        ></span
      >
    </td>
    <td>${meanBits === null ? '–' : formatBits(meanBits)}</td>
    <td>
      ${found.perplexity.toPrecision(3)}
      <span class="quiet"
        >${fill(
          found.context === 'both' ? strings.overTokensPseudo : strings.overTokens,
          found.numScored,
          formatNats(found.logLikelihood),
        )}</span
      >
    </td>
  </tr>`;
}

/** What the numbers say, no more. */
function said(store: Store, summary: ClozeSummary): string[] {
  const { strings } = store;
  const [left, right] = [store.nameOf('left'), store.nameOf('right')];
  const { comparison } = summary;
  if (!comparison) {
    return [strings.nothingPaired];
  }
  const points = Math.round(100 * Math.abs(comparison.difference));
  const better = comparison.difference > 0 ? left : right;
  return [
    fill(
      strings.clozePaired,
      summary.paired,
      summary.bothRight,
      left,
      summary.onlyLeft,
      right,
      summary.onlyRight,
      summary.neither,
    ),
    fill(strings.clozeGuesses, summary.agree, summary.easierLeft, left, summary.easierRight, right),
    points === 0
      ? strings.clozeEqual
      : fill(
          comparison.p < 0.05 ? strings.clozeSure : strings.clozeUnsure,
          better,
          points,
          formatP(comparison.p),
        ),
  ];
}

function wordTable(store: Store, cloze: Cloze): TemplateResult {
  const { strings, look } = store;
  const scoreOf = (side: Side, index: number): WordScore | undefined => {
    const found = cloze[side];
    return isMissing(found) ? undefined : found.scores[index];
  };
  const bitsOf = (side: Side, index: number): number => scoreOf(side, index)?.bits ?? -1;
  const keys = {
    text: (index: number) => -index,
    left: (index: number) => bitsOf('left', index),
    right: (index: number) => bitsOf('right', index),
    difference: (index: number) => Math.abs(bitsOf('left', index) - bitsOf('right', index)),
  };
  const rows = [...cloze.words.keys()]
    .filter((index) => cloze.words[index]?.counts)
    .sort((a, b) => keys[look.order](b) - keys[look.order](a));
  return html`<div class="row">
      ${choice(
        strings.order,
        look.order,
        [
          ['text', strings.orderText],
          ['left', fill(strings.orderHardest, store.nameOf('left'))],
          ['right', fill(strings.orderHardest, store.nameOf('right'))],
          ['difference', strings.orderDifference],
        ],
        (order) => {
          store.setLook({ order });
        },
      )}
    </div>
    <div class="wide tall" tabindex="0" role="region" aria-label=${strings.wordByWord}>
      <table class="word-table">
        <caption class="visually-hidden">
          ${strings.wordByWord}
        </caption>
        <thead>
          <tr>
            <th scope="col">${strings.word}</th>
            ${sides.map(
              (side) =>
                html`<th scope="col">
                    <span class="swatch ${side}" aria-hidden="true"></span
                    >${fill(strings.bitsOf, store.nameOf(side))}
                  </th>
                  <th scope="col">${strings.guess}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (index) =>
              html`<tr data-word=${index}>
                <th scope="row"><bdi>${cloze.words[index]?.text}</bdi></th>
                ${sides.map((side) => scoreCells(store, scoreOf(side, index), side))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function scoreCells(store: Store, score: WordScore | undefined, side: Side): TemplateResult {
  const { strings } = store;
  if (!score || score.bits === null) {
    return html`<td class=${side}>–</td>
      <td>–</td>`;
  }
  const icon =
    score.right === null
      ? nothing
      : html`<span
          class="codicon codicon-${score.right ? 'pass-filled' : 'error'} ${score.right ? 'right' : 'wrong'}"
          role="img"
          aria-label=${score.right ? strings.correct : strings.incorrect}
        ></span>`;
  return html`<td class=${side}>
      <span class="measure">${barPicture(score.bits / fullBits)}<span>${formatBits(score.bits)}</span></span>
    </td>
    <td>
      ${icon} <bdi>${guessText(score.guess)}</bdi>
      ${score.rank !== null && score.rank > 1 ? html`<span class="quiet">#${score.rank}</span>` : nothing}
    </td>`;
}
