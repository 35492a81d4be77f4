import { type TemplateResult, html, nothing, render } from 'lit';
import type { Study } from '../../src/protocol/prompts';
import { button } from '../common/controls';
import { fill } from '../common/format';
import { MenuButton } from '../common/menu';
import { AnswersTable } from './answersTable';
import { DataView } from './dataView';
import { header, studyMenu } from './header';
import { InspectView } from './inspectView';
import { resultsView } from './resultsView';
import { HistoryView } from './historyView';
import { type Store, type Tab, tabs } from './store';
import { suiteMessage, taskList } from './suiteMessage';
import { taskForm } from './taskForm';
import type { Verbs } from './verbs';
import { WaysView } from './waysView';

const tabNames = { ask: 'tabAsk', data: 'tabData', results: 'tabResults', history: 'tabHistory' } as const;

/** The whole page, drawn anew at most once per frame. */
export class Page {
  private readonly ways: WaysView;
  private readonly data: DataView;
  private readonly answers: AnswersTable;
  private readonly inspector: InspectView;
  private readonly history: HistoryView;
  private readonly menu = new MenuButton('menu');
  private pending = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.ways = new WaysView(store, verbs);
    this.data = new DataView(store, verbs);
    this.answers = new AnswersTable(store, verbs);
    this.inspector = new InspectView(store);
    this.history = new HistoryView(store, verbs);
    store.onChange(() => {
      this.schedule();
    });
    document.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.schedule();
  }

  private schedule(): void {
    if (!this.pending) {
      this.pending = true;
      requestAnimationFrame(() => {
        this.pending = false;
        this.draw();
      });
    }
  }

  private draw(): void {
    const { store, verbs } = this;
    const { study, snapshot } = store;
    const { strings, locale, suite } = snapshot;
    document.body.lang = document.documentElement.lang = locale;
    document.title = suite?.name ?? strings.title;
    document.body.dataset['state'] = study ? 'ready' : suite?.problems.length ? 'broken' : 'empty';
    document.body.dataset['run'] = snapshot.progress.state;
    this.menu.update(strings.more, studyMenu(store, verbs));
    render(
      html`<main class="page">
        <h1 class="visually-hidden">${strings.title}</h1>
        ${
          study
            ? html`<header class="header">${header(store, study, verbs, this.menu)}</header>
                ${store.helpOpen ? html`<div class="help"><p>${strings.helpText}</p></div>` : nothing}
                ${this.tabRow(study)}
                ${store.notice === '' ? nothing : html`<p class="notice" role="status">${store.notice}</p>`}
                ${this.body(study)} ${this.inspector.draw()}`
            : suite
              ? suiteMessage(store, verbs, suite)
              : this.empty()
        }
      </main>`,
      this.root,
    );
  }

  private tabRow(study: Study): TemplateResult {
    const { store } = this;
    const { strings } = store.snapshot;
    const counts: Readonly<Record<Tab, string>> = {
      ask: '',
      data: ` ${study.task.examples.length} + ${study.task.items.length}`,
      results: '',
      history: '',
    };
    return html`<div class="page-tabs">
      <div role="tablist" aria-label=${strings.title}>
        ${tabs.map(
          (tab) =>
            html`<button
              type="button"
              role="tab"
              id=${`tab-${tab}`}
              aria-controls="panel"
              aria-selected=${String(store.tab === tab)}
              tabindex=${store.tab === tab ? '0' : '-1'}
              @click=${() => {
                store.show(tab);
              }}
              @keydown=${(event: KeyboardEvent) => {
                const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
                if (step !== undefined) {
                  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? 'ask';
                  store.show(next);
                  document.getElementById(`tab-${next}`)?.focus();
                }
              }}
            >
              ${strings[tabNames[tab]]}<span class="quiet">${counts[tab]}</span>
            </button>`,
        )}
      </div>
      <span class="grow"></span>
      ${this.taskPicker()}
    </div>`;
  }

  private taskPicker(): TemplateResult | typeof nothing {
    const { strings, tasks } = this.store.snapshot;
    if (tasks.length === 0) {
      return nothing;
    }
    return html`<select
      class="task-picker"
      aria-label=${strings.bundledTasks}
      @change=${(event: Event) => {
        const select = event.target as HTMLSelectElement;
        if (select.value !== '') {
          this.verbs.openTask(select.value);
          select.value = '';
        }
      }}
    >
      <option value="" selected>${strings.bundledTasks}…</option>
      ${tasks.map(({ id, title }) => html`<option value=${id}>${title}</option>`)}
    </select>`;
  }

  private body(study: Study): TemplateResult {
    const { store, verbs } = this;
    const { strings, summary, progress } = store.snapshot;
    const inside = {
      ask: () => html`${taskForm(store, study, verbs)} ${this.ways.draw(study)}`,
      data: () => this.data.draw(study),
      history: () => this.history.draw(study),
      results: () => {
        if (study.task.items.length === 0 || !summary) {
          return html`<p class="empty-results">${strings.noItems}</p>`;
        }
        const missing = summary.rows.reduce(
          (sum, row) => sum + row.numAsked - row.numDone + row.failures.error,
          0,
        );
        return html`<div class="row">
            ${
              progress.state !== 'idle'
                ? nothing
                : missing > 0
                  ? button(fill(strings.runItemsCount, missing), () => {
                      verbs.run('items');
                    })
                  : html`<span class="quiet">${strings.nothingToRun}</span>`
            }
          </div>
          ${resultsView(store, study, summary, verbs)} ${this.answers.draw(study)}`;
      },
    }[store.tab];
    return html`<div id="panel" role="tabpanel" aria-labelledby=${`tab-${store.tab}`} class="panel">
      ${inside()}
    </div>`;
  }

  private empty(): TemplateResult {
    const { strings } = this.store.snapshot;
    return html`<div class="message empty">
      <h2>${strings.emptyTitle}</h2>
      <p>${strings.emptyHint}</p>
      ${taskList(this.store, this.verbs)}
      <div class="row">
        ${button(
          strings.openStudy,
          () => {
            this.verbs.perform('openStudy');
          },
          true,
        )}
        ${button(
          strings.openSample,
          () => {
            this.verbs.perform('openSample');
          },
          true,
        )}
      </div>
    </div>`;
  }

  /** Undo belongs to the study, except inside a field, which has its own. */
  private onKey(event: KeyboardEvent): void {
    const { target } = event;
    const inField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    // A suite's undo is the editor's, which hears the key as well.
    const isOwn = !inField && !this.store.snapshot.suite;
    if ((event.ctrlKey || event.metaKey) && isOwn && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      this.verbs.undo(event.shiftKey);
    } else if (event.key === 'Escape' && !event.defaultPrevented) {
      const { store } = this;
      if (store.inspection || store.opened || store.editing) {
        store.inspection = null;
        store.opened = null;
        store.editing = null;
        store.changed();
      } else if (store.snapshot.progress.state !== 'idle') {
        this.verbs.stop();
      }
    }
  }
}
