import { type TemplateResult, html } from 'lit';
import { fill } from '../common/format';
import type { Store } from './store';
import { tokenName } from './texts';

/** Weights of one head: row-major `[positions, positions]`. */
export function headWeights({ look, shown }: Store, layer: number, head: number): Float32Array {
  const cells = look.tokens.length ** 2;
  const first = (layer * shown.settings.numHeads + head) * cells;
  // A page that has just chosen other settings still shows the run before them.
  return new Float32Array(look.attention).subarray(first, first + cells);
}

/** How many heads the attention on show has. */
export function numMaps({ look }: Store): number {
  return look.attention.byteLength / 4 / look.tokens.length ** 2;
}

/** A picture for every head; what is drawn in them is done by `HeadPainter`. */
export function heads(store: Store): TemplateResult {
  const { strings, settings } = store.shown;
  const count = numMaps(store);
  const perLayer = count / Math.max(1, Math.min(settings.numLayers, count));
  return html`<div class="heads" data-count=${count}>
    ${Array.from({ length: count }, (_, index) => {
      const [layer, head] = [Math.floor(index / perLayer), index % perLayer];
      const name = fill(strings.headName, layer + 1, head + 1);
      return html`<figure class="head">
        <figcaption>${name}</figcaption>
        <canvas
          tabindex="0"
          role="img"
          aria-label=${fill(strings.headSummary, name, summary(store, layer, head))}
          data-layer=${layer}
          data-head=${head}
          @pointermove=${(event: PointerEvent) => point(store, layer, head, event)}
          @pointerleave=${() => select(store, null)}
          @keydown=${(event: KeyboardEvent) => walk(store, layer, head, event)}
        ></canvas>
      </figure>`;
    })}
  </div>`;
}

/** What each blank looks at most: the picture in words. */
function summary(store: Store, layer: number, head: number): string {
  const { shown, look } = store;
  const { tokens, firstBlank } = look;
  const weights = headWeights(store, layer, head);
  const name = (at: number): string => tokenName(shown.strings, tokens, firstBlank, at);
  return tokens
    .slice(firstBlank)
    .map((_, blank) => {
      const query = firstBlank + blank;
      const row = weights.subarray(query * tokens.length, (query + 1) * tokens.length);
      const key = row.indexOf(Math.max(...row));
      return fill(shown.strings.looksAt, name(query), name(Math.max(0, key)), (row[key] ?? 0).toFixed(2));
    })
    .join('; ');
}

/** The cell that is pointed at, in words; empty without one. */
export function cellText(store: Store): string {
  const { shown, look, cell } = store;
  if (!cell) {
    return '';
  }
  const { strings } = shown;
  const { tokens, firstBlank } = look;
  const weight = headWeights(store, cell.layer, cell.head)[cell.query * tokens.length + cell.key];
  return fill(
    strings.cell,
    fill(strings.headName, cell.layer + 1, cell.head + 1),
    tokenName(strings, tokens, firstBlank, cell.query),
    tokenName(strings, tokens, firstBlank, cell.key),
    (weight ?? 0).toFixed(4),
  );
}

function select(store: Store, cell: Store['cell']): void {
  const { cell: before } = store;
  if (
    cell?.query !== before?.query ||
    cell?.key !== before?.key ||
    cell?.head !== before?.head ||
    cell?.layer !== before?.layer
  ) {
    store.cell = cell;
    store.changed();
  }
}

function point(store: Store, layer: number, head: number, event: PointerEvent): void {
  const canvas = event.currentTarget as HTMLCanvasElement;
  const size = Number(canvas.dataset['cell'] ?? 1);
  const margin = Number(canvas.dataset['margin'] ?? 0);
  const positions = store.look.tokens.length;
  const [key, query] = [event.offsetX, event.offsetY].map((offset) => Math.floor((offset - margin) / size));
  const isInside = (at: number | undefined): at is number => at !== undefined && at >= 0 && at < positions;
  select(store, isInside(query) && isInside(key) ? { layer, head, query, key } : null);
}

const arrows: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function walk(store: Store, layer: number, head: number, event: KeyboardEvent): void {
  const arrow = arrows[event.key];
  if (event.key === 'Escape') {
    select(store, null);
  }
  if (!arrow) {
    return;
  }
  event.preventDefault();
  const { cell, look } = store;
  const last = look.tokens.length - 1;
  const within = (at: number): number => Math.max(0, Math.min(last, at));
  const isHere = cell?.layer === layer && cell.head === head;
  // The first blank is what one wants to know about first.
  const [query, key] = isHere ? [cell.query + arrow[0], cell.key + arrow[1]] : [look.firstBlank, 0];
  select(store, { layer, head, query: within(query), key: within(key) });
}
