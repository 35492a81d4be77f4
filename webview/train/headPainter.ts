import { prepareCanvas } from '../common/canvas';
import { cssColor, rampIndex } from '../common/ramp';
import { type Theme, onThemeChange, readTheme } from '../common/theme';
import { headWeights, numMaps } from './heads';
import type { Store } from './store';

/** Room for the tokens at the left and above, in CSS pixels. */
const margin = 20;
const largestCell = { few: 22, many: 16 };

/** Draws the attention of every head into the canvases that `heads` made. */
export class HeadPainter {
  private theme: Theme = readTheme();

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
  ) {
    onThemeChange(() => {
      this.theme = readTheme();
      this.paint();
    });
  }

  paint(): void {
    const { tokens } = this.store.look;
    const room = Math.min(this.root.querySelector('.heads')?.clientWidth ?? 0, 640);
    const count = numMaps(this.store);
    const perRow = count === 1 ? 1 : count > 4 && room > 560 ? 4 : 2;
    const fitting = Math.floor((room - 12 * (perRow - 1)) / perRow - margin - 1);
    const most = count > 2 ? largestCell.many : largestCell.few;
    const size = Math.max(8, Math.min(most, Math.floor(fitting / tokens.length)));
    for (const canvas of this.root.querySelectorAll<HTMLCanvasElement>('.heads canvas')) {
      this.paintHead(canvas, size);
    }
    const legend = this.root.querySelector<HTMLCanvasElement>('.legend canvas');
    if (legend) {
      const context = prepareCanvas(legend, 128, 10);
      this.theme.ramp.colors.forEach((color, step) => {
        context.fillStyle = cssColor(color);
        context.fillRect(step / 2, 0, 1, 10);
      });
    }
  }

  private paintHead(canvas: HTMLCanvasElement, size: number): void {
    const { store, theme } = this;
    const { tokens } = store.look;
    const [layer, head] = [Number(canvas.dataset['layer']), Number(canvas.dataset['head'])];
    const weights = headWeights(store, layer, head);
    const side = margin + size * tokens.length + 1;
    canvas.dataset['cell'] = String(size);
    canvas.dataset['margin'] = String(margin);
    const context = prepareCanvas(canvas, side, side);
    const edge = (at: number): number => margin + at * size;
    tokens.forEach((_, query) => {
      tokens.forEach((__, key) => {
        const weight = weights[query * tokens.length + key] ?? 0;
        context.fillStyle = cssColor(theme.ramp.colors[rampIndex(weight, 1)]!);
        context.fillRect(edge(key), edge(query), size, size);
      });
    });
    context.strokeStyle = theme.border;
    context.lineWidth = 1;
    context.strokeRect(margin - 0.5, margin - 0.5, size * tokens.length + 1, size * tokens.length + 1);
    // Where the blanks begin.
    const border = edge(store.look.firstBlank) + 0.5;
    context.setLineDash([3, 3]);
    context.strokeStyle = theme.muted;
    context.beginPath();
    context.moveTo(margin, border);
    context.lineTo(side, border);
    context.moveTo(border, margin);
    context.lineTo(border, side);
    context.stroke();
    context.setLineDash([]);
    this.paintTokens(context, size);
    const { cell } = store;
    if (cell?.layer === layer && cell.head === head) {
      context.strokeStyle = theme.focus;
      context.lineWidth = 2;
      context.strokeRect(edge(cell.key), edge(cell.query), size, size);
    }
  }

  private paintTokens(context: CanvasRenderingContext2D, size: number): void {
    const { tokens, firstBlank } = this.store.look;
    const { theme } = this;
    context.font = `${Math.min(12, size)}px ${theme.font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    tokens.forEach((token, at) => {
      const middle = margin + (at + 0.5) * size;
      context.fillStyle = at < firstBlank ? theme.foreground : theme.muted;
      context.fillText(token, middle, margin / 2);
      context.fillText(token, margin / 2, middle);
    });
  }
}
