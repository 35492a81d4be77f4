import { type TemplateResult, html, svg } from 'lit';
import { fittedLoss } from '../../src/compare/scalingLaws';
import type { ScalingCurve } from '../../src/protocol/comparePage';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { exact, rounded } from './architectureNames';
import { type LogAxis, logAxis } from './scalingAxes';

const width = 520;
const height = 270;
const edge = { left: 52, right: 16, top: 14, bottom: 42 };

/** Loss against parameters as our own recipe measured it, on two logarithmic axes, with the curve through the points. */
export function scalingChart(
  scaling: ScalingCurve | null,
  strings: ArchitectureStrings,
  locale: string,
): TemplateResult {
  if (!scaling || scaling.sizes.length === 0) {
    return html`<p class="quiet">${strings.histScalingMissing}</p>`;
  }
  const { sizes, fit, tokens } = scaling;
  const x = logAxis(
    sizes.map((size) => size.nonEmbedding),
    1.5,
  );
  // The curve is drawn from edge to edge, so its ends belong to what the axis holds.
  const ends = [x.low, x.high].map((n) => fittedLoss(fit, n));
  const y = logAxis([...sizes.map((size) => size.heldOutLoss), ...ends], 1.02);
  const left = (value: number): number => edge.left + x.at(value) * (width - edge.left - edge.right);
  const top = (value: number): number =>
    height - edge.bottom - y.at(value) * (height - edge.top - edge.bottom);
  return html`<p class="quiet note">${fill(strings.histScalingHint, exact(tokens, locale))}</p>
    <div class="scaling-scroll">
      <svg
        class="scaling"
        viewBox=${`0 0 ${width} ${height}`}
        role="group"
        aria-label=${fill(strings.histScalingChart, sizes.length)}
      >
        ${axes(x, y, left, top, strings)}
        <path class="fit" d=${curve(fit, x, left, top)} />
        ${sizes.map((size) => {
          const label = fill(
            strings.histPointLabel,
            ...[size.layers, size.width, exact(size.nonEmbedding, locale), size.heldOutLoss.toFixed(3)],
          );
          const [cx, cy] = [left(size.nonEmbedding), top(size.heldOutLoss)];
          return svg`<g class="point" role="img" tabindex="0" aria-label=${label}>
          <title>${label}</title>
          <circle cx=${cx} cy=${cy} r="5" />
          <text x=${cx + 8} y=${cy - 6}>${size.heldOutLoss.toFixed(2)}</text>
        </g>`;
        })}
      </svg>
    </div>
    <p class="note">${fill(strings.histFit, fit.a.toPrecision(3), fit.b.toFixed(3), fit.c.toFixed(2))}</p>
    <div class="wide-table" tabindex="0" role="group" aria-label=${strings.histScaling}>
      <table>
        <thead>
          <tr>
            <th scope="col">${strings.histSize}</th>
            ${[strings.archParameters, strings.histNonEmbedding, strings.histLoss, strings.histFitLoss].map(
              (name) => html`<th scope="col" class="number">${name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${sizes.map(
            (size) =>
              html`<tr>
                <th scope="row">${size.layers} × ${size.width}</th>
                <td class="number">${exact(size.parameters, locale)}</td>
                <td class="number">${exact(size.nonEmbedding, locale)}</td>
                <td class="number">${size.heldOutLoss.toFixed(3)}</td>
                <td class="number">${fittedLoss(fit, size.nonEmbedding).toFixed(3)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function axes(
  x: LogAxis,
  y: LogAxis,
  left: (value: number) => number,
  top: (value: number) => number,
  strings: ArchitectureStrings,
): TemplateResult {
  const [low, high] = [top(y.low), top(y.high)];
  const middle = (low + high) / 2;
  return svg`<g class="axes" aria-hidden="true">
    ${x.ticks.map(
      (tick) => svg`<line class="grid" x1=${left(tick)} x2=${left(tick)} y1=${low} y2=${high} />
        <text x=${left(tick)} y=${low + 15} text-anchor="middle">${rounded(tick)}</text>`,
    )}
    ${y.ticks.map(
      (tick) => svg`<line class="grid" x1=${left(x.low)} x2=${left(x.high)} y1=${top(tick)} y2=${top(tick)} />
        <text x=${left(x.low) - 6} y=${top(tick) + 4} text-anchor="end">${Number(tick.toPrecision(3))}</text>`,
    )}
    <text class="axis-name" x=${(left(x.low) + left(x.high)) / 2} y=${low + 34} text-anchor="middle">${strings.histAxisParameters}</text>
    <text class="axis-name" x="12" y=${middle} text-anchor="middle" transform=${`rotate(-90 12 ${middle})`}>${strings.histAxisLoss}</text>
  </g>`;
}

function curve(
  fit: ScalingCurve['fit'],
  x: LogAxis,
  left: (value: number) => number,
  top: (value: number) => number,
): string {
  const steps = 48;
  const points = Array.from({ length: steps + 1 }, (_, step) => {
    const n = x.low * (x.high / x.low) ** (step / steps);
    return `${left(n).toFixed(1)} ${top(fittedLoss(fit, n)).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
