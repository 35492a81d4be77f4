import { type TemplateResult, html } from 'lit';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import type { ScalingCurve } from '../../src/protocol/comparePage';
import { scalingChart } from './scalingChart';
import { scalingLawsTable } from './scalingLawsTable';
import { timelineView } from './timelineView';
import { variantsTable } from './variantsTable';

export interface HistoryProps {
  readonly scaling: ScalingCurve | null;
  readonly strings: ArchitectureStrings;
  readonly locale: string;
}

/** Where the two models come from: a timeline, the published family, and loss against size. */
export function historyView({ scaling, strings, locale }: HistoryProps): TemplateResult {
  return html`<section aria-labelledby="hist-timeline">
      <h2 id="hist-timeline">${strings.histTimeline}</h2>
      ${timelineView(strings, locale)}
    </section>
    <section aria-labelledby="hist-variants">
      <h2 id="hist-variants">${strings.histVariants}</h2>
      ${variantsTable(strings, locale)}
    </section>
    <section aria-labelledby="hist-scaling">
      <h2 id="hist-scaling">${strings.histScaling}</h2>
      ${scalingChart(scaling, strings, locale)}
      <h3>${strings.histLaws}</h3>
      ${scalingLawsTable(strings)}
    </section>`;
}
