import { type TemplateResult, html, svg } from 'lit';

/** A share with its 95 % interval. */
export function intervalPicture(
  share: number,
  { low, high }: { readonly low: number; readonly high: number },
  label: string,
): TemplateResult {
  const x = (value: number): number => 200 * value;
  return html`<svg class="interval-bar" viewBox="-2 0 204 18" role="img" aria-label=${label}>
    ${svg`<rect class="rail" width="200" height="18"/><rect class="fill" width=${x(share)} height="18"/>
    <path class="interval" d=${`M${x(low)} 9H${x(high)}M${x(low)} 4v10M${x(high)} 4v10`}/>`}
  </svg>`;
}

/** A step of a colour scale that is drawn as unit squares. */
export function colorStep(index: number, color: string): TemplateResult {
  return svg`<rect x=${index} width="1.05" height="1" fill=${color} />`;
}
