import { type TemplateResult, html } from 'lit';
import { causalView } from './causalView';
import { ChatView } from './chatView';
import { maskedView } from './maskedView';
import { nextSentenceView } from './nextSentenceView';
import { maybe, partFrame, partTime } from './partFrame';
import { replacedView } from './replacedView';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** What the models were trained on, run once on this text; and what came after pretraining. */
export class PretrainingView {
  private readonly chat: ChatView;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.chat = new ChatView(store, verbs);
  }

  draw(): TemplateResult {
    const { store, verbs } = this;
    const { strings } = store;
    const [left, right] = [store.nameOf('left'), store.nameOf('right')];
    return html`${partFrame(
        store,
        verbs,
        'pretraining',
        ({ masked, causal, nextSentence, replaced }) =>
          html`<section class="masked-example">
              <h2>${strings.maskedHeading} ${partTime(store, 'pretraining')}</h2>
              ${maybe(store, verbs, masked, { model: left, part: 'pretraining' }, (found) =>
                maskedView(store, verbs, found),
              )}
            </section>
            <section class="causal-example">
              <h2>${strings.causalHeading}</h2>
              ${maybe(store, verbs, causal, { model: right, part: 'pretraining' }, (found) =>
                causalView(store, found),
              )}
            </section>
            <section class="next-sentence">
              <h2>${strings.nextSentenceHeading}</h2>
              ${nextSentenceView(store, verbs, nextSentence)}
            </section>
            <section class="replaced-tokens">
              <h2>${strings.replacedHeading}</h2>
              ${replacedView(store, verbs, replaced)}
            </section>`,
      )}
      <section class="chat">
        <h2>${strings.chatHeading} ${partTime(store, 'chat')}</h2>
        ${this.chat.draw()}
      </section>`;
  }
}
