import { type TemplateResult, html, nothing } from 'lit';
import type { Stack } from '../../src/attention/stack';
import type { AttentionWarning } from '../../src/protocol/attention';
import type { AttentionSnapshot, AttentionState, AttentionView } from '../../src/protocol/attentionPage';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import { iconButton } from '../common/controls';
import { fill, formatMilliseconds } from '../common/format';
import { readsLayers } from './layerAnswers';

/** One quiet row: which model saw which text, how large it (or its stack on show) is and how long it took. */
export function header(
  view: AttentionView,
  stack: Pick<Stack, 'numLayers' | 'numHeads'>,
  strings: AttentionStrings,
  tools: readonly unknown[],
  help: { readonly open: boolean; toggle(): void },
): TemplateResult {
  const { model, tokens, milliseconds } = view;
  const lines = sourceOf(view, strings);
  return html`<div class="facts">
      <strong title=${model.modelType}>${model.id}</strong>
      <span class="detail">${fill(strings.modelSize, stack.numLayers, stack.numHeads)}</span>
      <span>${fill(strings.tokenCount, tokens.length)}</span>
      <span class="detail" title=${timing(view, strings)}
        >${fill(strings.timing, formatMilliseconds(milliseconds.tokenize + milliseconds.forward))}</span
      >
      <span class="source" title=${lines}><bdi>${lines}</bdi></span>
    </div>
    ${tools}${iconButton(
      'question',
      strings.help,
      () => {
        help.toggle();
      },
      help.open,
    )}`;
}

/** Where the text stands, or which picture it is. */
export function sourceOf({ source, grid }: AttentionView, strings: AttentionStrings): string {
  const { name, startLine, endLine } = source;
  if (grid) {
    return fill(strings.pictureSize, name, grid.pictureWidth, grid.pictureHeight);
  }
  return startLine === endLine
    ? fill(strings.sourceLine, name, startLine)
    : fill(strings.sourceLines, name, startLine, endLine);
}

/** What the picture means and what the tooltips say, for those without a pointer. */
export function help(view: AttentionView, { strings, standalone }: AttentionSnapshot): TemplateResult {
  return html`<p>${strings.helpText}</p>
    <p>${kindOf(view, strings)} ${strings.countedFromZero} ${strings.overviewScale}</p>
    <p>
      ${strings.overviewHint}
      ${view.grid ? fill(strings.pictureHelp, strings.pictureColours) : strings.pinHint}
    </p>
    ${
      view.stacks
        ? html`<p>${strings.stackEncoderHint} ${strings.stackDecoderHint} ${strings.stackCrossHint}</p>`
        : view.secondFrom === undefined
          ? nothing
          : html`<p>${strings.directionHint}</p>`
    }
    ${!standalone && readsLayers(view) ? html`<p>${strings.lensHelp}</p>` : nothing}
    <p>
      ${fill(strings.modelSize, view.model.numLayers, view.model.numHeads)} · ${timing(view, strings)} ·
      ${fill(strings.modelLoaded, formatMilliseconds(view.model.loadMilliseconds), view.model.graphFile)}
    </p>`;
}

function kindOf({ grid, stacks, causal }: AttentionView, strings: AttentionStrings): string {
  return grid
    ? strings.pictureModel
    : stacks
      ? strings.stackedModel
      : causal
        ? strings.causalModel
        : strings.bidirectionalModel;
}

/** What the run is compared with, or why it is not yet. */
export function comparison(
  compared: AttentionState | null,
  strings: AttentionStrings,
): TemplateResult | typeof nothing {
  const text = ((): string | null => {
    switch (compared?.kind) {
      case 'ready':
        return compared.view.grid
          ? `${strings.comparedWith} ${compared.view.model.id}: ${sourceOf(compared.view, strings)}`
          : `${strings.comparedWith} ${compared.view.model.id}: “${compared.view.text.slice(0, 80)}”`;
      case 'busy':
        return strings.phaseRunning;
      case 'failed':
        return compared.message;
      default:
        return null;
    }
  })();
  return text === null
    ? nothing
    : html`<p class="notice" role="status">
        <span class="codicon codicon-diff" aria-hidden="true"></span><bdi>${text}</bdi>
      </p>`;
}

/** What a reader must know before believing the picture. */
export function notices(view: AttentionView, strings: AttentionStrings): TemplateResult {
  const { tokens, totalTokens, totalIsLowerBound, source, warnings } = view;
  const truncated = totalTokens > tokens.length || totalIsLowerBound;
  const template = totalIsLowerBound ? strings.truncatedAtLeast : strings.truncated;
  return html`${warnings.map(
    (warning) =>
      html`<p class="notice warning">
        <span class="codicon codicon-warning" aria-hidden="true"></span>${describeWarning(warning, strings)}
      </p>`,
  )}${
    view.written === undefined
      ? nothing
      : html`<p class="notice">
          <span class="codicon codicon-sparkle" aria-hidden="true"></span
          ><bdi>${fill(strings.writtenByModel, view.written)}</bdi>
        </p>`
  }${
    truncated
      ? html`<p class="notice">
          <span class="codicon codicon-info" aria-hidden="true"></span
          >${fill(template, tokens.length, totalTokens, source.startLine, source.keptEndLine, source.endLine)}
        </p>`
      : nothing
  }`;
}

function describeWarning(warning: AttentionWarning, strings: AttentionStrings): string {
  switch (warning.kind) {
    case 'rowsDoNotSumToOne':
      return fill(strings.warningRows, warning.deviation.toPrecision(2));
    case 'layersDiffer':
      return fill(strings.warningLayers, warning.expected, warning.found);
    case 'notCausal':
      return fill(strings.warningNotCausal, warning.weight.toPrecision(2));
  }
}

function timing(view: AttentionView, strings: AttentionStrings): string {
  const { milliseconds, model } = view;
  return fill(
    strings.timingDetail,
    formatMilliseconds(milliseconds.tokenize),
    formatMilliseconds(milliseconds.forward),
    model.runtime === 'wasm' ? 'WASM' : strings.nativeRuntime,
    model.numThreads,
  );
}
