import { type TemplateResult, html, nothing } from 'lit';

export interface Bar {
  readonly label: string;
  /** Of the bar's length, 0 to 1. */
  readonly share: number;
  readonly value: string;
  readonly title?: string;
  /** The one that stands in the text, or was right. */
  readonly marked?: boolean;
}

/** A list of bars: name, length, number. The numbers are the text equivalent. */
export function barList(
  bars: readonly Bar[],
  label: string,
  kind: 'left' | 'right' | '' = '',
): TemplateResult {
  return html`<ul class="bars ${kind}" aria-label=${label}>
    ${bars.map(
      (bar) =>
        html`<li class=${bar.marked ? 'marked' : ''} title=${bar.title ?? nothing}>
          <bdi>${bar.label}</bdi>${barPicture(bar.share)}<span>${bar.value}</span>
        </li>`,
    )}
  </ul>`;
}

/** A bar alone, for cells of tables. */
export function barPicture(share: number): TemplateResult {
  const width = 100 * Math.max(0, Math.min(1, share));
  return html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="fill" width=${width} height="6" />
  </svg>`;
}
