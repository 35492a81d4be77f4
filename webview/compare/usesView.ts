import { type TemplateResult, html, nothing } from 'lit';
import { type Classified, type Maybe, type Uses, isMissing } from '../../src/protocol/compare';
import { fill, formatMilliseconds } from '../common/format';
import { visibleText } from '../common/tokenText';
import { barList } from '../common/bars';
import { formatPercent } from './names';
import { nextSentenceView } from './nextSentenceView';
import { maybe, partFrame, partTime } from './partFrame';
import { similarityView } from './similarityView';
import type { Store } from './store';
import type { Verbs } from './verbs';

const methods = ['head', 'zeroShot', 'fewShot'] as const;
/** How much of the text's end is quoted before what was written behind it, in characters. */
const quoted = 60;

/** What each kind of model is for, tried on the text. */
export function usesView(store: Store, verbs: Verbs): TemplateResult {
  const { strings } = store;
  const streamed = store.streamed('continued');
  return html`<section class="uses">
      <h2>${strings.usesHeading} ${partTime(store, 'uses')}</h2>
      ${partFrame(
        store,
        verbs,
        'uses',
        (uses) =>
          html`<h3>${strings.classifyHeading}</h3>
            <div class="three">
              ${uses.classified.map((each, index) => classified(store, verbs, each, index))}
            </div>
            <p class="quiet note">${strings.classifyNote}</p>
            <h3>${strings.continueHeading}</h3>
            <div class="two">${forced(store, verbs, uses)} ${continued(store, verbs, uses)}</div>`,
        streamed === undefined
          ? nothing
          : html`<div class="side right">
              <h4>${strings.continueHeading}</h4>
              ${written(store, streamed)}
            </div>`,
      )}
    </section>
    <section>
      <h2>${strings.nextSentenceHeading}</h2>
      ${partFrame(store, verbs, 'pretraining', (found) => nextSentenceView(store, verbs, found.nextSentence))}
    </section>
    <section>
      <h2>${strings.similarityHeading} ${partTime(store, 'sentences')}</h2>
      ${partFrame(store, verbs, 'sentences', (found) =>
        maybe(store, verbs, found, { model: '', part: 'sentences' }, (sentences) =>
          similarityView(store, verbs, sentences),
        ),
      )}
    </section>`;
}

function classified(store: Store, verbs: Verbs, value: Maybe<Classified>, index: number): TemplateResult {
  const { strings } = store;
  // They come in this order, so that even one that is missing has its name.
  const method = isMissing(value) ? methods[index] : value.method;
  const side = method === 'head' ? 'left' : 'right';
  const title =
    method === 'head'
      ? strings.methodHead
      : method === 'zeroShot'
        ? strings.methodZeroShot
        : isMissing(value)
          ? strings.methodFewShotMissing
          : fill(strings.methodFewShot, value.numExamples);
  return html`<div class="card" data-method=${method ?? nothing}>
    <h4>${title}</h4>
    ${maybe(
      store,
      verbs,
      value,
      { model: store.nameOf(side), part: 'uses' },
      (found) =>
        html`<p class="quiet">
            ${found.model} · ${fill(strings.tookTime, formatMilliseconds(found.milliseconds))}
          </p>
          ${barList(
            found.labels.map(({ label, probability }) => ({
              label,
              share: probability,
              value: formatPercent(probability),
            })),
            fill(strings.labelsOf, found.model),
            side,
          )}
          ${
            found.prompt === undefined
              ? nothing
              : html`<details>
                  <summary>${strings.showPrompt}</summary>
                  <pre dir="auto" tabindex="0" role="group" aria-label=${strings.showPrompt}>
${found.prompt}</pre>
                </details>`
          }`,
    )}
  </div>`;
}

function forced(store: Store, verbs: Verbs, { forced: value }: Uses): TemplateResult {
  const { strings } = store;
  const name = isMissing(value) ? store.nameOf('left') : value.model;
  return html`<div class="side left" data-use="forced">
    <h4><span class="swatch left" aria-hidden="true"></span>${fill(strings.whyNot, name)}</h4>
    ${maybe(
      store,
      verbs,
      value,
      { model: name, part: 'uses' },
      (found) =>
        html`<p class="quiet">${fill(strings.forcedHint, found.pieces.length)}</p>
          ${written(store, found.text)}
          <p class="chips-line">
            ${found.pieces.map((piece) => html`<bdi class="chip">${visibleText({ text: '', piece })}</bdi>`)}
          </p>`,
    )}
  </div>`;
}

function continued(store: Store, verbs: Verbs, { continued: value }: Uses): TemplateResult {
  const { strings } = store;
  const name = isMissing(value) ? store.nameOf('right') : value.model;
  return html`<div class="side right" data-use="continued">
    <h4><span class="swatch right" aria-hidden="true"></span>${name}</h4>
    ${maybe(
      store,
      verbs,
      value,
      { model: name, part: 'uses' },
      (found) =>
        html`<p class="quiet">${fill(strings.continuesHint, found.numTokens)}</p>
          ${found.text.trim() === '' ? html`<p>${strings.nothingWritten}</p>` : written(store, found.text)}`,
    )}
  </div>`;
}

/** The end of the text, and what was written behind it. */
function written(store: Store, text: string): TemplateResult {
  const own = store.snapshot.compared?.text.trimEnd() ?? '';
  return html`<pre
    dir="auto"
  ><span class="quiet">${own.length > quoted ? '…' : ''}${own.slice(-quoted)}</span><mark>${text}</mark></pre>`;
}
