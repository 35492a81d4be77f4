import { type TemplateResult, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Answer, Example, Item, Study } from '../../src/protocol/prompts';
import { button, iconButton } from '../common/controls';
import { fill } from '../common/format';
import type { Store } from './store';
import type { Verbs } from './verbs';
import { VirtualRows } from './virtualRows';

type Table = 'examples' | 'items';

const rowHeight = 30;

/** The examples that prompts show and the items that ways are tested on, as tables that can be typed into. */
export class DataView {
  private readonly rows: Readonly<Record<Table, VirtualRows>>;
  private readonly pasting: Record<Table, string | null> = { examples: null, items: null };

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    const redraw = (): void => {
      store.changed();
    };
    this.rows = {
      examples: new VirtualRows(rowHeight, 260, redraw),
      items: new VirtualRows(rowHeight, 320, redraw),
    };
  }

  draw(study: Study): TemplateResult {
    return html`${this.table(study, 'examples')} ${this.table(study, 'items')}`;
  }

  private table(study: Study, which: Table): TemplateResult {
    const { strings } = this.store.snapshot;
    const list: readonly (Example | Item)[] = study.task[which];
    const title = which === 'examples' ? strings.examples : strings.items;
    const pasted = this.pasting[which];
    return html`<section class="table ${which}" aria-label=${title}>
      <header>
        <h2>${title} <span class="quiet">${list.length}</span></h2>
        <span class="quiet grow">${which === 'examples' ? strings.examplesHint : strings.itemsHint}</span>
        ${iconButton('add', strings.addRow, () => {
          this.replace(study, which, [
            ...list,
            which === 'examples' ? { input: '', output: '' } : { input: '', expected: '' },
          ]);
        })}
        ${iconButton(
          'clippy',
          strings.paste,
          () => {
            this.pasting[which] = pasted === null ? '' : null;
            this.store.changed();
          },
          pasted !== null,
        )}
        ${
          list.length > 0
            ? iconButton('clear-all', strings.clearRows, () => {
                this.replace(study, which, []);
              })
            : nothing
        }
      </header>
      ${pasted === null ? nothing : this.pasteBox(which)}
      ${
        list.length === 0
          ? nothing
          : html`<div role="table" aria-label=${title} aria-rowcount=${list.length + 1}>
              <div role="row" class="data-row head">
                <span role="columnheader">${strings.input}</span>
                <span role="columnheader">${which === 'examples' ? strings.output : strings.expected}</span>
                ${
                  which === 'examples' ? html`<span role="columnheader">${strings.reasoning}</span>` : nothing
                }
                <span role="columnheader" class="narrow-column"
                  ><span class="visually-hidden">${strings.clearRows}</span></span
                >
              </div>
              ${this.rows[which].draw(list.length, (index) => this.row(study, which, index), title)}
            </div>`
      }
    </section>`;
  }

  private row(study: Study, which: Table, index: number): TemplateResult {
    const { strings } = this.store.snapshot;
    const list = study.task[which];
    const row = list[index] as Example & Item;
    const answer = which === 'examples' ? row.output : row.expected;
    const edit = (change: object): void => {
      this.replace(
        study,
        which,
        list.map((each, place) => (place === index ? { ...each, ...change } : each)),
      );
    };
    const cell = (label: string, value: string, onDone: (value: string) => void): TemplateResult =>
      html`<span role="cell"
        ><input
          type="text"
          dir="auto"
          aria-label=${`${label}, ${index + 1}`}
          .value=${live(value)}
          @change=${(event: Event) => {
            onDone((event.target as HTMLInputElement).value);
          }}
      /></span>`;
    return html`<div role="row" class="data-row" aria-rowindex=${index + 2}>
      ${cell(strings.input, row.input, (input) => {
        edit({ input });
      })}
      ${cell(which === 'examples' ? strings.output : strings.expected, shown(answer), (text) => {
        edit(
          which === 'examples'
            ? { output: meant(text) }
            : { expected: text === '' ? undefined : meant(text) },
        );
      })}
      ${
        which === 'examples'
          ? cell(strings.reasoning, row.reasoning ?? '', (reasoning) => {
              edit({ reasoning: reasoning === '' ? undefined : reasoning });
            })
          : nothing
      }
      <span role="cell" class="narrow-column"
        >${iconButton('trash', fill(strings.removeRow, index + 1), () => {
          this.replace(
            study,
            which,
            list.filter((_, place) => place !== index),
          );
        })}</span
      >
    </div>`;
  }

  private pasteBox(which: Table): TemplateResult {
    const { strings } = this.store.snapshot;
    return html`<div class="paste">
      <textarea
        rows="4"
        aria-label=${strings.paste}
        placeholder=${strings.pasteHint}
        .value=${this.pasting[which] ?? ''}
        @input=${(event: Event) => {
          this.pasting[which] = (event.target as HTMLTextAreaElement).value;
        }}
      ></textarea>
      ${button(strings.pasteRows, () => {
        const text = this.pasting[which] ?? '';
        this.pasting[which] = null;
        if (text.trim() === '') {
          this.store.changed();
        } else {
          void this.verbs.paste(which, text);
        }
      })}
    </div>`;
  }

  private replace(study: Study, which: Table, list: readonly object[]): void {
    // A field that is undefined must not travel as one.
    const clean = list.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)),
    );
    this.verbs.edit({ task: { ...study.task, [which]: clean } });
  }
}

/** Fields are typed as JSON. */
function shown(answer: Answer | undefined): string {
  return answer === undefined ? '' : typeof answer === 'string' ? answer : JSON.stringify(answer);
}

function meant(text: string): Answer {
  if (!text.trim().startsWith('{')) {
    return text;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    const flat =
      typeof parsed === 'object' &&
      parsed !== null &&
      Object.values(parsed).every((each) => typeof each === 'string' || typeof each === 'number');
    return flat ? (parsed as Answer) : text;
  } catch {
    return text;
  }
}
