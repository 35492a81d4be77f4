import { type TemplateResult, html, nothing } from 'lit';
import {
  type Blank,
  type BlankSide,
  type Maybe,
  type SharedWord,
  type Side,
  isMissing,
  sides,
} from '../../src/protocol/compare';
import { fill } from '../common/format';
import { type Bar, barList } from '../common/bars';
import { candidateText, formatBits, formatNats, formatPercent } from './names';
import { maybe } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** How much of the text is quoted on each side of the blank, in characters. */
const quoted = 48;

/** What each model puts into the blank, and how the right one likes the left one's ideas. */
export function blankCards(store: Store, value: Maybe<Blank>, verbs: Verbs): TemplateResult {
  const about = { model: store.nameOf('left'), part: 'blank' } as const;
  return maybe(store, verbs, value, about, (blank) => {
    const word = store.words[blank.word];
    return html`<div class="two">${sides.map((side) => card(store, blank, side, word, verbs))}</div>
      ${inContext(store, blank, verbs)}`;
  });
}

function card(
  store: Store,
  blank: Blank,
  side: Side,
  word: SharedWord | undefined,
  verbs: Verbs,
): TemplateResult {
  const { strings } = store;
  const name = store.nameOf(side);
  return html`<div class="side ${side}" data-side=${side}>
    <h3><span class="swatch ${side}" aria-hidden="true"></span>${name}</h3>
    ${maybe(
      store,
      verbs,
      blank[side],
      { model: name, part: 'blank' },
      (found) =>
        html`<p class="quiet">${found.head === 'masked' ? strings.fromBoth : strings.fromLeft}</p>
          ${word ? quote(store, found, word) : nothing}
          ${barList(candidates(found, word, strings.inText), fill(strings.candidatesOf, name), side)}
          ${ownWord(store, blank.word, side, word)}`,
    )}
  </div>`;
}

/** The text around the blank as this model sees it; what it does not see stands back. */
function quote(store: Store, { head }: BlankSide, word: SharedWord): TemplateResult {
  const text = store.snapshot.compared?.text ?? '';
  const before = text.slice(Math.max(0, word.start - quoted), word.start);
  const after = text.slice(word.end, word.end + quoted);
  const seen = head === 'masked';
  const cut = text.length > word.end + quoted ? '…' : '';
  return html`<p class="quote" dir="auto">
    <span class="text"
      >${word.start > quoted ? '…' : ''}${before}<span
        class="gap"
        role="img"
        aria-label=${store.strings.blankSign}
        >&nbsp;</span
      ><span class=${seen ? '' : 'unseen'} title=${seen ? nothing : store.strings.unseen}
        >${after}${cut}</span
      ></span
    >
  </p>`;
}

function candidates({ candidates: found }: BlankSide, word: SharedWord | undefined, inText: string): Bar[] {
  const most = Math.max(0, ...found.map(({ probability }) => probability));
  return found.map((candidate) => {
    const marked = candidate.text.trim() === word?.text && word.text !== '';
    return {
      label: candidateText(candidate),
      share: most > 0 ? candidate.probability / most : 0,
      value: formatPercent(candidate.probability),
      title: `${candidate.piece} · ${candidate.probability.toPrecision(3)}${marked ? ` · ${inText}` : ''}`,
      marked,
    };
  });
}

/** What the model gave the word that stands there, from the cloze test. */
function ownWord(
  store: Store,
  index: number,
  side: Side,
  word: SharedWord | undefined,
): TemplateResult | typeof nothing {
  const { strings } = store;
  const cloze = store.value('cloze')?.[side];
  const score = cloze && !isMissing(cloze) ? cloze.scores[index] : undefined;
  if (!word || !score) {
    return nothing;
  }
  return html`<p class="own-word">
    ${
      score.bits === null
        ? fill(strings.noContext, word.text)
        : fill(
            strings.ownWord,
            word.text,
            formatPercent(2 ** -score.bits),
            formatBits(score.bits),
            score.rank ?? '–',
          )
    }
  </p>`;
}

function inContext(store: Store, blank: Blank, verbs: Verbs): TemplateResult {
  const { strings } = store;
  const [left, right] = [store.nameOf('left'), store.nameOf('right')];
  return html`<div class="in-context">
    <h3>${fill(strings.inContext, right, left)}</h3>
    ${maybe(store, verbs, blank.inContext, { model: right, part: 'blank' }, (found) => {
      const bars = [...found]
        .sort((a, b) => b.logLikelihood - a.logLikelihood)
        .map(({ text, original, logLikelihood, share }) => ({
          label: candidateText({ text, piece: text }),
          share,
          value: `${formatPercent(share)} · ${formatNats(logLikelihood)}`,
          title: original ? strings.inText : '',
          marked: original,
        }));
      return html`<p class="quiet">${strings.inContextHint}</p>
        ${barList(bars, fill(strings.inContext, right, left), 'right')}`;
    })}
  </div>`;
}
