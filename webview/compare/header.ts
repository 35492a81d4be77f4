import { type TemplateResult, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { type Side, compareParts } from '../../src/protocol/compare';
import type { ComparedText } from '../../src/protocol/compare';
import type { ModelSource } from '../../src/protocol/model';
import { button, iconButton, progressRing } from '../common/controls';
import { fill } from '../common/format';
import type { MenuButton, MenuItem } from '../common/menu';
import { partNames } from './names';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Which text, which models, what is being measured, and the verbs for the whole. */
export function header(store: Store, compared: ComparedText, verbs: Verbs, menu: MenuButton): TemplateResult {
  const { strings } = store;
  return html`${placePicker(store, compared, 'left', verbs)}
    ${iconButton('arrow-swap', strings.swap, () => {
      verbs.swap();
    })}
    ${placePicker(store, compared, 'right', verbs)}
    <span class="source quiet" title=${compared.text}>${sourceName(store, compared)}</span>
    ${progress(store, verbs)}
    <span class="verbs"
      >${iconButton(
        'edit',
        strings.editText,
        () => {
          store.editing = !store.editing;
          store.changed();
        },
        store.editing,
      )}
      ${menu.element}
      ${iconButton(
        'question',
        strings.help,
        () => {
          store.helpOpen = !store.helpOpen;
          store.changed();
        },
        store.helpOpen,
      )}</span
    >`;
}

function sourceName({ strings }: Store, { source }: ComparedText): string {
  const { name, startLine, endLine } = source;
  return startLine === endLine
    ? fill(strings.sourceLine, name, startLine)
    : fill(strings.sourceLines, name, startLine, endLine);
}

function placePicker(store: Store, compared: ComparedText, side: Side, verbs: Verbs): TemplateResult {
  const { strings, snapshot } = store;
  const placed = compared.models[side];
  const isPlaced = ({ id, folder }: ModelSource): boolean => id === placed.id && folder === placed.folder;
  const offered = snapshot.models.some(isPlaced) ? snapshot.models : [placed, ...snapshot.models];
  const value = String(offered.findIndex(isPlaced));
  return html`<span class="place ${side}">
    <span class="swatch ${side}" aria-hidden="true"></span>
    <select
      aria-label=${side === 'left' ? strings.leftModel : strings.rightModel}
      title=${placed.folder}
      .value=${live(value)}
      @change=${(event: Event) => {
        const select = event.target as HTMLSelectElement;
        verbs.place(side, offered[Number(select.value)] ?? null);
        // The host says when the model is in its place.
        select.value = value;
      }}
    >
      ${offered.map(
        (model, index) =>
          html`<option value=${index} ?selected=${String(index) === value}>${model.id}</option>`,
      )}
      <option value="other">${strings.anotherModel}</option>
    </select>
  </span>`;
}

function progress(store: Store, verbs: Verbs): TemplateResult | typeof nothing {
  const { strings, snapshot } = store;
  if (!snapshot.busy) {
    return nothing;
  }
  const running = compareParts.filter((part) => snapshot.parts[part].state === 'running');
  const done = compareParts.filter((part) => ['done', 'failed'].includes(snapshot.parts[part].state)).length;
  const names = running.map((part) => strings[partNames[part]]).join(', ');
  return html`<span class="progress" role="status"
      >${progressRing(strings.measuring)}
      ${fill(strings.progress, names === '' ? strings.measuring : names, done, compareParts.length)}</span
    >${button(
      strings.stop,
      () => {
        verbs.stop();
      },
      true,
    )}`;
}

/** The report, in each form and language. */
export function reportMenu(store: Store, verbs: Verbs): MenuItem[] {
  const { strings } = store;
  const item = (label: string, format: 'md' | 'html', language: 'en' | 'zh'): MenuItem => ({
    label,
    run: () => {
      void verbs.exportReport(format, language);
    },
  });
  return [
    item(strings.reportMarkdown, 'md', 'en'),
    item(strings.reportHtml, 'html', 'en'),
    item(strings.reportMarkdownZh, 'md', 'zh'),
    item(strings.reportHtmlZh, 'html', 'zh'),
  ];
}
