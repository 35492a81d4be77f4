import { type TemplateResult, html, nothing } from 'lit';
import { flickers, foldAnswers } from '../../src/protocol/foldAnswers';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { type CellAddress, type CellResult, type Study, promptKey } from '../../src/protocol/prompts';
import { iconButton } from '../common/controls';
import { element } from '../common/element';
import { fill } from '../common/format';
import { answerView, thumbs } from './answerView';
import { failureNames, strategyName } from './names';
import { ignoredText, placeOf, placeText } from './modelPlace';
import { promptText } from './promptText';
import type { Store } from './store';
import { useMenu } from './useMenu';
import type { Verbs } from './verbs';
import { VirtualRows } from './virtualRows';

const rowHeight = 28;

/** Every answer: items down, ways across; one of them can be opened. */
export class AnswersTable {
  private readonly rows: VirtualRows;
  /** Where the keyboard is. */
  private at = { row: 0, column: 0 };

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.rows = new VirtualRows(rowHeight, 360, () => {
      store.changed();
    });
  }

  draw(study: Study): TemplateResult {
    const { store } = this;
    const { strings } = store.snapshot;
    const columns = this.columns(study);
    const items = this.items(study, columns);
    return html`<section class="answers" aria-label=${strings.cells}>
      <header>
        <h2>${strings.cells} <span class="quiet">${items.length}</span></h2>
        <span class="quiet grow">${strings.cellsHint}</span>
        <span class="tabs" role="group" aria-label=${strings.showCells}>
          ${[false, true].map(
            (only) =>
              html`<button
                type="button"
                aria-pressed=${String(store.failuresOnly === only)}
                @click=${() => {
                  store.failuresOnly = only;
                  store.changed();
                }}
              >
                ${only ? strings.showFailures : strings.showAll}
              </button>`,
          )}
        </span>
      </header>
      <div
        role="grid"
        class="answer-grid"
        data-columns=${Math.min(columns.length, 12)}
        aria-label=${strings.cells}
        aria-rowcount=${items.length + 1}
        @keydown=${(event: KeyboardEvent) => {
          this.onKey(event, items, columns);
        }}
      >
        <div role="row" class="answer-row head">
          <span role="columnheader">${strings.item}</span>
          ${columns.map(({ strategy, model }) => {
            const name = strategyName(strategy, strings);
            const title = study.models.length > 1 ? `${name}, ${model}` : name;
            const notes = [placeText(store, model), ignoredText(store, model)].filter((note) => note !== '');
            return html`<span role="columnheader" title=${[title, ...notes].join('\n')}
              >${headMark(store, model)}${title}</span
            >`;
          })}
        </div>
        ${this.rows.draw(items.length, (index) => this.row(study, items, columns, index), strings.cells)}
      </div>
      ${this.detail(study)}
    </section>`;
  }

  private columns(study: Study): { strategy: string; model: string }[] {
    return study.models.flatMap(({ id }) =>
      (this.store.snapshot.summary?.rows ?? [])
        .filter((row) => row.model === id)
        .map(({ strategy, model }) => ({ strategy, model })),
    );
  }

  private items(study: Study, columns: readonly { strategy: string; model: string }[]): number[] {
    const all = study.task.items.map((_, item) => item);
    return this.store.failuresOnly
      ? all.filter((item) =>
          columns.some((column) => {
            return this.store.repeats({ ...column, item }).some(({ failure }) => failure !== null);
          }),
        )
      : all;
  }

  private row(
    study: Study,
    items: readonly number[],
    columns: readonly { strategy: string; model: string }[],
    index: number,
  ): TemplateResult {
    const item = items[index] as number;
    const { strings } = this.store.snapshot;
    const input = study.task.items[item]?.input ?? '';
    return html`<div role="row" class="answer-row" aria-rowindex=${index + 2}>
      <span role="rowheader" title=${input} dir="auto">${item + 1}. ${input}</span>
      ${columns.map((column, place) => {
        const cell = { ...column, item };
        const results = this.store.repeats(cell);
        const text = said(this.store, cell, results);
        const open = this.store.opened !== null && promptKey(this.store.opened.cell) === promptKey(cell);
        const here = this.at.row === index && this.at.column === place;
        return html`<button
          role="gridcell"
          type="button"
          tabindex=${here ? '0' : '-1'}
          class="answer-cell ${stateOf(results)} ${open ? 'open' : ''}"
          data-at=${`${index}/${place}`}
          aria-label=${`${fill(strings.cellOpen, item + 1, strategyName(column.strategy, strings))}: ${text}${timesText(results, strings)}`}
          @focus=${() => {
            this.at = { row: index, column: place };
          }}
          @click=${() => {
            void this.verbs.open(cell);
          }}
        >
          ${icon(results)}<bdi>${text}</bdi> ${times(results)}
        </button>`;
      })}
    </div>`;
  }

  private onKey(event: KeyboardEvent, items: readonly number[], columns: readonly unknown[]): void {
    const step = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-10, 0],
      PageDown: [10, 0],
      Home: [-items.length, 0],
      End: [items.length, 0],
    }[event.key];
    if (!step) {
      return;
    }
    event.preventDefault();
    const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
    this.at = {
      row: clamp(this.at.row + (step[0] as number), items.length),
      column: clamp(this.at.column + (step[1] as number), columns.length),
    };
    const grid = event.currentTarget as HTMLElement;
    this.rows.reveal(this.at.row, grid.querySelector('.virtual'));
    this.store.changed();
    // The row may only now be in the page.
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        grid.querySelector<HTMLElement>(`[data-at="${this.at.row}/${this.at.column}"]`)?.focus();
      });
    });
  }

  private detail(study: Study): TemplateResult | typeof nothing {
    const { store, verbs } = this;
    const { opened } = store;
    const { strings } = store.snapshot;
    if (!opened) {
      return nothing;
    }
    const { cell, prompt } = opened;
    const result = store.result(cell);
    const expected = study.task.items[cell.item]?.expected;
    return html`<section class="card detail" aria-label=${fill(strings.itemNumber, cell.item + 1)}>
      <header>
        <h3>
          ${fill(strings.itemNumber, cell.item + 1)} · ${strategyName(cell.strategy, strings)}
          <span class="quiet">${study.models.length > 1 ? cell.model : ''}</span>
        </h3>
        ${thumbs(store, cell, verbs)}
        ${iconButton(result ? 'refresh' : 'play', result ? strings.askAgain : strings.ask, () => {
          verbs.run([cell]);
        })}
        ${
          result && result.error === undefined && placeOf(store, cell.model)?.canInspect === true
            ? html`${iconButton('eye', strings.attention, () => {
                verbs.attention(cell);
              })}${iconButton('graph', strings.probabilities, () => {
                void verbs.inspect(cell);
              })}`
            : nothing
        }
        ${useMenu(store, cell, verbs)}
        ${iconButton('close', strings.close, () => {
          store.opened = null;
          store.changed();
        })}
      </header>
      ${prompt ? promptText(prompt, strings) : html`<p class="quiet">…</p>`}
      ${answerView(store, cell, isRunning(store, cell), verbs)}
      ${
        expected === undefined
          ? nothing
          : html`<p class="quiet">
              ${strings.expected}: ${typeof expected === 'string' ? expected : JSON.stringify(expected)}
            </p>`
      }
    </section>`;
  }
}

