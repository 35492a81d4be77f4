import { type TemplateResult, html, nothing, render } from 'lit';
import { type ComparedText, compareParts } from '../../src/protocol/compare';
import { MenuButton } from '../common/menu';
import { onThemeChange } from '../common/theme';
import { ArchitecturePart } from './architecturePart';
import { BlanksView } from './blanksView';
import { emptyView } from './emptyView';
import { header, reportMenu } from './header';
import { historyView } from './historyView';
import { type Tab, tabs } from './look';
import { tabNames } from './names';
import { NotesView } from './notesView';
import { PretrainingView } from './pretrainingView';
import { ReadingView } from './readingView';
import { moveFocus } from './roving';
import type { Store } from './store';
import { textEditor } from './textEditor';
import { usesView } from './usesView';
import type { Verbs } from './verbs';

/** The whole page, drawn anew at most once per frame. */
export class Page {
  private readonly reading: ReadingView;
  private readonly blanks: BlanksView;
  private readonly pretraining: PretrainingView;
  private readonly architecture: ArchitecturePart;
  private readonly notes: NotesView;
  private readonly menu = new MenuButton('export');
  private pending = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.reading = new ReadingView(store, verbs);
    this.blanks = new BlanksView(store, verbs);
    this.pretraining = new PretrainingView(store, verbs);
    this.architecture = new ArchitecturePart(store, verbs);
    this.notes = new NotesView(store, verbs);
    const schedule = (): void => {
      this.schedule();
    };
    store.onChange(schedule);
    store.onLight(() => {
      this.light();
    });
    onThemeChange(() => {
      this.reading.newTheme();
      schedule();
    });
    new ResizeObserver(schedule).observe(root);
    this.followWords();
    document.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    schedule();
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
    const { store } = this;
    const { snapshot, strings } = store;
    const { compared, locale } = snapshot;
    document.body.lang = document.documentElement.lang = locale;
    document.title = strings.title;
    const marks = document.body.dataset;
    marks['state'] = compared ? 'ready' : 'empty';
    marks['busy'] = String(snapshot.busy);
    marks['tab'] = store.look.tab;
    for (const part of compareParts) {
      marks[part] = snapshot.parts[part].state;
    }
    this.menu.update(strings.exportReport, reportMenu(store, this.verbs));
    render(
      html`<main class="page">
        <h1 class="visually-hidden">${strings.title}</h1>
        ${compared ? this.comparison(compared) : emptyView(store, this.verbs)}
      </main>`,
      this.root,
    );
    const seen = compared && store.takeUntoldTab();
    if (seen) {
      this.verbs.tabShown(seen);
    }
    if (compared && store.look.tab === 'reading') {
      this.reading.paint();
    }
    this.light();
  }

  private comparison(compared: ComparedText): TemplateResult {
    const { store, verbs } = this;
    const { strings, notice, helpOpen, editing } = store;
    return html`<header class="header">${header(store, compared, verbs, this.menu)}</header>
      ${editing ? textEditor(store, compared.text, verbs) : nothing}
      ${helpOpen ? html`<div class="help"><p>${strings.helpText}</p></div>` : nothing} ${this.tabRow()}
      <p class="notice" role="status" ?hidden=${notice === ''}>${notice}</p>
      <div id="panel" role="tabpanel" aria-labelledby=${`tab-${store.look.tab}`} class="panel">
        ${this.body()}
      </div>
      ${this.notes.draw()}`;
  }

  private tabRow(): TemplateResult {
    const { store } = this;
    const { strings, look } = store;
    return html`<div class="page-tabs">
      <div
        role="tablist"
        aria-label=${strings.title}
        @keydown=${(event: KeyboardEvent) => {
          const tab = tabs[moveFocus(event) ?? -1];
          if (tab) {
            store.setLook({ tab });
          }
        }}
      >
        ${tabs.map(
          (tab) =>
            html`<button
              type="button"
              role="tab"
              data-stop
              id=${`tab-${tab}`}
              aria-controls="panel"
              aria-selected=${String(look.tab === tab)}
              .tabIndex=${look.tab === tab ? 0 : -1}
              @click=${() => {
                store.setLook({ tab });
              }}
            >
              ${strings[tabNames[tab]]}
            </button>`,
        )}
      </div>
    </div>`;
  }

  private body(): TemplateResult {
    const views: Readonly<Record<Tab, () => TemplateResult>> = {
      reading: () => this.reading.draw(),
      blanks: () => this.blanks.draw(),
      uses: () => usesView(this.store, this.verbs),
      pretraining: () => this.pretraining.draw(),
      architecture: () => this.architecture.draw(),
      history: () => historyView(this.store.snapshot),
    };
    return views[this.store.look.tab]();
  }

  /** Every element that stands for a word points at it when the pointer or the focus comes to it. */
  private followWords(): void {
    const wordOf = (target: EventTarget | null): number | null => {
      const found = target instanceof Element ? target.closest<HTMLElement>('[data-word]') : null;
      return found ? Number(found.dataset['word']) : null;
    };
    const point = (event: Event): void => {
      this.verbs.point(wordOf(event.target));
    };
    this.root.addEventListener('pointerover', point);
    this.root.addEventListener('focusin', point);
    this.root.addEventListener('pointerleave', () => {
      this.verbs.point(wordOf(document.activeElement));
    });
    this.root.addEventListener('focusout', (event) => {
      this.verbs.point(wordOf(event.relatedTarget));
    });
  }

  /** Marks the word that is pointed at, wherever it stands. */
  private light(): void {
    const { lit } = this.store;
    for (const element of this.root.querySelectorAll('.lit')) {
      element.classList.remove('lit');
    }
    if (lit !== null) {
      for (const element of this.root.querySelectorAll(`[data-word="${lit}"]`)) {
        element.classList.add('lit');
      }
    }
    if (this.store.look.tab === 'reading') {
      this.reading.light();
    }
  }

  private onKey(event: KeyboardEvent): void {
    const { store } = this;
    if (event.key === 'Escape' && !event.defaultPrevented) {
      if (store.helpOpen) {
        store.helpOpen = false;
        store.changed();
      } else if (store.snapshot.busy) {
        this.verbs.stop();
      }
    }
  }
}
