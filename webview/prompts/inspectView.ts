import { type TemplateResult, html, nothing, svg } from 'lit';
import type { CellInspection, PartShares } from '../../src/protocol/promptPage';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { iconButton, progressRing } from '../common/controls';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import { formatPercent, partNames, strategyName } from './names';
import type { Store } from './store';

/** How an answer came about: each token's probability and rivals, and where the answer looks. */
export class InspectView {
  private token = 0;
  private shown: CellInspection | null = null;

  constructor(private readonly store: Store) {}

  draw(): TemplateResult | typeof nothing {
    const { inspection, snapshot } = this.store;
    const { strings } = snapshot;
    if (!inspection) {
      return nothing;
    }
    const { found } = inspection;
    if (found !== this.shown) {
      this.shown = found;
      this.token = 0;
    }
    const title = fill(strings.inspectTitle, strategyName(inspection.cell.strategy, strings));
    return html`<section class="card inspect" aria-label=${title}>
      <header>
        <h3>${title}</h3>
        ${iconButton('close', strings.close, () => {
          this.store.inspection = null;
          this.store.changed();
        })}
      </header>
      ${
        found
          ? html`${this.tokens(found, strings)}${
              found.shares
                ? sharesView(found.shares, strings)
                : html`<p class="hint">${found.problem ?? strings.failed}</p>`
            }`
          : inspection.failed
            ? html`<p class="failure" role="alert">${strings.failed}</p>`
            : html`<p class="row">
                ${progressRing(strings.inspecting)}<span role="status">${strings.inspecting}</span>
              </p>`
      }
    </section>`;
  }

  private tokens({ tokens }: CellInspection, strings: PromptStrings): TemplateResult {
    const chosen = tokens[this.token];
    const choose = (index: number): void => {
      this.token = Math.max(0, Math.min(tokens.length - 1, index));
      this.store.changed();
    };
    return html`<div
        class="answer-tokens"
        role="listbox"
        tabindex="0"
        aria-label=${strings.answer}
        aria-activedescendant=${`answer-token-${this.token}`}
        title=${strings.tokenHint}
        @keydown=${(event: KeyboardEvent) => {
          const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            choose(this.token + step);
          }
        }}
      >
        ${tokens.map((token, index) => {
          const probability = Math.exp(token.logProbability);
          const text = visibleText(token);
          return html`<span
            role="option"
            id=${`answer-token-${index}`}
            aria-selected=${String(index === this.token)}
            class="answer-token level-${Math.min(4, Math.floor(probability * 5))}"
            title=${fill(strings.tokenProbability, text, (100 * probability).toFixed(1), (token.entropyBits ?? 0).toFixed(2))}
            @click=${() => {
              choose(index);
            }}
            >${text}</span
          >`;
        })}
      </div>
      ${
        chosen
          ? html`<h4>${fill(strings.alternatives, visibleText(chosen))}</h4>
              <p class="quiet">
                ${fill(
                  strings.tokenProbability,
                  visibleText(chosen),
                  (100 * Math.exp(chosen.logProbability)).toFixed(1),
                  (chosen.entropyBits ?? 0).toFixed(2),
                )}
              </p>
              <ul class="labels">
                ${chosen.alternatives.map(
                  ({ id, piece, text, probability }) =>
                    html`<li class=${id === chosen.id ? 'taken' : ''}>
                      <bdi>${visibleText({ piece, text })}</bdi>
                      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                        <rect width=${100 * probability} height="6" />
                      </svg>
                      <span>${(100 * probability).toFixed(1)}%</span>
                    </li>`,
                )}
              </ul>`
          : nothing
      }`;
  }
}

/** One row for the mean of all heads, then one per head: how its attention divides among the prompt's parts. */
function sharesView(found: PartShares, strings: PromptStrings): TemplateResult {
  const { parts, numLayers, numHeads } = found;
  const shares = new Float32Array(found.shares);
  const names = parts.map((part) => strings[partNames[part]]);
  const rowOf = (layer: number, head: number): readonly number[] =>
    parts.map((_, part) => shares[(layer * numHeads + head) * parts.length + part] as number);
  const heads = Array.from({ length: numLayers * numHeads }, (_, index) =>
    rowOf(Math.floor(index / numHeads), index % numHeads),
  );
  const means = parts.map(
    (_, part) => heads.reduce((sum, row) => sum + (row[part] as number), 0) / heads.length,
  );
  return html`<h4>${strings.sharesTitle}</h4>
    <p class="quiet">${strings.sharesHint}</p>
    <div class="legend">
      ${names.map((name, index) => html`<span><i class="swatch s${index % 8}"></i>${name}</span>`)}
    </div>
    <ul class="labels">
      ${means.map(
        (mean, part) =>
          html`<li>
            <bdi>${names[part]}</bdi>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect class="s${part % 8}" width=${100 * mean} height="6" />
            </svg>
            <span>${formatPercent(mean)}</span>
          </li>`,
      )}
    </ul>
    <div class="wide" tabindex="0" role="region" aria-label=${strings.sharesTitle}>
      <table class="heads">
        <tbody>
          ${Array.from(
            { length: numLayers },
            (_, layer) =>
              html`<tr>
                <th scope="row">${layer}</th>
                ${Array.from({ length: numHeads }, (__, head) => {
                  const row = rowOf(layer, head);
                  const best = row.indexOf(Math.max(...row));
                  const label = fill(
                    strings.sharesCell,
                    layer,
                    head,
                    formatPercent(row[best] ?? 0),
                    names[best] ?? '',
                  );
                  return html`<td title=${label}>${stack(row, label)}</td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function stack(row: readonly number[], label: string): TemplateResult {
  let from = 0;
  const rects = row.map((share, part) => {
    const x = from;
    from += 60 * share;
    return svg`<rect class="s${part % 8}" x=${x} width=${60 * share} height="14"/>`;
  });
  return html`<svg class="stack" viewBox="0 0 60 14" role="img" aria-label=${label}>${rects}</svg>`;
}
