import { type TemplateResult, html, nothing } from 'lit';
import { type AgreementTally, type Distributions, agreementTally } from '../../src/compare/agreement';
import { type Cloze, isMissing, sides } from '../../src/protocol/compare';
import { fill } from '../common/format';
import { barPicture } from '../common/bars';
import { formatPercent, guessText, sentences } from './names';
import { maybe } from './partFrame';
import { intervalPicture } from './plots';
import type { Store } from './store';
import type { Verbs } from './verbs';

const tallies = new WeakMap<Cloze, AgreementTally | null>();

/** The bootstrap behind it takes a moment, so each result is counted once. */
function tallyOf(cloze: Cloze): AgreementTally | null {
  if (!tallies.has(cloze)) {
    tallies.set(cloze, agreementTally(cloze));
  }
  return tallies.get(cloze) ?? null;
}

/** How far two masked language models say the same, as a student and its teacher should. Nothing for other models. */
export function agreementView(store: Store, verbs: Verbs, cloze: Cloze): TemplateResult | typeof nothing {
  const tally = tallyOf(cloze);
  if (!tally) {
    return nothing;
  }
  const { strings } = store;
  const { paired, same, sameRight, share, interval } = tally;
  const [low, high] = [formatPercent(interval.low), formatPercent(interval.high)];
  const interval95 = fill(strings.interval95, low, high);
  return html`<section class="agreement">
    <h3>${strings.agreementHeading}</h3>
    <div class="findings">
      <p>
        <span class="measure"
          >${intervalPicture(share, interval, `${formatPercent(share)}, ${interval95}`)}
          <span>${formatPercent(share)} <span class="quiet">· ${interval95}</span></span></span
        >
      </p>
      <p>${fill(strings.agreementSame, paired, same, formatPercent(share), sameRight)}</p>
      ${distributions(store, verbs, tally)}
    </div>
    ${furthest(store, cloze, tally.distributions)}
    <p class="quiet note">${strings.agreementNote}</p>
  </section>`;
}

function distributions(store: Store, verbs: Verbs, { distributions: value }: AgreementTally): TemplateResult {
  const { strings } = store;
  const [left, right] = [store.nameOf('left'), store.nameOf('right')];
  return maybe(store, verbs, value, { model: left, part: 'cloze' }, (found) => {
    if (found.vocabulary === 'different') {
      const { sizes, firstDifference: first } = found;
      return html`<p>
        ${
          first
            ? fill(strings.agreementOtherPieces, first.id, first.left, left, first.right, right)
            : fill(strings.agreementOtherSizes, sizes.left, left, sizes.right, right)
        }
      </p>`;
    }
    const { words, vocabularySize, totalVariation, klBits } = found;
    return html`<p>
      ${sentences(
        store.snapshot.locale,
        fill(
          strings.agreementVariation,
          words,
          vocabularySize,
          totalVariation.mean.toFixed(2),
          totalVariation.interval.low.toFixed(2),
          totalVariation.interval.high.toFixed(2),
        ),
        fill(
          strings.agreementKl,
          right,
          left,
          klBits.mean.toFixed(2),
          klBits.interval.low.toFixed(2),
          klBits.interval.high.toFixed(2),
        ),
      )}
    </p>`;
  });
}

/** The words at which they differ most, with what each would write. */
function furthest(
  store: Store,
  cloze: Cloze,
  value: AgreementTally['distributions'],
): TemplateResult | typeof nothing {
  const { strings } = store;
  if (isMissing(value) || value.vocabulary === 'different') {
    return nothing;
  }
  return html`<div class="wide" tabindex="0" role="region" aria-label=${strings.agreementFurthest}>
    <table class="agreement-table">
      <caption>
        ${strings.agreementFurthest}
      </caption>
      <thead>
        <tr>
          <th scope="col">${strings.word}</th>
          ${sides.map(
            (side) =>
              html`<th scope="col">
                <span class="swatch ${side}" aria-hidden="true"></span
                >${fill(strings.agreementFirst, store.nameOf(side))}
              </th>`,
          )}
          <th scope="col">${strings.agreementColumn}</th>
        </tr>
      </thead>
      <tbody>
        ${value.furthest.map((each) => wordRow(cloze, each))}
      </tbody>
    </table>
  </div>`;
}

function wordRow(cloze: Cloze, { word, totalVariation }: Distributions['furthest'][number]): TemplateResult {
  return html`<tr>
    <th scope="row"><bdi>${cloze.words[word]?.text}</bdi></th>
    ${sides.map((side) => {
      const found = cloze[side];
      return html`<td><bdi>${isMissing(found) ? '–' : guessText(found.scores[word]?.guess ?? '')}</bdi></td>`;
    })}
    <td>
      <span class="measure">${barPicture(totalVariation)}<span>${totalVariation.toFixed(2)}</span></span>
    </td>
  </tr>`;
}
