import { html, render } from 'lit';
import { element } from '../common/element';
import { fill, formatWeight } from '../common/format';
import { shortText } from '../common/tokenText';
import type { HeadMatrix, Link } from './headMatrix';
import type { Store } from './store';

const count = 10;

/**
 * The strongest weights as text and bars: of the query that is pointed at, else of the whole head. It
 * always has the same number of lines, so that nothing below it moves while the pointer does.
 */
export class RankList {
  readonly element = element('section', 'ranks');
  private overall: { matrix: HeadMatrix; links: Link[] } | null = null;

  constructor(private readonly store: Store) {}

  paint(): void {
    const { matrix, view, query, snapshot } = this.store;
    if (!matrix || !view) {
      return;
    }
    const name = (index: number): string => {
      const token = view.tokens[index];
      return token ? shortText(token, 16) : '';
    };
    if (this.overall?.matrix !== matrix) {
      // A token looking at itself or at a special token is the least surprising: left out here.
      const plain = (q: number, k: number): boolean =>
        q !== k && view.tokens[q]?.special === false && view.tokens[k]?.special === false;
      this.overall = { matrix, links: matrix.strongest(count, plain).reverse() };
    }
    const links = query === null ? this.overall.links : matrix.strongestOfRow(query, count);
    const title =
      query === null ? snapshot.strings.strongestPairs : fill(snapshot.strings.attendsTo, name(query), query);
    const rows = Array.from({ length: count }, (_, index) => links[index]);
    render(
      html`<h2 title=${query === null ? snapshot.strings.strongestPairsHint : ''}>${title}</h2>
        <ol>
          ${rows.map((link) =>
            link
              ? html`<li>
                  <button
                    type="button"
                    @click=${() => {
                      this.store.togglePin(query === null ? link.query : link.key);
                    }}
                  >
                    <span class="pair"
                      >${query === null ? html`<bdi>${name(link.query)}</bdi> → ` : ''}<bdi
                        >${name(link.key)}</bdi
                      ></span
                    ><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
                      <rect width=${link.weight} height="1"></rect></svg
                    ><span class="number">${formatWeight(link.weight)}</span>
                  </button>
                </li>`
              : html`<li aria-hidden="true"></li>`,
          )}
        </ol>`,
      this.element,
    );
  }
}
