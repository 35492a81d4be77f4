import { prepareCanvas } from '../common/canvas';
import { element } from '../common/element';
import { fill, formatWeight } from '../common/format';
import { cssColor } from '../common/ramp';
import type { Theme } from '../common/theme';
import type { Store } from './store';

/** The colour scale with its honest ends: 0 and the strongest weight on show. */
export class Legend {
  readonly element = element('div', 'legend');
  private readonly canvas = element('canvas', '', { 'aria-hidden': 'true' });
  private readonly text = element('span', '');

  constructor(private readonly store: Store) {
    this.element.append(this.canvas, this.text);
  }

  draw(theme: Theme, max: number): void {
    const { snapshot } = this.store;
    const context = prepareCanvas(this.canvas, 72, 10);
    const gradient = context.createLinearGradient(0, 0, 72, 0);
    for (let step = 0; step <= 15; step++) {
      gradient.addColorStop(step / 15, cssColor(theme.ramp.colors[step * 17] ?? [0, 0, 0]));
    }
    context.fillStyle = gradient;
    context.fillRect(0, 0, 72, 10);
    context.strokeStyle = theme.muted;
    context.strokeRect(0.5, 0.5, 71, 9);
    this.text.textContent = fill(snapshot.strings.legend, formatWeight(max));
  }
}
