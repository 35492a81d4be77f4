import { type TemplateResult, html, nothing, svg } from 'lit';
import { isAlarm, replacedAt, replacedTally } from '../../src/compare/replacedTally';
import { type DetectedText, type Maybe, type ReplacedExample, isMissing } from '../../src/protocol/compare';
import { button } from '../common/controls';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import { formatPercent, sentences } from './names';
import { maybe } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

const barHeight = 30;

/** Replaced-token detection, as ELECTRA is trained: the text as it is, and with words that a generator drew. */
export function replacedView(store: Store, verbs: Verbs, value: Maybe<ReplacedExample>): TemplateResult {
  const { strings } = store;
  if (isMissing(value) && value.missing === 'noHead') {
    return html`<p class="quiet no-detector">
      ${strings.noDetector}
      <button
        type="button"
        class="link"
        @click=${() => {
          verbs.place('right', null);
        }}
      >
        ${strings.chooseDetector}
      </button>
    </p>`;
  }
  const model = isMissing(value) ? (value.model ?? store.nameOf('left')) : value.model;
  return maybe(store, verbs, value, { model, part: 'pretraining' }, (found) => example(store, verbs, found));
}

function example(store: Store, verbs: Verbs, found: ReplacedExample): TemplateResult {
  const { strings } = store;
  const tally = replacedTally(found);
  const interval = [formatPercent(tally.interval.low), formatPercent(tally.interval.high)] as const;
  return html`<p>
      ${sentences(
        store.snapshot.locale,
        fill(strings.replacedHow, found.seed, found.generator, tally.drawn, tally.replacedWords),
        fill(
          strings.replacedFound,
          found.model,
          tally.found,
          tally.replaced,
          tally.falseAlarms,
          tally.judged - tally.replaced,
        ),
        fill(
          strings.replacedRight,
          tally.right,
          tally.judged,
          formatPercent(tally.accuracy),
          ...interval,
          tally.judged - tally.replaced,
        ),
      )}
    </p>
    <p>
      ${button(
        strings.replaceAgain,
        () => {
          verbs.replaceAgain();
        },
        true,
      )}
    </p>
    <h3>${strings.replacedChanged}</h3>
    ${tokenLine(store, found.changed, strings.replacedChanged, replacedAt(found))}
    <h3>${strings.replacedOriginal}</h3>
    <p class="quiet">${fill(strings.replacedAlarms, tally.originalAlarms, tally.originalJudged)}</p>
    ${tokenLine(store, found.original, strings.replacedOriginal, [])}
    <p class="quiet note">${strings.replacedRule}</p>`;
}

/** There is no room for decimals over a token. */
function wholePercent(share: number): string {
  return share > 0 && share < 0.005 ? '<1%' : `${Math.round(100 * share)}%`;
}

/** Each token with its probability; under a replaced one the word that stood there. */
function tokenLine(
  { strings }: Store,
  { tokens, probabilities }: DetectedText,
  label: string,
  replaced: readonly (ReplacedExample['drawn'][number] | null)[],
): TemplateResult {
  return html`<ol class="losses detected" tabindex="0" aria-label=${fill(strings.replacedLine, label)}>
    ${tokens.map((token, index) => {
      const probability = probabilities[index] ?? null;
      const word = replaced[index] ?? null;
      const height = (probability ?? 0) * barHeight;
      const alarm = isAlarm(probability);
      return html`<li
        class=${`${alarm ? 'alarm' : ''} ${word ? 'changed' : ''}`}
        title=${word ? fill(strings.replacedWas, word.was) : nothing}
      >
        <svg viewBox=${`0 0 10 ${barHeight}`} preserveAspectRatio="none" aria-hidden="true">
          ${svg`<rect class="rail" width="10" height=${barHeight}/><rect class="fill" y=${barHeight - height} width="10" height=${height}/>`}
        </svg>
        <span class="number">${probability === null ? '–' : wholePercent(probability)}</span>
        <bdi class=${token.special ? 'chip special' : 'chip'}>${visibleText(token)}</bdi>
        ${
          word
            ? html`<span class="seen"
                ><span class="visually-hidden">${fill(strings.replacedWas, word.was)}</span
                ><s aria-hidden="true"><bdi>${word.was}</bdi></s></span
              >`
            : nothing
        }
      </li>`;
    })}
  </ol>`;
}
