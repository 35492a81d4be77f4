/** The architecture and the history alone, as the comparison's page shows them, with data that the test gives. */
import { html, render } from 'lit';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import type { ScalingCurve } from '../../src/protocol/comparePage';
import type { ArchitectureColumn } from '../../webview/compare/architectureTable';
import { ArchitectureView } from '../../webview/compare/architectureView';
import { historyView } from '../../webview/compare/historyView';

export interface ArchitectureStart {
  readonly left: ArchitectureColumn;
  readonly right: ArchitectureColumn;
  readonly others: readonly ArchitectureColumn[];
  readonly scaling: ScalingCurve | null;
  readonly strings: ArchitectureStrings;
  readonly locale: string;
}

declare global {
  interface Window {
    architectureStart: ArchitectureStart;
    architectureCalls: string[];
  }
}

const { architectureStart: start } = window;
const calls: string[] = (window.architectureCalls = []);
const root = document.getElementById('root') as HTMLElement;
document.documentElement.lang = start.locale;

const view = new ArchitectureView(draw);

function draw(): void {
  const { left, right, others, strings, locale, scaling } = start;
  render(
    html`<main class="page">
      <h1 class="visually-hidden">Architecture</h1>
      ${view.draw({
        ...{ left, right, others, strings, locale },
        onOpen: (side, part, layer) => {
          calls.push(`open ${side} ${part} ${layer ?? '-'}`);
        },
        onAddColumn: () => {
          calls.push('add');
        },
        onRemoveColumn: (index) => {
          calls.push(`remove ${index}`);
        },
      })}
      ${historyView({ scaling, strings, locale })}
    </main>`,
    root,
  );
}

draw();
document.body.dataset['state'] = 'ready';
