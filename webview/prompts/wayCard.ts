import { type TemplateResult, html, nothing } from 'lit';
import type { InputCell } from '../../src/protocol/promptPage';
import { type Strategy, type Study, cellKey } from '../../src/protocol/prompts';
import { button, iconButton } from '../common/controls';
import { fill } from '../common/format';
import { answerView, thumbs } from './answerView';
import { useMenu } from './useMenu';
import { strategyName } from './names';
import { awayMarks, placeOf } from './modelPlace';
import { promptText } from './promptText';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** One way of asking: its prompt as sent, the answer, and what can be done with both. */
export function wayCard(
  store: Store,
  study: Study,
  cell: InputCell,
  strategy: Strategy,
  zeroShotTokens: number | null,
  verbs: Verbs,
): TemplateResult {
  const { strings } = store.snapshot;
  const name = strategyName(cell.strategy, strings);
  const running = isRunning(store, cell);
  const result = store.result(cell);
  const several = study.models.length > 1;
  return html`<section
    class="card"
    data-way=${cell.strategy}
    aria-label=${several ? `${name}, ${cell.model}` : name}
  >
    <header>
      <h3>
        ${name}${several ? html` <span class="quiet">${cell.model}</span> ${awayMarks(store, cell.model)}` : nothing}
      </h3>
      ${strategy.shots > 1 ? shotsStepper(study, strategy, store, verbs) : nothing}
      <span class="quiet count">${tokenCount(cell, zeroShotTokens, store)}</span>
      ${
        running
          ? iconButton('debug-stop', strings.stopAll, () => {
              verbs.stop();
            })
          : iconButton(result ? 'refresh' : 'play', result ? strings.askAgain : strings.ask, () => {
              verbs.run([address(cell)]);
            })
      }
      ${iconButton('close', strings.removeWay, () => {
        verbs.edit({ strategies: study.strategies.filter((each) => each !== strategy) });
      })}
    </header>
    ${promptOf(store, cell, verbs)}
    ${
      cell.shownExamples < strategy.shots
        ? html`<p class="hint">
            <span class="codicon codicon-info" aria-hidden="true"></span>${fill(
              strings.missingExamples,
              cell.shownExamples,
              strategy.shots,
            )}
            <button
              class="link"
              type="button"
              @click=${() => {
                store.show('data');
              }}
            >
              ${strings.addExamples}
            </button>
          </p>`
        : nothing
    }
    <div aria-live="polite" aria-busy=${String(running)}>
      ${answerView(store, address(cell), running, verbs)}
    </div>
    <footer>
      ${thumbs(store, cell, verbs)}
      ${
        result && result.error === undefined && placeOf(store, cell.model)?.canInspect === true
          ? html`${iconButton('eye', strings.attention, () => {
              verbs.attention(cell);
            })}${iconButton('graph', strings.probabilities, () => {
              void verbs.inspect(cell);
            })}`
          : nothing
      }
      <span class="grow"></span>
      ${
        store.editing?.key === cellKey(cell) || !cell.prompt
          ? nothing
          : iconButton('edit', strings.editPrompt, () => {
              store.editing = { key: cellKey(cell), text: cell.prompt?.text ?? '' };
              store.changed();
            })
      }
      ${cell.prompt ? useMenu(store, cell, verbs) : nothing}
    </footer>
  </section>`;
}

function promptOf(store: Store, cell: InputCell, verbs: Verbs): TemplateResult {
  const { strings } = store.snapshot;
  const { editing } = store;
  if (editing?.key === cellKey(cell)) {
    return html`<div class="prompt-editor">
      <textarea
        rows="8"
        aria-label=${strings.editPrompt}
        .value=${editing.text}
        @input=${(event: Event) => {
          store.editing = { key: editing.key, text: (event.target as HTMLTextAreaElement).value };
        }}
      ></textarea>
      <div class="row">
        ${button(strings.applyEdit, () => {
          verbs.editPrompt(cell, store.editing?.text ?? editing.text);
        })}
        ${button(
          strings.cancel,
          () => {
            store.editing = null;
            store.changed();
          },
          true,
        )}
      </div>
    </div>`;
  }
  if (cell.problem !== undefined) {
    return html`<p class="failure" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>${cell.problem}
    </p>`;
  }
  if (!cell.prompt) {
    return html`<p class="quiet">…</p>`;
  }
  return html`${promptText(cell.prompt, strings)}${
    cell.prompt.template === 'edited'
      ? html`<p class="hint">
          ${strings.templateEdited}
          <button
            class="link"
            type="button"
            @click=${() => {
              verbs.editPrompt(cell, null);
            }}
          >
            ${strings.discardEdit}
          </button>
        </p>`
      : nothing
  }`;
}

function shotsStepper(study: Study, strategy: Strategy, store: Store, verbs: Verbs): TemplateResult {
  const { strings } = store.snapshot;
  const change = (shots: number): void => {
    verbs.edit({
      strategies: study.strategies.map((each) => (each === strategy ? { ...each, shots } : each)),
    });
  };
  return html`<span class="stepper" role="group" aria-label=${strings.shots}
    >${iconButton('remove', strings.fewerShots, () => {
      change(Math.max(2, strategy.shots - 1));
    })}${iconButton('add', strings.moreShots, () => {
      change(Math.min(32, strategy.shots + 1));
    })}</span
  >`;
}

function tokenCount(cell: InputCell, zeroShotTokens: number | null, store: Store): string {
  const { strings } = store.snapshot;
  if (cell.numTokens === null) {
    return '';
  }
  const more = zeroShotTokens === null ? 0 : cell.numTokens - zeroShotTokens;
  return more > 0 ? fill(strings.moreTokens, cell.numTokens, more) : fill(strings.tokens, cell.numTokens);
}

function isRunning(store: Store, cell: InputCell): boolean {
  return store.isRunning(cell);
}

function address({ strategy, item, model }: InputCell): Pick<InputCell, 'strategy' | 'item' | 'model'> {
  return { strategy, item, model };
}
