import { type TemplateResult, html, nothing } from 'lit';
import { easierSide } from '../../src/compare/clozeSummary';
import { type Cloze, type WordScore, isMissing } from '../../src/protocol/compare';
import { fill } from '../common/format';
import { choice } from './fields';
import { formatBits } from './names';
import { moveFocus } from './roving';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Bits at which each next colour begins: a factor of 8 in probability, then 64 … */
const levels = [1, 3, 6, 10] as const;

/** The compared text, every word of which can be made the blank. */
export class ClozeText {
  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {}

  draw(): TemplateResult {
    const { store } = this;
    const { strings, look } = store;
    const cloze = store.value('cloze');
    return html`<div class="row">
        ${choice(
          strings.colour,
          look.tint,
          [
            ['easier', strings.tintEasier],
            ['left', fill(strings.tintBits, store.nameOf('left'))],
            ['right', fill(strings.tintBits, store.nameOf('right'))],
          ],
          (tint) => {
            store.setLook({ tint });
          },
        )}
        ${cloze ? this.legend() : nothing}
      </div>
      <div
        class="words"
        dir="auto"
        role="listbox"
        aria-label=${strings.chooseWord}
        @keydown=${(event: KeyboardEvent) => {
          if (moveFocus(event) === null && (event.key === 'Enter' || event.key === ' ')) {
            this.choose(event);
          }
        }}
        @click=${(event: MouseEvent) => {
          this.choose(event);
        }}
      >
        <span class="text">${this.words(cloze)}</span>
      </div>
      <p class="quiet">${strings.chooseWordHint}</p>`;
  }

  private choose(event: Event): void {
    const word = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=option]') : null;
    if (word) {
      event.preventDefault();
      this.verbs.askBlank(Number(word.dataset['word']));
    }
  }

  private words(cloze: Cloze | null): (TemplateResult | string)[] {
    const { store } = this;
    const text = store.snapshot.compared?.text ?? '';
    const blank = store.value('blank');
    const chosen = store.askedWord ?? (blank && !isMissing(blank) ? blank.word : null);
    const parts: (TemplateResult | string)[] = [];
    let at = 0;
    const first = store.words.findIndex(({ counts }) => counts);
    const stop = chosen !== null && store.words[chosen]?.counts ? chosen : first;
    store.words.forEach((word, index) => {
      parts.push(text.slice(at, word.start));
      at = word.end;
      const shown = text.slice(word.start, word.end);
      if (!word.counts) {
        parts.push(shown);
        return;
      }
      const said = cloze ? this.said(cloze, index) : '';
      parts.push(
        html`<span
          role="option"
          class=${`word ${cloze ? this.tint(cloze, index) : ''}`}
          data-stop
          data-word=${index}
          data-tint=${cloze ? this.tint(cloze, index) : nothing}
          .tabIndex=${index === stop ? 0 : -1}
          aria-selected=${String(index === chosen)}
          title=${said}
          aria-label=${said === '' ? shown : `${shown}: ${said}`}
          >${shown}</span
        >`,
      );
    });
    parts.push(text.slice(at));
    return parts;
  }

  private said(cloze: Cloze, index: number): string {
    const { store } = this;
    return (['left', 'right'] as const)
      .map((side) => {
        const bits = scoreOf(cloze, side, index)?.bits ?? null;
        return `${store.nameOf(side)} ${bits === null ? '–' : fill(store.strings.bits, formatBits(bits))}`;
      })
      .join(', ');
  }

  private tint(cloze: Cloze, index: number): string {
    const { tint } = this.store.look;
    const [left, right] = [scoreOf(cloze, 'left', index), scoreOf(cloze, 'right', index)];
    if (tint === 'easier') {
      const side = easierSide(left, right);
      return side === null ? '' : `easier-${side}`;
    }
    const bits = (tint === 'left' ? left : right)?.bits ?? null;
    return bits === null ? 'unasked' : `level-${levels.filter((level) => bits >= level).length} of-${tint}`;
  }

  private legend(): TemplateResult {
    const { strings, look } = this.store;
    if (look.tint === 'easier') {
      return html`<span class="legend"
        >${(['left', 'right'] as const).map(
          (side) =>
            html`<span
              ><span class="sample word easier-${side}" aria-hidden="true"></span
              >${this.store.nameOf(side)}</span
            >`,
        )}<span class="quiet">${strings.easierHint}</span></span
      >`;
    }
    const names = ['<1', '1–3', '3–6', '6–10', '≥10'];
    return html`<span class="legend"
      >${names.map(
        (name, level) =>
          html`<span
            ><span class=${`sample word level-${level} of-${look.tint}`} aria-hidden="true"></span
            >${name}</span
          >`,
      )}<span class="quiet">${strings.bitsUnit}</span></span
    >`;
  }
}

function scoreOf(cloze: Cloze, side: 'left' | 'right', index: number): WordScore | undefined {
  const found = cloze[side];
  return isMissing(found) ? undefined : found.scores[index];
}
