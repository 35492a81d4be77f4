import { type TemplateResult, html, svg } from 'lit';
import { type CausalExample, isMissing } from '../../src/protocol/compare';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import { sentences } from './names';
import type { Store } from './store';

const barHeight = 44;

/** Next-token prediction on the text: one loss per token, as bars over the tokens. */
export function causalView(
  store: Store,
  { tokens, losses, loss, perplexity }: CausalExample,
): TemplateResult {
  const { strings } = store;
  const scored = losses.filter((each) => each !== null);
  const most = Math.max(0.001, ...scored);
  return html`<p>
      ${sentences(
        store.snapshot.locale,
        fill(strings.causalSummary, loss.toFixed(2), scored.length, perplexity.toPrecision(3)),
        evenGuess(store),
      )}
    </p>
    <ol class="losses" tabindex="0" aria-label=${strings.lossesLabel}>
      ${tokens.map((token, index) => {
        const value = losses[index] ?? null;
        const height = value === null ? 0 : Math.max(1, (value / most) * barHeight);
        return html`<li title=${value === null ? strings.firstToken : `${value.toFixed(3)} nats`}>
          <svg viewBox=${`0 0 10 ${barHeight}`} preserveAspectRatio="none" aria-hidden="true">
            ${svg`<rect class="fill" y=${barHeight - height} width="10" height=${height}/>`}
          </svg>
          <span class="number">${value === null ? '–' : value.toFixed(1)}</span>
          <bdi class=${token.special ? 'chip special' : 'chip'}>${visibleText(token)}</bdi>
        </li>`;
      })}
    </ol>`;
}

/** What a model that knows nothing would pay, where the size of the vocabulary is known. */
function evenGuess(store: Store): string {
  const found = store.value('architecture')?.right;
  return found && !isMissing(found)
    ? fill(store.strings.evenGuess, found.vocabularySize, Math.log(found.vocabularySize).toFixed(2))
    : '';
}
