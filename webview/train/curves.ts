import { type TemplateResult, html, nothing } from 'lit';
import { fill } from '../common/format';
import { type PlotLine, plot, smoothed, thinned } from './plot';
import type { Store } from './store';
import { percent, runText } from './texts';

/** The axis of steps is at least so long, so that the first steps do not fill it. */
const leastSteps = 100;

/** Loss and held-out accuracy over the steps of this run, with the losses of earlier ones. */
export function curves(store: Store): TemplateResult {
  const { shown, losses, heldOut, then, progress } = store;
  const { strings, facts, earlier } = shown;
  const past = earlier.map(({ settings, losses: buffer }) => ({
    text: runText(strings, settings, shown.settings),
    values: [...new Float32Array(buffer)],
  }));
  const lastStep = Math.max(leastSteps, progress.step, ...past.map(({ values }) => values.length));
  const own = smoothed(losses);
  // Guessing is always in the picture; a run that begins far above it, or leaves it, is cut off.
  const highest = own.reduce((most, value) => Math.max(most, value), 0);
  const largest = facts.chanceLoss * Math.max(1.25, Math.min(2, highest / facts.chanceLoss));
  const loss = (value: number | undefined): string => (value ?? NaN).toFixed(2);
  const lines: PlotLine[] = [
    ...past.map(({ values }, index) => ({
      className: `earlier earlier-${index + 1}`,
      points: thinned(smoothed(values)),
    })),
    { className: 'raw', points: thinned(losses) },
    { className: 'own', points: thinned(own) },
  ];
  const marked = then?.step ?? null;
  const [first, last] = [heldOut[0]?.accuracy ?? 0, heldOut.at(-1)?.accuracy ?? 0];
  return html`<div class="plots">
      ${plot({
        title: strings.lossPlot,
        summary:
          losses.length === 0
            ? strings.notBegun
            : fill(
                strings.lossPlotTitle,
                progress.step,
                loss(losses[0]),
                loss(losses.at(-1)),
                loss(facts.chanceLoss),
              ),
        lines,
        lastStep,
        largest,
        largestText: largest.toFixed(1),
        chance: { value: facts.chanceLoss, text: fill(strings.chance, loss(facts.chanceLoss)) },
        marked,
        lastText: fill(strings.timeThen, lastStep),
      })}
      ${plot({
        title: strings.accuracyPlot,
        summary: fill(
          strings.accuracyPlotTitle,
          percent(first),
          percent(last),
          percent(facts.chanceAccuracy),
        ),
        lines: [{ className: 'own', points: heldOut.map(({ step, accuracy }) => [step, accuracy] as const) }],
        lastStep,
        largest: 1,
        largestText: '100%',
        chance: {
          value: facts.chanceAccuracy,
          text: fill(strings.chancePercent, percent(facts.chanceAccuracy)),
        },
        marked,
        lastText: fill(strings.timeThen, lastStep),
      })}
    </div>
    ${
      past.length === 0
        ? nothing
        : html`<details class="earlier-runs" open>
            <summary>${strings.earlierRuns}</summary>
            <ul>
              ${past.map(
                ({ text, values }, index) =>
                  html`<li>
                    <svg class="swatch" viewBox="0 0 24 6" aria-hidden="true">
                      <line class=${`earlier earlier-${index + 1}`} x1="0" x2="24" y1="3" y2="3" />
                    </svg>
                    ${text} · ${fill(strings.statusStep, values.length)}
                  </li>`,
              )}
            </ul>
          </details>`
    }`;
}
