import { type TemplateResult, html, nothing } from 'lit';
import { isUnknown, tokenFacts } from '../../src/compare/tokenFacts';
import { type Reading, type Side, isMissing, sides } from '../../src/protocol/compare';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import { maybe } from './partFrame';
import { moveFocus } from './roving';
import type { Store } from './store';
import type { Verbs } from './verbs';
import { type WordColumn, wordColumns } from './wordColumns';

/** Both tokenisations, the left model's above the right one's, word under word. */
export function tokenRows(store: Store, reading: Reading, verbs: Verbs): TemplateResult {
  const { strings } = store;
  return html`<ul class="facts">
      ${sides.map(
        (side) =>
          html`<li>
            <span class="swatch ${side}" aria-hidden="true"></span
            ><strong>${store.nameOf(side)}</strong> ${facts(store, reading, side, verbs)}
          </li>`,
      )}
    </ul>
    <div
      class="columns"
      role="listbox"
      aria-label=${strings.tokensOfBoth}
      aria-orientation="horizontal"
      @keydown=${(event: KeyboardEvent) => {
        moveFocus(event);
      }}
    >
      ${wordColumns(reading).map((column, index) => columnView(store, reading, column, index === 0))}
    </div>`;
}

function facts(store: Store, reading: Reading, side: Side, verbs: Verbs): TemplateResult {
  const { strings } = store;
  return maybe(store, verbs, reading[side], { model: store.nameOf(side), part: 'reading' }, (run) => {
    const found = tokenFacts(reading, side);
    if (!found) {
      return html``;
    }
    return html`<span class="quiet"
      >${fill(strings.tokenCounts, found.tokens, found.special)}${
        found.tokensPerWord === null
          ? nothing
          : html` · ${fill(strings.perWord, found.tokensPerWord.toFixed(2), found.wholeWords, found.words)}`
      }
      ·
      ${fill(strings.unknownTokens, found.unknown)}${
        run.totalTokens > run.tokens.length
          ? html` · ${fill(strings.textCut, run.tokens.length, run.totalTokens)}`
          : nothing
      }</span
    >`;
  });
}

function columnView(store: Store, reading: Reading, column: WordColumn, isFirst: boolean): TemplateResult {
  const { word } = column;
  const said = sides.map((side) => {
    const run = reading[side];
    const pieces = isMissing(run) ? [] : column[side].map((index) => run.tokens[index]?.piece ?? '');
    return `${store.nameOf(side)}: ${pieces.length === 0 ? '–' : pieces.join(' ')}`;
  });
  const name = word === null ? store.strings.specialTokens : (reading.words[word]?.text ?? '');
  return html`<span
    class="column"
    role="option"
    aria-selected="false"
    data-stop
    data-word=${word ?? nothing}
    tabindex=${isFirst ? 0 : -1}
    ><span class="visually-hidden">${[name, ...said].join('; ')}</span
    >${sides.map((side) => chips(reading, side, column[side]))}</span
  >`;
}

function chips(reading: Reading, side: Side, indices: readonly number[]): TemplateResult {
  const run = reading[side];
  return html`<span class="chips ${side}" aria-hidden="true"
    >${
      isMissing(run)
        ? nothing
        : indices.map((index) => {
            const token = run.tokens[index];
            return token
              ? html`<bdi
                  class=${isUnknown(token) ? 'chip unknown' : token.special ? 'chip special' : 'chip'}
                  title=${`${index}: ${token.piece} (${token.id})`}
                  >${visibleText(token)}</bdi
                >`
              : nothing;
          })
    }</span
  >`;
}
