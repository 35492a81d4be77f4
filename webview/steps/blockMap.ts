import { type TemplateResult, html, nothing, svg } from 'lit';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { PartName } from '../common/stepsPart';
import type { BlockPart } from './blockParts';

/** Sizes in pixels: the parts are buttons, the lines between them a drawing behind. */
const row = 34;
const tall = 24;
const left = 12;
const wide = 132;
const width = 168;

/** The layer as a picture of its parts, top to bottom, each a button that opens its step. */
export function blockMap(
  parts: readonly BlockPart[],
  current: PartName,
  strings: AttentionStrings,
  open: (part: PartName) => void,
): TemplateResult {
  const height = parts.length * row + 6;
  const middle = (place: number): number => place * row + row / 2;
  const centre = left + wide / 2;
  return html`<nav
    class="block-map"
    aria-label=${strings.stepsMap}
    .style="height:${height}px;width:${width}px"
  >
    <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} aria-hidden="true">
      <rect
        class="frame"
        x=${left - 9}
        y=${row + 1}
        width=${wide + 28}
        height=${height - row - 5}
        rx="6"
      ></rect>
      <path class="flow" d="M${centre} ${middle(0)} V${height}"></path>
      ${parts.map(({ around, look }, place) =>
        around === undefined
          ? look === 'attention' && parts[place]?.name === 'weights:cross'
            ? svg`<path class="flow" d="M0 ${middle(place)} H${left}"></path>
                <path class="tip" d="M${left} ${middle(place)} l-6 -4 v8 z"></path>`
            : nothing
          : svg`<path
                class="around"
                d="M${centre} ${around * row + 1} H${left + wide + 12} V${middle(place)} H${left + wide}"
              ></path>
              <path class="tip" d="M${left + wide} ${middle(place)} l6 -4 v8 z"></path>`,
      )}
    </svg>
    ${parts.map(
      ({ name, label, look }, place) =>
        html`<button
          type="button"
          class="part ${look}"
          data-part=${name}
          .style="top:${middle(place) - tall / 2}px;left:${left}px;width:${wide}px"
          title=${name === 'weights:cross' ? `${label} (${strings.stepsFromEncoder})` : label}
          aria-current=${name === current ? 'step' : 'false'}
          @click=${() => {
            open(name);
          }}
        >
          ${look === 'add' ? html`<span aria-hidden="true">⊕</span> ` : nothing}${label}
        </button>`,
    )}
  </nav>`;
}
