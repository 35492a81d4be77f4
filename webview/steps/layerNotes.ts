import { type TemplateResult, html, nothing } from 'lit';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { LayerSteps } from '../../src/protocol/layerSteps';
import type { PartName } from '../common/stepsPart';
import { comparedNumber } from './stepFrame';

/** What is to be known of the whole layer: why its steps end early, how the file rounds. */
export function layerNotes(
  { gap, rounds, half }: LayerSteps,
  strings: AttentionStrings,
): TemplateResult | typeof nothing {
  const why =
    gap &&
    {
      attention: strings.stepsGapAttention,
      feedForward: strings.stepsGapFeedForward,
      weights: strings.stepsGapWeights,
    }[gap.why];
  const notes = [
    ...(why ? [html`${why} ${gap.detail ? html`<code>${gap.detail}</code>` : nothing}`] : []),
    ...(rounds ? [strings.stepsRounds] : []),
    ...(half ? [strings.stepsHalf] : []),
  ];
  return notes.length === 0
    ? nothing
    : html`${notes.map((note) => html`<p class="quiet map-note">${note}</p>`)}`;
}

/** Under a step: how the file rounds; under the last one what leaves the layer. */
export function lastNotes(
  steps: LayerSteps,
  part: PartName,
  dimension: number,
  strings: AttentionStrings,
): TemplateResult {
  const last = steps.sublayers.at(-1);
  const name: PartName | undefined = last && `${last.after ? 'norm' : 'add'}:${last.kind}`;
  const isLast = part === name && steps.gap === null;
  return html`${
    isLast
      ? html`<h4>${strings.stepsOutput}</h4>
          <p class="quiet">${strings.stepsAll}</p>
          ${comparedNumber(steps.output, dimension, strings)}`
      : nothing
  }
  ${layerNotes(steps, strings)}`;
}
