import type { InspectStrings } from '../../src/protocol/inspectStrings';
import type { InspectValues } from '../../src/protocol/inspectPage';
import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import { fill } from '../common/format';
import { paintOverview } from '../common/overviewPaint';
import { readTheme } from '../common/theme';

const gap = 2;
const largest = 56;

/** Every head of the model, small; one opens its layer in the visualizer. */
export class HeadMap {
  readonly element = element('button', 'head-map', { type: 'button' });
  private readonly canvas = element('canvas', '');
  private shape = { numLayers: 1, numHeads: 1, pitch: 1 };
  private strings: InspectStrings | undefined;

  constructor(open: (layer: number) => void) {
    this.element.append(this.canvas);
    this.element.addEventListener('click', (event) => {
      // From the keyboard there is no place; the first layer is as good as any.
      open(event.detail === 0 ? 0 : this.headAt(event).layer);
    });
    this.element.addEventListener('pointermove', (event) => {
      const { layer, head } = this.headAt(event);
      if (this.strings) {
        this.element.title = fill(this.strings.attentionTip, layer, head);
      }
    });
  }

  /** Draws once the element has its width. */
  paint(run: InspectValues['attention'], strings: InspectStrings): void {
    const { numLayers, numHeads, numTokens, thumbnails, model } = run;
    this.strings = strings;
    const label = fill(strings.attentionOf, numLayers, numHeads, model, numTokens);
    this.element.setAttribute('aria-label', `${strings.openAttention}: ${label}`);
    const width = this.element.clientWidth;
    if (width <= 0) {
      return;
    }
    const pitch = Math.max(4, Math.min(largest, Math.floor(width / numHeads)));
    this.shape = { numLayers, numHeads, pitch };
    const theme = readTheme();
    const ratio = window.devicePixelRatio || 1;
    const order = Array.from({ length: numLayers * numHeads }, (_, index) => index);
    const { data } = paintOverview({
      thumbnails,
      columns: numHeads,
      order,
      ramp: theme.ramp,
      pixels: Math.max(1, Math.round((pitch - gap) * ratio)),
      pitch: Math.round(pitch * ratio),
    });
    const context = prepareCanvas(this.canvas, pitch * numHeads, pitch * numLayers);
    context.fillStyle = theme.border;
    for (const index of order) {
      const x = (index % numHeads) * pitch;
      const y = Math.floor(index / numHeads) * pitch;
      context.fillRect(x, y, pitch - gap, pitch - gap);
    }
    this.putOpaque(context, data, ratio);
  }

  /** `putImageData` counts device pixels and leaves the gaps as they are only where the image is opaque. */
  private putOpaque(context: CanvasRenderingContext2D, data: ImageData, ratio: number): void {
    const { numLayers, numHeads, pitch } = this.shape;
    const cell = Math.max(1, Math.round((pitch - gap) * ratio));
    const step = Math.round(pitch * ratio);
    for (let layer = 0; layer < numLayers; layer++) {
      for (let head = 0; head < numHeads; head++) {
        context.putImageData(data, 0, 0, head * step, layer * step, cell, cell);
      }
    }
  }

  private headAt({ offsetX, offsetY }: MouseEvent): { layer: number; head: number } {
    const { numLayers, numHeads, pitch } = this.shape;
    const clamp = (value: number, count: number): number =>
      Math.max(0, Math.min(count - 1, Math.floor(value / pitch)));
    return { layer: clamp(offsetY, numLayers), head: clamp(offsetX, numHeads) };
  }
}
