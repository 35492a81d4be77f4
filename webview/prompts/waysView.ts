import { type TemplateResult, html } from 'lit';
import { type Strategy, type Study, cellKey } from '../../src/protocol/prompts';
import type { InputCell } from '../../src/protocol/promptPage';
import { button } from '../common/controls';
import type { Store } from './store';
import type { Verbs } from './verbs';
import { wayCard } from './wayCard';

/** The grid of ways of asking about the input, and the row that adds one. */
export class WaysView {
  private next: Strategy = { shots: 3, reasoning: true, role: false, format: false };

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {}

  draw(study: Study): TemplateResult {
    const { store, verbs } = this;
    const { strings, inputCells, progress } = store.snapshot;
    const cells = new Map(inputCells.map((cell) => [cellKey(cell), cell]));
    const ids = [...new Set(inputCells.map((cell) => cell.strategy))];
    return html`<div class="row ways-head">
        <h2>${strings.ways}</h2>
        <span class="quiet grow">${templateHint(inputCells[0], store)}</span>
        ${
          progress.state === 'idle'
            ? button(strings.askAll, () => {
                verbs.run('input');
              })
            : ''
        }
      </div>
      <div class="ways">
        ${study.models.flatMap((model) => {
          const zeroShot = cells.get(cellKey({ strategy: 'zero-shot', item: -1, model: model.id }));
          return study.strategies.map((strategy, index) => {
            const id = ids[index] ?? '';
            const cell = cells.get(cellKey({ strategy: id, item: -1, model: model.id }));
            return cell && matches(strategy, id)
              ? wayCard(store, study, cell, strategy, zeroShot?.numTokens ?? null, verbs)
              : '';
          });
        })}
        ${this.adder(study)}
      </div>`;
  }

  private adder(study: Study): TemplateResult {
    const { strings } = this.store.snapshot;
    const { next } = this;
    const set = (change: Partial<Strategy>): void => {
      this.next = { ...this.next, ...change };
      this.store.changed();
    };
    const box = (name: 'reasoning' | 'role' | 'format', label: string): TemplateResult =>
      html`<label class="check"
        ><input
          type="checkbox"
          .checked=${next[name]}
          @change=${(event: Event) => {
            set({ [name]: (event.target as HTMLInputElement).checked });
          }}
        />${label}</label
      >`;
    return html`<section class="card adder" aria-label=${strings.addWay}>
      <header><h3>${strings.addWay}</h3></header>
      <label class="check"
        >${strings.shots}
        <input
          type="number"
          min="0"
          max="32"
          .value=${String(next.shots)}
          @change=${(event: Event) => {
            set({
              shots: Math.max(0, Math.min(32, Math.round(Number((event.target as HTMLInputElement).value)))),
            });
          }}
      /></label>
      ${box('reasoning', strings.chainOfThought)} ${box('role', strings.role)}
      ${box('format', strings.format)}
      ${button(
        strings.add,
        () => {
          this.verbs.edit({ strategies: [...study.strategies, this.next] });
        },
        true,
      )}
    </section>`;
  }
}

/** The page may be a step behind the host: a card is only drawn where the two agree. */
function matches({ shots, reasoning, role, format }: Strategy, id: string): boolean {
  const [base = '', ...parts] = id.split('+');
  const count = base === 'zero-shot' ? 0 : base === 'one-shot' ? 1 : Number(base.replace('few-shot-', ''));
  return (
    count === shots &&
    parts.includes('reasoning') === reasoning &&
    parts.includes('role') === role &&
    parts.includes('format') === format
  );
}

function templateHint(cell: InputCell | undefined, store: Store): string {
  const { strings } = store.snapshot;
  switch (cell?.prompt?.template) {
    case 'model':
      return strings.templateModel;
    case 'study':
      return strings.templateStudy;
    case 'messages':
      return strings.templateMessages;
    default:
      return '';
  }
}
