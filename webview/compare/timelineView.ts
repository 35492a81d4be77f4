import { type TemplateResult, html, svg } from 'lit';
import { citationText } from '../../src/compare/citations';
import { type Milestone, timeline } from '../../src/compare/timeline';
import { works } from '../../src/compare/works';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { kindNames } from './architectureNames';
import { inLanguage } from './variantsTable';

const firstYear = 2017;
const lastYear = 2022;
const lanes: readonly Milestone['kind'][] = ['encoder', 'encoder-decoder', 'decoder', 'law'];
const laneHeight = 18;
const yearWidth = 100;
const nameWidth = 110;

/** Months between the Transformer and ChatGPT: a picture with a lane for each kind, and the sentences. */
export function timelineView(strings: ArchitectureStrings, locale: string): TemplateResult {
  return html`${lanesPicture(strings)}
    <ol class="timeline">
      ${timeline.map(
        (each) =>
          html`<li class="kind-${each.kind}">
            <time datetime=${`${each.year}-${String(each.month).padStart(2, '0')}`}
              >${monthName(each, locale)}</time
            >
            <p>
              <strong>${each.name}</strong> <span class="quiet">${kindName(each.kind, strings)}</span><br />
              ${inLanguage(each.sentence, locale)}
              <cite
                class="quiet"
                title=${`${works[each.source.work].title}. ${works[each.source.work].where}`}
                >${citationText(each.source)}</cite
              >
            </p>
          </li>`,
      )}
    </ol>`;
}

function kindName(kind: Milestone['kind'], strings: ArchitectureStrings): string {
  return kind === 'law' ? strings.histLaw : strings[kindNames[kind]];
}

function monthName({ year, month }: Milestone, locale: string): string {
  return new Date(Date.UTC(year, month - 1, 15)).toLocaleDateString(locale, {
    year: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}

function lanesPicture(strings: ArchitectureStrings): TemplateResult {
  const years = Array.from({ length: lastYear - firstYear + 2 }, (_, index) => firstYear + index);
  const x = (year: number, month: number): number =>
    nameWidth + yearWidth * (year - firstYear + (month - 1) / 12);
  const bottom = lanes.length * laneHeight;
  return html`<div class="timeline-lanes">
    <svg
      viewBox=${`0 0 ${x(lastYear + 1, 1) + 8} ${bottom + 20}`}
      role="img"
      aria-label=${strings.histTimelineLabel}
    >
      ${years.map(
        (year) => svg`<line class="grid" x1=${x(year, 1)} x2=${x(year, 1)} y1="0" y2=${bottom} />
          ${year <= lastYear ? svg`<text x=${x(year, 7)} y=${bottom + 15} text-anchor="middle">${year}</text>` : ''}`,
      )}
      ${lanes.map((kind, lane) => {
        const y = laneHeight * (lane + 0.5);
        return svg`<text x="0" y=${y + 4}>${kindName(kind, strings)}</text>
          <line class="grid" x1=${nameWidth} x2=${x(lastYear + 1, 1)} y1=${y} y2=${y} />
          ${timeline
            .filter((each) => each.kind === kind)
            .map((each, index, all) => {
              // Of one month in one lane, the later stands a little to the right.
              const before = all[index - 1];
              const isSameMonth = before?.year === each.year && before.month === each.month;
              return svg`<circle class=${`kind-${kind}`} cx=${x(each.year, each.month) + (isSameMonth ? 8 : 0)} cy=${y} r="4">
                <title>${each.name}</title>
              </circle>`;
            })}`;
      })}
    </svg>
  </div>`;
}
