import { type TemplateResult, html, nothing } from 'lit';
import { type FoundPicture, mostFound } from '../../src/protocol/imagePage';
import { button, iconButton } from '../common/controls';
import { fill, formatMilliseconds } from '../common/format';
import { pictureButton, pictureVerbs } from './pictureButton';
import { runRow, skippedList, textNotes } from './runRow';
import type { Store } from './store';
import type { Thumbnails } from './thumbnails';
import { TypedField } from './typedField';
import type { Verbs } from './verbs';

/** The pictures of a folder that fit a text. */
export class SearchView {
  private readonly query: TypedField;
  /** The card that the Tab key reaches. */
  private current = 0;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
    private readonly thumbnails: Thumbnails,
  ) {
    this.query = new TypedField(
      0,
      (text) => [text.trim()],
      () => {
        verbs.setQuery(this.query.text);
      },
    );
  }

  draw(): TemplateResult {
    const { store, verbs } = this;
    const { strings, search: view } = store.snapshot;
    this.query.update(strings.query, strings.queryHint, [view.query]);
    return html`<div class="row search-row"><div class="grow">${this.query.element}</div></div>
      ${view.folder ? this.folderRow(view.folder) : nothing} ${runRow(view.run, store, verbs)}
      ${view.isLimited ? html`<p class="notice">${fill(strings.limitedFolder, view.numPictures)}</p>` : nothing}
      ${textNotes(view.notes, store)} ${skippedList(view.skipped, view.numSkipped, store)} ${this.results()}`;
  }

  private folderRow(folder: { readonly name: string; readonly path: string }): TemplateResult {
    const { store, verbs } = this;
    const { strings, search: view } = store.snapshot;
    const { numAdded, numDropped, milliseconds } = view;
    return html`<div class="row">
      <span class="codicon codicon-folder" aria-hidden="true"></span>
      <bdi class="name" title=${folder.path}>${folder.name}</bdi>
      ${iconButton('refresh', strings.refreshFolder, () => void verbs.perform('refreshFolder'))}
      ${iconButton('folder-opened', strings.pickFolder, () => void verbs.perform('pickFolder'))}
      <span class="quiet figures"
        >${[
          fill(strings.indexed, view.numIndexed),
          ...(numAdded + numDropped > 0 ? [fill(strings.indexChanged, numAdded, numDropped)] : []),
          ...(milliseconds === null ? [] : [fill(strings.tookQuery, formatMilliseconds(milliseconds))]),
        ].join(' · ')}</span
      >
    </div>`;
  }

  private results(): TemplateResult | typeof nothing {
    const { strings, search: view } = this.store.snapshot;
    if (!view.folder) {
      return html`<div class="message empty">
        <h2>${strings.noFolderTitle}</h2>
        <p>${strings.noFolderHint}</p>
        <div class="row">
          ${button(strings.pickFolder, () => void this.verbs.perform('pickFolder'))}
          ${button(strings.openSamples, () => void this.verbs.perform('openSamples'), true)}
        </div>
      </div>`;
    }
    if (view.found.length > 0) {
      return this.grid(view.found);
    }
    if (view.run.state !== 'idle') {
      return nothing;
    }
    return view.numPictures === 0
      ? html`<div class="message empty">
          <h2>${strings.noPicturesInFolder}</h2>
          <div class="row">${button(strings.pickFolder, () => void this.verbs.perform('pickFolder'))}</div>
        </div>`
      : view.query === ''
        ? html`<p class="notice">${fill(strings.noQueryHint, view.numIndexed)}</p>`
        : nothing;
  }

  private grid(found: readonly FoundPicture[]): TemplateResult {
    const { strings } = this.store.snapshot;
    this.current = Math.min(this.current, found.length - 1);
    return html`<p class="notice quiet">
        ${strings.bestFirst} ${found.length === mostFound ? fill(strings.firstFound, mostFound) : nothing}
      </p>
      <ol class="found" aria-label=${strings.tabSearch}>
        ${found.map((each, index) => this.card(each, index))}
      </ol>`;
  }

  private card({ picture, cosine }: FoundPicture, index: number): TemplateResult {
    const { store, verbs, thumbnails } = this;
    const { strings } = store.snapshot;
    const label = fill(strings.cosineOf, picture.name, cosine.toFixed(3));
    return html`<li
      class="card"
      data-name=${picture.name}
      @keydown=${(event: KeyboardEvent) => {
        this.onKey(event, index, picture.id);
      }}
      @focusin=${(event: FocusEvent) => {
        // The verbs below are stops of their own: who walks over them has not left the picture.
        const isPicture = event.target instanceof Element && event.target.matches('.thumb');
        if (isPicture && this.current !== index) {
          this.current = index;
          store.changed();
        }
      }}
    >
      ${pictureButton(picture, label, thumbnails, verbs, index === this.current ? 0 : -1)}
      <bdi class="name" title=${picture.path}>${picture.name}</bdi>
      <div class="row head">
        <span class="number">${cosine.toFixed(3)}</span
        ><span class="grow"></span>${pictureVerbs(picture, store, verbs)}
      </div>
    </li>`;
  }

  private onKey(event: KeyboardEvent, index: number, id: number): void {
    const thumbs = [...document.querySelectorAll<HTMLElement>('.found .thumb')];
    if (!(event.target instanceof HTMLElement) || !event.target.classList.contains('thumb')) {
      return;
    }
    const perRow = columnsOf(thumbs);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow }[event.key];
    const next = step !== undefined ? index + step : { Home: 0, End: thumbs.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      thumbs[Math.max(0, Math.min(thumbs.length - 1, next))]?.focus();
    } else if (event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      this.verbs.use(id, 'attention');
    }
  }
}

/** How many of these stand in the first row. */
function columnsOf(elements: readonly HTMLElement[]): number {
  const top = elements[0]?.getBoundingClientRect().top;
  const below = elements.findIndex((each) => each.getBoundingClientRect().top !== top);
  return below < 0 ? elements.length : below;
}
