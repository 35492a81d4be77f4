import { type TemplateResult, html } from 'lit';
import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import type { HeadMatrix, Link } from './headMatrix';
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
    const { query, units, snapshot } = this.store;
    const unit = query === null ? undefined : units[query];
    return unit && query !== null
      ? { text: fill(snapshot.strings.attendsTo, shortText(unit, 16), query), hint: '' }
      : { text: snapshot.strings.strongestPairs, hint: snapshot.strings.strongestPairsHint };
  }

  list(matrix: HeadMatrix): TemplateResult {
    const { query } = this.store;
    const links = query === null ? this.strongest(matrix) : matrix.strongestOfRow(query, count);
    const rows = Array.from({ length: count }, (_, index) => links[index]);
    return html`<ol>
      ${rows.map((link) => (link ? this.row(link) : html`<li aria-hidden="true"></li>`))}
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

  private row(link: Link): TemplateResult {
    const { query, units } = this.store;
    const name = (index: number): string => {
      const unit = units[index];
      return unit ? shortText(unit, 16) : '';
    };
    return html`<li>
      <button
        type="button"
        @click=${() => {
          this.store.togglePin(query === null ? link.query : link.key);
        }}
      >
        <span class="pair"
          >${query === null ? html`<bdi>${name(link.query)}</bdi> → ` : ''}<bdi>${name(link.key)}</bdi></span
        ><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <rect width=${Math.min(1, link.weight)} height="1"></rect></svg
        ><span class="number">${formatWeight(link.weight)}</span>
      </button>
    </li>`;
  }
}
