import { type TemplateResult, html } from 'lit';
import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import type { HeadMatrix, Link } from './headMatrix';
import { placeOf } from './readout';
import { isAdding } from './selection';
import type { Store } from './store';

const count = 10;

/**
 * The strongest weights as text and bars: of the query that is pointed at, else of the whole head. It
 * always has the same number of lines, so that nothing below it moves while the pointer does.
 */
export class PairList {
  private overall: { matrix: HeadMatrix; links: Link[] } | null = null;

  constructor(private readonly store: Store) {}

  title(): { text: string; hint: string } {
    const { focus, units, snapshot, lens } = this.store;
    const { strings } = snapshot;
    const [first] = focus?.units ?? [];
    const unit = first === undefined ? undefined : units[first];
    if (!focus || first === undefined || !unit) {
      return { text: strings.strongestPairs, hint: strings.strongestPairsHint };
    }
    if (focus.units.length > 1) {
      const how = lens.pins === 'sum' ? strings.pinsSum : strings.pinsMean;
      const template = focus.side === 'query' ? strings.severalAttend : strings.severalAttended;
      return { text: fill(template, focus.units.length, how), hint: '' };
    }
    const template = focus.side === 'query' ? strings.attendsTo : strings.attendedBy;
    return { text: fill(template, shortText(unit, 16), placeOf(this.store, first)), hint: '' };
  }

  list(matrix: HeadMatrix): TemplateResult {
    const { focus } = this.store;
    const links = focus ? focus.links : this.strongest(matrix);
    const most = Math.max(1, links[0]?.weight ?? 1);
    const rows = Array.from({ length: count }, (_, index) => links[index]);
    return html`<ol>
      ${rows.map((link) => (link ? this.row(link, most) : html`<li aria-hidden="true"></li>`))}
    </ol>`;
  }

  private strongest(matrix: HeadMatrix): Link[] {
    if (this.overall?.matrix !== matrix) {
      const { units } = this.store;
      // A token looking at itself or at a special token is the least surprising: left out here.
      const plain = (q: number, k: number): boolean =>
        q !== k && units[q]?.special === false && units[k]?.special === false;
      this.overall = { matrix, links: matrix.strongest(count, plain).reverse() };
    }
    return this.overall.links;
  }

  private row(link: Link, most: number): TemplateResult {
    const { focus, units } = this.store;
    const name = (index: number): string => {
      const unit = units[index];
      return unit ? shortText(unit, 16) : '';
    };
    const other = focus?.side === 'key' ? link.query : link.key;
    return html`<li>
      <button
        type="button"
        @click=${(event: MouseEvent) => {
          this.store.togglePin(focus ? other : link.query, isAdding(event));
        }}
      >
        <span class="pair"
          >${focus ? '' : html`<bdi>${name(link.query)}</bdi> → `}<bdi>${name(other)}</bdi></span
        ><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <rect width=${Math.min(1, link.weight / most)} height="1"></rect></svg
        ><span class="number">${formatWeight(link.weight)}</span>
      </button>
    </li>`;
  }
}
