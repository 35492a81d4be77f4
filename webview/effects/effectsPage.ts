import { type TemplateResult, html } from 'lit';
import { createDiverging } from '../common/diverging';
import { fill } from '../common/format';
import { readTheme } from '../common/theme';
import { answersView } from './answersView';
import type { EffectsStore } from './effectsStore';
import { examplesView } from './examplesView';
import { headsView } from './headsView';
import { rankedView } from './rankedView';
import { targetBar } from './targetBar';
import { tokensView } from './tokensView';
import { valuesView } from './valuesView';

/** The whole view; what is impossible with this model is said instead. */
export function effectsPage(store: EffectsStore): TemplateResult {
  const { strings } = store.host;
  const { state } = store.base;
  if (state.kind === 'failed') {
    const { code, detail = '' } = state.error;
    const message =
      code !== 'modelUnsupported'
        ? strings.effectsFailed
        : detail === 'it predicts no tokens'
          ? strings.effectsNoPrediction
          : fill(strings.effectsHidden, detail);
    return html`<p role="alert">
      ${message} ${code === 'modelUnsupported' ? '' : html`<code>${detail}</code>`}
    </p>`;
  }
  if (!store.base.value) {
    return html`<p class="quiet" role="status">${strings.effectsLoading}</p>`;
  }
  const theme = readTheme();
  const scale = createDiverging(theme.ramp.colors[0] ?? [0, 0, 0], theme.highContrast);
  return html`<div class="effects-view">
    <section class="target" aria-label=${strings.effectsTarget}>${targetBar(store)}</section>
    <div class="effects-columns">
      <div class="maps">${headsView(store, scale)}</div>
      <div class="beside">${answersView(store)}</div>
    </div>
    ${tokensView(store, scale)}
    <div class="effects-columns even">${rankedView(store, scale)} ${valuesView(store)}</div>
    ${examplesView(store)}
  </div>`;
}
