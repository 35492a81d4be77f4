import { type TemplateResult, html, nothing } from 'lit';
import { faultyTemplates, parseLabels, parseTemplates } from '../../src/attention/labelList';
import type { LabelScore, ShownPicture } from '../../src/protocol/imagePage';
import { button } from '../common/controls';
import { fill, formatMilliseconds } from '../common/format';
import { pictureButton, pictureVerbs } from './pictureButton';
import { runRow, skippedList, textNotes } from './runRow';
import type { Store } from './store';
import type { Thumbnails } from './thumbnails';
import { TypedField } from './typedField';
import type { Verbs } from './verbs';

/** So many labels of a picture are shown at first. */
const firstLabels = 5;

/** Pictures and the labels that fit them. */
export class LabelsView {
  private readonly labels: TypedField;
  private readonly templates: TypedField;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
    private readonly thumbnails: Thumbnails,
  ) {
    const typed = (): void => {
      verbs.setLabels(this.labels.text, this.templates.text);
    };
    this.labels = new TypedField(4, parseLabels, typed);
    this.templates = new TypedField(4, parseTemplates, typed);
  }

  draw(): TemplateResult {
    const { store, verbs } = this;
    const { strings, labels: view } = store.snapshot;
    this.labels.update(strings.labels, strings.labelsHint, view.labels);
    this.templates.update(strings.templates, strings.templatesHint, view.templates);
    const faulty = faultyTemplates(view.templates);
    return html`<div class="fields">${this.labels.element} ${this.templates.element}</div>
      <div class="row">${this.examples()}</div>
      ${faulty.map(
        (template) =>
          html`<p class="notice failure" role="alert">
            <span class="codicon codicon-error" aria-hidden="true"></span> ${fill(strings.noHole, template)}
          </p>`,
      )}
      ${runRow(view.run, store, verbs)} ${textNotes(view.notes, store)}
      ${skippedList(view.skipped, view.skipped.length, store)}
      ${view.pictures.length === 0 ? this.empty() : this.pictures()}`;
  }

  private examples(): TemplateResult {
    const { strings, model, labels } = this.store.snapshot;
    const { verbs } = this;
    return html`${
      model?.hasExamples
        ? button(fill(strings.exampleLabels, model.id), () => void verbs.perform('exampleLabels'), true)
        : nothing
    }
    ${button(strings.exampleTemplates, () => void verbs.perform('exampleTemplates'), true)}
    ${button(strings.pickPictures, () => void verbs.perform('pickPictures'), true)}
    ${
      labels.results.length > 0
        ? button(strings.copyTable, () => void verbs.perform('copyTable'), true)
        : nothing
    }`;
  }

  private empty(): TemplateResult {
    const { strings } = this.store.snapshot;
    return html`<div class="message empty">
      <h2>${strings.noPicturesTitle}</h2>
      <p>${strings.noPicturesHint}</p>
      <div class="row">${button(strings.openSamples, () => void this.verbs.perform('openSamples'))}</div>
    </div>`;
  }

  private pictures(): TemplateResult {
    const { strings, labels: view } = this.store.snapshot;
    const { pictures, numOffered, milliseconds } = view;
    const results = new Map(view.results.map(({ id, scores }) => [id, scores]));
    return html`${view.labels.length === 0 ? html`<p class="notice">${strings.noLabelsHint}</p>` : nothing}
      ${
        numOffered > pictures.length
          ? html`<p class="notice">${fill(strings.limitedPictures, pictures.length, numOffered)}</p>`
          : nothing
      }
      ${
        milliseconds
          ? html`<p class="notice quiet figures">
              ${fill(
                strings.tookLabels,
                formatMilliseconds(milliseconds.texts),
                formatMilliseconds(milliseconds.pictures),
              )}
              · ${strings.scoresLegend}
            </p>`
          : nothing
      }
      <ul class="pictures ${pictures.length === 1 ? 'single' : ''}" aria-label=${strings.tabLabels}>
        ${pictures.map((picture) => this.card(picture, results.get(picture.id)))}
      </ul>`;
  }

  private card(picture: ShownPicture, scores: readonly LabelScore[] | undefined): TemplateResult {
    const { store, verbs, thumbnails } = this;
    const { strings } = store.snapshot;
    const label = fill(strings.open, picture.name);
    return html`<li class="card" data-name=${picture.name}>
      ${pictureButton(picture, label, thumbnails, verbs)}
      <div class="told">
        <div class="row head">
          <bdi class="name" title=${picture.path}>${picture.name}</bdi>${pictureVerbs(picture, store, verbs)}
        </div>
        ${scores ? this.scores(picture, scores) : nothing}
      </div>
    </li>`;
  }

  private scores({ id, name }: ShownPicture, scores: readonly LabelScore[]): TemplateResult {
    const { store } = this;
    const { strings } = store.snapshot;
    const isOpen = store.opened.has(id);
    const shown = isOpen ? scores : scores.slice(0, firstLabels);
    const more = scores.length - firstLabels;
    return html`<ul class="scores" aria-label=${name}>
        ${shown.map((score) => {
          const percent = (100 * score.probability).toFixed(1);
          return html`<li
            title=${fill(strings.probabilityTitle, score.label, (100 * score.probability).toFixed(2), score.cosine.toFixed(4), score.logit.toFixed(2))}
          >
            <bdi>${score.label}</bdi>${bar(score.probability)}<span class="number"
              >${fill(strings.percent, percent)}</span
            ><span class="number quiet">${score.cosine.toFixed(2)}</span>
          </li>`;
        })}
      </ul>
      ${
        more > 0
          ? html`<button
              type="button"
              class="link"
              aria-expanded=${String(isOpen)}
              @click=${() => {
                store.toggle(id);
              }}
            >
              ${isOpen ? strings.fewerLabels : fill(strings.otherLabels, more)}
            </button>`
          : nothing
      }`;
  }
}

/** A length from 0 to 1; the number stands beside it. */
export function bar(share: number): TemplateResult {
  return html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rail" width="100" height="6" />
    <rect class="fill" width=${100 * Math.max(0, Math.min(1, share))} height="6" />
  </svg>`;
}
