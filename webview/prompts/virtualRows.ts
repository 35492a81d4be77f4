import { type TemplateResult, html } from 'lit';

/** Rows of equal height, of which only those in view are in the page. */
export class VirtualRows {
  private first = 0;
  private last = 0;

  constructor(
    private readonly rowHeight: number,
    /** Pixels that the list takes at most. */
    private readonly maxHeight: number,
    private readonly redraw: () => void,
  ) {}

  draw(count: number, row: (index: number) => TemplateResult, label: string): TemplateResult {
    const { rowHeight, maxHeight } = this;
    const visible = Math.ceil(maxHeight / rowHeight) + 1;
    this.first = Math.max(0, Math.min(this.first, count - visible));
    this.last = Math.min(count, this.first + visible + 8);
    const rows: TemplateResult[] = [];
    for (let index = this.first; index < this.last; index++) {
      rows.push(row(index));
    }
    // SVG spacers: a height in a style attribute is what the content security policy forbids.
    const space = (rows: number): TemplateResult =>
      html`<svg class="space" width="1" height=${rows * rowHeight} aria-hidden="true"></svg>`;
    return html`<div
      class="virtual"
      role="rowgroup"
      tabindex="-1"
      aria-label=${label}
      @scroll=${(event: Event) => {
        const at = Math.max(0, Math.floor((event.target as HTMLElement).scrollTop / rowHeight) - 4);
        if (at !== this.first) {
          this.first = at;
          this.redraw();
        }
      }}
    >
      ${space(this.first)}${rows}${space(count - this.last)}
    </div>`;
  }

  /** Brings a row into view. */
  reveal(index: number, container: Element | null): void {
    if (container) {
      const top = index * this.rowHeight;
      if (top < container.scrollTop) {
        container.scrollTop = top;
      } else if (top + this.rowHeight > container.scrollTop + container.clientHeight) {
        container.scrollTop = top + this.rowHeight - container.clientHeight;
      }
    }
  }
}
