import { type TemplateResult, html, nothing } from 'lit';
import type { ShownPicture } from '../../src/protocol/imagePage';
import { iconButton } from '../common/controls';
import { fill } from '../common/format';
import type { Store } from './store';
import type { Thumbnails } from './thumbnails';
import type { Verbs } from './verbs';

/** A small picture that opens its file. */
export function pictureButton(
  { id, name, path }: ShownPicture,
  label: string,
  thumbnails: Thumbnails,
  verbs: Verbs,
  tabIndex: number | null = null,
): TemplateResult {
  return html`<button
    type="button"
    class="thumb"
    title=${path}
    aria-label=${label === '' ? name : label}
    data-picture=${id}
    tabindex=${tabIndex ?? nothing}
    @click=${() => {
      verbs.use(id, 'open');
    }}
  >
    ${thumbnails.of(id)}<span class="codicon codicon-file-media" aria-hidden="true"></span>
  </button>`;
}

/** What else can be done with a picture. */
export function pictureVerbs(
  { id, name }: ShownPicture,
  { snapshot }: Store,
  verbs: Verbs,
  withTexts = true,
): TemplateResult {
  const { strings } = snapshot;
  return html`<span class="verbs"
    >${iconButton('eye', fill(strings.attention, name), () => {
      verbs.use(id, 'attention');
    })}${
      withTexts
        ? iconButton('comment', fill(strings.findText, name), () => {
            verbs.use(id, 'captions');
          })
        : nothing
    }</span
  >`;
}