/** Before a column's name: that its texts leave this computer, and that something is ignored there. */
function headMark(store: Store, model: string): TemplateResult | typeof nothing {
  const place = placeOf(store, model);
  const isElsewhere = place !== undefined && place.host !== null;
  const mark = (name: string): TemplateResult =>
    html`<span class=${`codicon codicon-${name}`} aria-hidden="true"></span> `;
  return isElsewhere || ignoredText(store, model) !== ''
    ? html`${isElsewhere ? mark('cloud-upload') : nothing}${
        ignoredText(store, model) === '' ? nothing : mark('warning')
      }`
    : nothing;
}

function isRunning(store: Store, cell: CellAddress): boolean {
  return store.isRunning(cell);
}

/** Of all answers to the same prompt. */
function stateOf(results: readonly CellResult[]): keyof typeof icons {
  return results.length === 0
    ? 'none'
    : flickers(results)
      ? 'flicker'
      : results.some(({ pass }) => pass === true)
        ? 'pass'
        : results.some(({ failure }) => failure !== null)
          ? 'fail'
          : 'open-verdict';
}

const icons = { none: '', pass: 'check', fail: 'x', flicker: 'pulse', 'open-verdict': 'question' } as const;

function icon(results: readonly CellResult[]): HTMLElement | typeof nothing {
  const name = icons[stateOf(results)];
  return name ? element('span', `codicon codicon-${name}`, { 'aria-hidden': 'true' }) : nothing;
}

/** The commonest answer. */
function said(store: Store, cell: CellAddress, results: readonly CellResult[]): string {
  const { strings } = store.snapshot;
  const result = foldAnswers(results)[0]?.results[0];
  if (!result) {
    return isRunning(store, cell) ? '…' : '';
  }
  return (
    result.answer ?? (result.failure === null ? result.output.trim() : strings[failureNames[result.failure]])
  );
}

/** How many of the answers say the same as the one that is shown. */
function times(results: readonly CellResult[]): TemplateResult | typeof nothing {
  const count = foldAnswers(results)[0]?.results.length ?? 0;
  return results.length < 2 ? nothing : html`<span class="times">${count}/${results.length}</span>`;
}

function timesText(results: readonly CellResult[], strings: PromptStrings): string {
  const count = foldAnswers(results)[0]?.results.length ?? 0;
  return results.length < 2
    ? ''
    : ` ${count}/${results.length}${flickers(results) ? `, ${strings.flickers}` : ''}`;
}
