import { type TemplateResult, html, nothing } from 'lit';
import { flickers, foldAnswers } from '../../src/protocol/foldAnswers';
import { type CellAddress, type CellResult } from '../../src/protocol/prompts';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { iconButton } from '../common/controls';
import { fill, formatMilliseconds } from '../common/format';
import { failureNames } from './names';
import { formatPrice, placeOf } from './modelPlace';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** An answer with its verdict, what was read out of it, and what it cost. */
export function answerView(store: Store, cell: CellAddress, running: boolean, verbs: Verbs): TemplateResult {
  const { strings } = store.snapshot;
  const streamed = store.streamed(cell);
  if (running) {
    return html`<div class="answer running">
      <pre dir="auto">${streamed ?? ''}</pre>
      <p class="quiet">${strings.running}</p>
    </div>`;
  }
  const result = store.result(cell);
  if (!result) {
    return html`<p class="answer quiet">${strings.waiting}</p>`;
  }
  return html`<div class="answer">
    ${
      result.error === undefined
        ? html`<pre dir="auto">${result.output.trim() === '' ? ' ' : result.output.trim()}</pre>`
        : html`<p class="failure">
            <span class="codicon codicon-error" aria-hidden="true"></span>${result.error}
          </p>`
    }
    ${readAs(result, strings)}
    <p class="quiet figures">
      ${verdict(result, strings)}
      ${
        result.error === undefined && result.numNewTokens > 0
          ? html`<span
              >${fill(strings.cellFigures, result.numNewTokens, formatMilliseconds(result.milliseconds))}</span
            >`
          : nothing
      }
      ${scoreText(result, strings)} ${priceOf(store, result)}
      ${result.meanBits === null ? nothing : html`<span>${fill(strings.meanBits, result.meanBits.toFixed(2))}</span>`}
    </p>
    ${labelScores(result)} ${folds(store, result, verbs)}
  </div>`;
}

/** The other answers to the same prompt, identical ones once with their count; they are judged together. */
function folds(store: Store, shown: CellResult, verbs: Verbs): TemplateResult | typeof nothing {
  const { strings } = store.snapshot;
  const results = store.repeats(shown);
  if (results.length < 2) {
    return nothing;
  }
  return html`<div class="folds">
    <p class="quiet">
      ${fill(strings.repeatedAnswers, results.length)}${
        flickers(results)
          ? html` <span class="flicker-note" title=${strings.flickerHint}
              ><span class="codicon codicon-pulse" aria-hidden="true"></span> ${strings.flickers}</span
            >`
          : nothing
      }
    </p>
    <ul>
      ${foldAnswers(results).map(({ results: fold }) => {
        const [first] = fold;
        return html`<li>
          <span class="times">×${fold.length}</span>
          <bdi
            >${first.error ?? (first.output.trim() === '' ? strings.failureEmpty : first.output.trim())}</bdi
          >
          ${verdict(first, strings)}<span class="thumbs">${thumbs(store, first, verbs)}</span>
        </li>`;
      })}
    </ul>
  </div>`;
}

/** What a graded scorer gave, beside what unrelated answers get from it. */
function scoreText({ score, baseline }: CellResult, strings: PromptStrings): TemplateResult | typeof nothing {
  return score === undefined
    ? nothing
    : html`<span
        >${
          baseline === undefined
            ? fill(strings.score, score.toFixed(2))
            : fill(strings.scoreOver, score.toFixed(2), baseline.toFixed(2))
        }</span
      >`;
}

function priceOf(store: Store, { model, price }: CellResult): TemplateResult | typeof nothing {
  const currency = placeOf(store, model)?.currency;
  return price === undefined ? nothing : html`<span>${formatPrice(price, currency ?? '')}</span>`;
}

function readAs(result: CellResult, strings: PromptStrings): TemplateResult | typeof nothing {
  if (result.error !== undefined || result.answer === result.output.trim()) {
    return nothing;
  }
  return html`<p class="quiet">
    ${result.answer === null ? strings.nothingRead : fill(strings.readAs, result.answer)}
  </p>`;
}

export function verdict(result: CellResult, strings: PromptStrings): TemplateResult | typeof nothing {
  if (result.pass === true) {
    return html`<span class="right"
      ><span class="codicon codicon-pass-filled" aria-hidden="true"></span> ${strings.right}</span
    >`;
  }
  if (result.failure !== null) {
    return html`<span class="wrong"
      ><span class="codicon codicon-error" aria-hidden="true"></span>
      ${strings[failureNames[result.failure]]}</span
    >`;
  }
  return nothing;
}

function labelScores(result: CellResult): TemplateResult | typeof nothing {
  const scores = result.labelScores;
  if (!scores) {
    return nothing;
  }
  const total = scores.reduce((sum, { perToken }) => sum + Math.exp(perToken), 0);
  return html`<ul class="labels">
    ${scores.map(({ label, perToken, logLikelihood, calibrated }) => {
      const share = calibrated ?? Math.exp(perToken) / total;
      return html`<li title=${`${logLikelihood.toFixed(3)} nats`}>
        <bdi>${label}</bdi>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect width=${100 * share} height="6" />
        </svg>
        <span>${(100 * share).toFixed(0)}%</span>
      </li>`;
    })}
  </ul>`;
}

/** A person's verdict: two toggles. */
export function thumbs(store: Store, cell: CellAddress, verbs: Verbs): TemplateResult | typeof nothing {
  const { strings } = store.snapshot;
  const result = store.result(cell);
  if (!result || result.error !== undefined) {
    return nothing;
  }
  const judged = result.judged === true ? result.pass : null;
  const judge = (pass: boolean): void => {
    const same = foldAnswers(store.repeats(cell)).find(({ results }) => results.includes(result));
    for (const each of same?.results ?? [result]) {
      verbs.judge(each, judged === pass ? null : pass);
    }
  };
  return html`${iconButton(judged === true ? 'thumbsup-filled' : 'thumbsup', strings.judgeRight, () => {
    judge(true);
  })}${iconButton(judged === false ? 'thumbsdown-filled' : 'thumbsdown', strings.judgeWrong, () => {
    judge(false);
  })}`;
}
