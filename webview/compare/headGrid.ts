import { type TemplateResult, html } from 'lit';
import type { AttentionRun } from '../../src/protocol/attention';
import type { CompareStrings } from '../../src/protocol/compareStrings';
import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import { fill } from '../common/format';
import { colorize, resample } from '../common/raster';
import type { Theme } from '../common/theme';
import { moveFocus } from './roving';

const gap = 2;

/** All heads of a model, small; picks the layer and head of both matrices. */
export class HeadGrid {
  private readonly canvas = element('canvas', '', { 'aria-hidden': 'true' });
  private painted = '';
  private paintedFor: unknown;

  constructor(private readonly pick: (layer: number, head: number) => void) {}

  draw(run: AttentionRun, layer: number, head: number, strings: CompareStrings): TemplateResult {
    const { numLayers, numHeads } = headsOf(run);
    return html`<div class="heads">
      ${this.canvas}
      <div
        class="head-buttons"
        role="radiogroup"
        aria-label=${fill(strings.allHeads, run.model.id)}
        @keydown=${(event: KeyboardEvent) => {
          const index = moveFocus(event, numHeads);
          if (index !== null) {
            this.pick(Math.floor(index / numHeads), index % numHeads);
          }
        }}
      >
        ${Array.from({ length: numLayers }, (_, row) =>
          Array.from({ length: numHeads }, (_each, column) => {
            const name = fill(strings.headName, row, column);
            const chosen = row === layer && column === head;
            return html`<button
              type="button"
              role="radio"
              data-stop
              title=${name}
              aria-label=${name}
              aria-checked=${String(chosen)}
              .tabIndex=${chosen ? 0 : -1}
              @click=${() => {
                this.pick(row, column);
              }}
            ></button>`;
          }),
        )}
      </div>
    </div>`;
  }

  /** Paints the pictures, each scaled to its own strongest weight, into the width of their place. */
  paint(run: AttentionRun, theme: Theme): void {
    const frame = this.canvas.parentElement;
    const { numLayers, numHeads } = headsOf(run);
    const width = frame?.parentElement?.clientWidth ?? 0;
    const ratio = window.devicePixelRatio || 1;
    const pitch = Math.max(8, Math.min(34, Math.floor(width / numHeads)));
    const key = `${run.runId} ${pitch} ${ratio}`;
    if (!frame || width <= 0 || (key === this.painted && this.paintedFor === theme)) {
      return;
    }
    [this.painted, this.paintedFor] = [key, theme];
    const context = prepareCanvas(this.canvas, pitch * numHeads, pitch * numLayers);
    const buttons = this.canvas.nextElementSibling as HTMLElement;
    buttons.style.gridTemplateColumns = `repeat(${numHeads}, ${pitch}px)`;
    buttons.style.gridAutoRows = `${pitch}px`;
    const pixels = Math.max(1, Math.round((pitch - gap) * ratio));
    const { size, data } = run.thumbnails;
    const source = new Uint8Array(data);
    const [from, to] = [
      { rows: size, columns: size },
      { rows: pixels, columns: pixels },
    ];
    const values = new Float32Array(pixels * pixels);
    for (let index = 0; index < numLayers * numHeads; index++) {
      resample(source, index * size * size, from, to, values);
      const strongest = values.reduce((max, value) => Math.max(max, value), 0);
      const image = new ImageData(pixels, pixels);
      colorize(values, to, strongest, theme.ramp.pixels, new Uint32Array(image.data.buffer), 0, pixels);
      const [x, y] = [(index % numHeads) * pitch, Math.floor(index / numHeads) * pitch];
      context.putImageData(image, Math.round(x * ratio), Math.round(y * ratio));
    }
  }
}

/** Of an encoder-decoder the numbers are those of the stack that is shown. */
export function headsOf(run: AttentionRun): { readonly numLayers: number; readonly numHeads: number } {
  return run.stacks?.[0] ?? run.model;
}
