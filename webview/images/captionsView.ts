import { type TemplateResult, html, nothing } from 'lit';
import type { FoundText } from '../../src/protocol/imagePage';
import { button } from '../common/controls';
import { fill, formatMilliseconds } from '../common/format';
import { bar } from './labelsView';
import { pictureButton, pictureVerbs } from './pictureButton';
import { runRow, textNotes } from './runRow';
import type { Store } from './store';
import type { Thumbnails } from './thumbnails';
import { TypedField } from './typedField';
import type { Verbs } from './verbs';

/** One picture, and the texts in the order in which they fit it. */
export class CaptionsView {
  private readonly texts: TypedField;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
    private readonly thumbnails: Thumbnails,
  ) {
    this.texts = new TypedField(
      6,
      (text) => text.split(/[\r\n]+/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
      () => {
        verbs.setCaptions(this.texts.text);
      },
    );
  }

  draw(): TemplateResult {
    const { store, verbs, thumbnails } = this;
    const { strings, captions: view } = store.snapshot;
    const { picture, texts, source, numOffered } = view;
    this.texts.update(
      source === null ? strings.captions : fill(strings.linesOf, source),
      strings.captionsHint,
      texts,
    );
    return html`<div class="caption-fields">
        ${
          picture
            ? html`<div class="card">
                ${pictureButton(picture, fill(strings.open, picture.name), thumbnails, verbs)}
                <div class="row head">
                  <bdi class="name" title=${picture.path}>${picture.name}</bdi
                  >${pictureVerbs(picture, store, verbs, false)}
                </div>
              </div>`
            : nothing
        }
        <div class="typed">
          ${this.texts.element}
          <div class="row">
            ${button(strings.useDocument, () => void verbs.perform('useDocument'), true)}
            ${button(strings.pickPicture, () => void verbs.perform('pickPicture'), true)}
          </div>
        </div>
      </div>
      ${runRow(view.run, store, verbs)}
      ${
        numOffered > texts.length
          ? html`<p class="notice">${fill(strings.limitedLines, texts.length, numOffered)}</p>`
          : nothing
      }
      ${textNotes(view.notes, store)} ${picture ? this.results() : this.empty()}`;
  }

  private empty(): TemplateResult {
    const { strings } = this.store.snapshot;
    return html`<div class="message empty">
      <h2>${strings.noPictureTitle}</h2>
      <p>${strings.noPictureHint}</p>
      <div class="row">${button(strings.openSamples, () => void this.verbs.perform('openSamples'))}</div>
    </div>`;
  }

  private results(): TemplateResult {
    const { strings, captions: view } = this.store.snapshot;
    const { found, texts, milliseconds } = view;
    return html`${texts.length === 0 ? html`<p class="notice">${strings.noCaptionsHint}</p>` : nothing}
      ${
        milliseconds === null
          ? nothing
          : html`<p class="notice quiet figures">
              ${fill(strings.tookCaptions, texts.length, formatMilliseconds(milliseconds))}
            </p>`
      }
      <ol class="scores ranked" aria-label=${strings.captions}>
        ${found.map((each) => this.text(each))}
      </ol>`;
  }

  private text({ index, text, cosine, line }: FoundText): TemplateResult {
    const { strings } = this.store.snapshot;
    return html`<li>
      <bdi title=${text}>${text}</bdi>${bar(cosine)}<span class="number">${cosine.toFixed(3)}</span>
      ${
        line === null
          ? html`<span></span>`
          : html`<button
              type="button"
              class="link"
              title=${fill(strings.showLine, line)}
              @click=${() => {
                this.verbs.showText(index);
              }}
            >
              ${fill(strings.line, line)}
            </button>`
      }
    </li>`;
  }
}
