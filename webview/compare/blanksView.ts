import { type TemplateResult, html, nothing } from 'lit';
import { blankCards } from './blankCards';
import { ClozeText } from './clozeText';
import { clozeTables } from './clozeTables';
import { partFrame, partTime } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Same blank, two ways of filling: one word at a time, then all of them counted. */
export class BlanksView {
  private readonly text: ClozeText;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.text = new ClozeText(store, verbs);
  }

  draw(): TemplateResult {
    const { store, verbs } = this;
    const { strings } = store;
    return html`<section class="cloze-text">
        <h2>${strings.sameBlank}</h2>
        ${store.words.length > 0 ? this.text.draw() : partFrame(store, verbs, 'reading', () => html`${nothing}`)}
      </section>
      <section class="blank">
        <h2>${strings.theBlank} ${partTime(store, 'blank')}</h2>
        ${partFrame(store, verbs, 'blank', (blank) => blankCards(store, blank, verbs))}
      </section>
      <section class="cloze">
        <h2>${strings.allWords} ${partTime(store, 'cloze')}</h2>
        ${partFrame(store, verbs, 'cloze', (cloze) => clozeTables(store, cloze, verbs))}
      </section>`;
  }
}
