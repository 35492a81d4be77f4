import { type TemplateResult, html, nothing, render } from 'lit';
import { type ImageModel, type ImageTab, imageTabs } from '../../src/protocol/imagePage';
import { button, iconButton } from '../common/controls';
import { fill } from '../common/format';
import { CaptionsView } from './captionsView';
import { LabelsView } from './labelsView';
import { SearchView } from './searchView';
import type { Store } from './store';
import type { Thumbnails } from './thumbnails';
import type { Verbs } from './verbs';

const tabNames = { labels: 'tabLabels', search: 'tabSearch', captions: 'tabCaptions' } as const;
const scaleNames = { graph: 'scaleGraph', config: 'scaleConfig', stated: 'scaleStated' } as const;

/** The whole page, drawn anew at most once per frame. */
export class Page {
  private readonly views: Readonly<Record<ImageTab, { draw(): TemplateResult }>>;
  private pending = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly verbs: Verbs,
    thumbnails: Thumbnails,
  ) {
    this.views = {
      labels: new LabelsView(store, verbs, thumbnails),
      search: new SearchView(store, verbs, thumbnails),
      captions: new CaptionsView(store, verbs, thumbnails),
    };
    store.onChange(() => {
      this.schedule();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented && store.run.state === 'working') {
        verbs.stop();
      }
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
    const { store } = this;
    const { strings, locale, tab } = store.snapshot;
    document.body.lang = document.documentElement.lang = locale;
    document.title = strings.title;
    document.body.dataset['state'] = 'ready';
    document.body.dataset['tab'] = tab;
    document.body.dataset['run'] = store.run.state;
    render(
      html`<main class="page">
        <h1 class="visually-hidden">${strings.title}</h1>
        <header class="header">${this.header()}</header>
        ${store.helpOpen ? html`<div class="help"><p>${strings.helpText}</p></div>` : nothing}
        ${this.tabRow()}
        ${store.notice === '' ? nothing : html`<p class="notice" role="status">${store.notice}</p>`}
        <div id="panel" role="tabpanel" aria-labelledby=${`tab-${tab}`} class="panel">
          ${this.views[tab].draw()}
        </div>
      </main>`,
      this.root,
    );
  }

  private header(): TemplateResult {
    const { store, verbs } = this;
    const { strings, model } = store.snapshot;
    return html`${model ? this.modelFacts(model) : nothing}
      <span class="grow"></span>
      ${iconButton('settings-gear', strings.chooseModel, () => void verbs.perform('chooseModel'))}
      ${iconButton(
        'question',
        strings.help,
        () => {
          store.helpOpen = !store.helpOpen;
          store.changed();
        },
        store.helpOpen,
      )}`;
  }

  private modelFacts(model: ImageModel): TemplateResult {
    const { strings } = this.store.snapshot;
    const { id, graphFiles, maxTokens, scale, insteadOf } = model;
    const graph = fill(strings.modelGraph, graphFiles.join(', '), maxTokens);
    return html`<strong title=${graph}>${id}</strong>
      <span class="quiet figures" title=${graph}
        >${strings[weightsOf(graphFiles[0] ?? '')]} ·
        ${fill(strings[scaleNames[scale.source]], scale.value.toFixed(1))}</span
      >
      ${
        insteadOf === null
          ? nothing
          : html`<span class="notice warning"
                ><span class="codicon codicon-warning" aria-hidden="true"></span>
                ${fill(strings.standsIn, insteadOf, id)}</span
              >
              ${button(strings.chooseModel, () => void this.verbs.perform('chooseModel'), true)}`
      }`;
  }

  private tabRow(): TemplateResult {
    const { store, verbs } = this;
    const { strings, tab: shown } = store.snapshot;
    return html`<div class="page-tabs">
      <div role="tablist" aria-label=${strings.title}>
        ${imageTabs.map(
          (tab) =>
            html`<button
              type="button"
              role="tab"
              id=${`tab-${tab}`}
              aria-controls="panel"
              aria-selected=${String(shown === tab)}
              tabindex=${shown === tab ? '0' : '-1'}
              @click=${() => {
                verbs.showTab(tab);
              }}
              @keydown=${(event: KeyboardEvent) => {
                const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
                if (step !== undefined) {
                  const next =
                    imageTabs[(imageTabs.indexOf(tab) + step + imageTabs.length) % imageTabs.length];
                  verbs.showTab(next ?? tab);
                  document.getElementById(`tab-${next}`)?.focus();
                }
              }}
            >
              ${strings[tabNames[tab]]}
            </button>`,
        )}
      </div>
    </div>`;
  }
}

/** The precision of a graph, by the names that exporters give their files. */
function weightsOf(graphFile: string): 'weightsInt8' | 'weightsHalf' | 'weightsFour' | 'weightsFull' {
  if (/_(quantized|int8|uint8)\./.test(graphFile)) {
    return 'weightsInt8';
  }
  if (/_(q4|bnb4|q4f16)\./.test(graphFile)) {
    return 'weightsFour';
  }
  return /_fp16\./.test(graphFile) ? 'weightsHalf' : 'weightsFull';
}
