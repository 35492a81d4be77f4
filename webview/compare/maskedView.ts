import { type TemplateResult, html } from 'lit';
import type { MaskedExample } from '../../src/protocol/compare';
import { button } from '../common/controls';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import { formatPercent } from './names';
import type { Store } from './store';
import type { Verbs } from './verbs';

const treatmentNames = {
  masked: 'treatmentMasked',
  replaced: 'treatmentReplaced',
  kept: 'treatmentKept',
} as const;

/** One training example of masked language modelling: what was done to the text, and what the model answered. */
export function maskedView(store: Store, verbs: Verbs, example: MaskedExample): TemplateResult {
  const { strings } = store;
  const { tokens, chosen, seed, loss } = example;
  const count = (treatment: MaskedExample['chosen'][number]['treatment']): number =>
    chosen.filter((each) => each.treatment === treatment).length;
  const maskable = tokens.filter(({ special }) => !special).length;
  return html`<p>
      ${fill(
        strings.maskedSummary,
        seed,
        chosen.length,
        maskable,
        formatPercent(chosen.length / Math.max(1, maskable)),
        count('masked'),
        count('replaced'),
        count('kept'),
        chosen.filter(({ right }) => right).length,
        loss.toFixed(2),
      )}
    </p>
    <p>
      ${button(
        strings.maskAgain,
        () => {
          verbs.maskAgain();
        },
        true,
      )}
    </p>
    ${tokenLine(store, example)} ${answers(store, example)}
    <p class="quiet note">${strings.maskedRule}</p>`;
}

/** The text's tokens; where one was chosen, what the model saw stands under it. */
function tokenLine({ strings }: Store, { tokens, chosen }: MaskedExample): TemplateResult {
  const at = new Map(chosen.map((each) => [each.position, each]));
  return html`<ol class="columns example" tabindex="0" aria-label=${strings.maskedTokens}>
    ${tokens.map((token, index) => {
      const found = at.get(index);
      const own = html`<bdi class=${token.special ? 'chip special' : 'chip'}>${visibleText(token)}</bdi>`;
      return found
        ? html`<li class="column chosen ${found.treatment}">
            ${own}<span class="seen"
              ><span class="visually-hidden">${strings[treatmentNames[found.treatment]]}: </span
              ><bdi>${visibleText({ text: '', piece: found.shownPiece })}</bdi></span
            >
          </li>`
        : html`<li class="column">${own}</li>`;
    })}
  </ol>`;
}

function answers({ strings }: Store, { tokens, chosen }: MaskedExample): TemplateResult {
  return html`<div class="wide tall" tabindex="0" role="region" aria-label=${strings.maskedHeading}>
    <table class="masked-table">
      <thead>
        <tr>
          <th scope="col">${strings.position}</th>
          <th scope="col">${strings.token}</th>
          <th scope="col">${strings.treatment}</th>
          <th scope="col">${strings.shown}</th>
          <th scope="col">${strings.itsAnswer}</th>
          <th scope="col">${strings.loss}</th>
        </tr>
      </thead>
      <tbody>
        ${chosen.map(({ position, treatment, shownPiece, predicted, right, loss }) => {
          const token = tokens[position];
          return html`<tr>
            <td>${position}</td>
            <th scope="row"><bdi>${token ? visibleText(token) : ''}</bdi></th>
            <td>${strings[treatmentNames[treatment]]}</td>
            <td><bdi>${visibleText({ text: '', piece: shownPiece })}</bdi></td>
            <td>
              <span
                class="codicon codicon-${right ? 'pass-filled' : 'error'} ${right ? 'right' : 'wrong'}"
                role="img"
                aria-label=${right ? strings.correct : strings.incorrect}
              ></span>
              <bdi>${visibleText({ text: '', piece: predicted.piece })}</bdi>
              <span class="quiet">${formatPercent(predicted.probability)}</span>
            </td>
            <td>${loss.toFixed(2)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
