import { type TemplateResult, html, nothing } from 'lit';
import { type Diverging, divergingColor } from '../common/diverging';
import { fill } from '../common/format';
import { cssColor, readableOn } from '../common/ramp';
import { visibleText } from '../common/tokenText';
import type { EffectsStore } from './effectsStore';
import { largest, signed } from './numbers';
import { waiting } from './waiting';

/** The text with each word in the colour of its effect; a press hides a token from all heads. */
export function tokensView(store: EffectsStore, scale: Diverging): TemplateResult {
  const { host, occluded, byWord, switches, position } = store;
  const { strings, view } = host;
  const effects = occluded.value;
  const base = store.base.value;
  const values = effects ? new Float32Array(effects.tokens) : new Float32Array(0);
  const most = largest(values);
  const measure = (): void => {
    store.measureTokens();
  };
  const tokens = view.tokens.slice(0, base?.numTokens ?? view.tokens.length);
  const together = (token: number): number[] =>
    tokens.flatMap((_, each) =>
      byWord && view.words[each] !== view.words[token] ? [] : byWord || each === token ? each : [],
    );
  return html`<section class="words" aria-label=${strings.effectsTokens}>
    <div class="bar-row">
      <h2>${strings.effectsTokens}</h2>
      <label class="check"
        ><input
          type="checkbox"
          .checked=${byWord}
          @change=${() => {
            store.setByWord(!byWord);
          }}
        />${strings.effectsByWord}</label
      >
      ${
        occluded.state.kind === 'none'
          ? html`<button type="button" class="button secondary" @click=${measure}>
              ${strings.effectsMeasureTokens}
            </button>`
          : nothing
      }
    </div>
    ${waiting(store, occluded, measure)}
    <div class="words-strip">
      ${tokens.map((token, index) => {
        const value = values[index] ?? NaN;
        const isHidden = switches.keys.includes(index);
        const color = divergingColor(scale, value, most);
        const isKnown = Number.isFinite(value) && most > 0;
        const title = fill(strings.effectsTokenTitle, visibleText(token), signed(value));
        return html`<button
          type="button"
          class="word${isHidden ? ' off' : ''}${index === position ? ' place' : ''}${token.special ? ' special' : ''}"
          .style=${isKnown ? `background-color:${cssColor(color)};color:${readableOn(color)}` : ''}
          ?disabled=${base?.changesAttention === false}
          aria-pressed=${String(isHidden)}
          title=${isHidden ? `${title} (${strings.effectsTokenHidden})` : title}
          @click=${() => {
            switches.toggleKeys(together(index));
          }}
        >
          <bdi>${visibleText(token)}</bdi>${
            isKnown ? html`<span class="visually-hidden">${signed(value)}</span>` : nothing
          }
        </button>`;
      })}
    </div>
    <p class="quiet">
      ${effects?.how === 'removed' ? strings.effectsMeansRemoved : strings.effectsMeansMask}
      ${base?.changesAttention === false ? nothing : strings.effectsMeansKeys}
    </p>
  </section>`;
}
