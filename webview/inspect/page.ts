import { type TemplateResult, html, nothing, render } from 'lit';
import {
  InspectAct,
  InspectAttention,
  type InspectPart,
  type InspectSnapshot,
  type InspectValues,
  PauseInspect,
  inspectActions,
} from '../../src/protocol/inspectPage';
import type { MessageConnection, RequestType } from '../../src/protocol/jsonrpc';
import type { ErrorData } from '../../src/protocol/errors';
import { ask } from '../../src/protocol/rpc';
import { barList } from '../common/bars';
import { iconButton } from '../common/controls';
import { fill } from '../common/format';
import { onThemeChange } from '../common/theme';
import { visibleText } from '../common/tokenText';
import { HeadMap } from './headMap';

/** What models make of the selection, in a column of the side bar. */
export class Page {
  private readonly map = new HeadMap((layer) => {
    this.send(InspectAttention, { layer });
  });
  /** What was there last, shown pale until the new value comes: nothing jumps while the selection moves. */
  private readonly last: Partial<InspectValues> = {};

  constructor(
    private readonly root: HTMLElement,
    private snapshot: InspectSnapshot,
    private readonly connection: MessageConnection,
  ) {
    const draw = (): void => {
      this.draw();
    };
    onThemeChange(draw);
    new ResizeObserver(draw).observe(root);
    this.draw();
  }

  show(snapshot: InspectSnapshot): void {
    this.snapshot = snapshot;
    this.draw();
  }

  private draw(): void {
    const { snapshot } = this;
    const { strings, source, paused, parts } = snapshot;
    document.documentElement.lang = snapshot.locale;
    document.body.dataset['state'] = paused ? 'paused' : source ? 'ready' : 'empty';
    document.body.dataset['busy'] = String(Object.values(parts).some(({ state }) => state === 'running'));
    render(
      html`<main class="inspect">
        <h1 class="visually-hidden">${strings.title}</h1>
        <div class="source">
          <span class="quiet">${this.sourceText()}</span>
          ${iconButton(
            paused ? 'debug-continue' : 'debug-pause',
            paused ? strings.resume : strings.pause,
            () => {
              this.send(PauseInspect, { paused: !paused });
            },
          )}
        </div>
        ${paused ? html`<p class="quiet">${strings.pausedNow}</p>` : nothing}
        ${source && !paused ? this.sections() : nothing}
      </main>`,
      this.root,
    );
    const { attention } = this.last;
    if (source && !paused && attention) {
      this.map.paint(attention, strings);
    }
  }

  private sourceText(): string {
    const { source, strings } = this.snapshot;
    if (!source) {
      return strings.empty;
    }
    const { name, startLine, endLine, wasCut } = source;
    const where =
      startLine === endLine
        ? fill(strings.source, name, startLine)
        : fill(strings.sourceLines, name, startLine, endLine);
    return wasCut ? `${where} · ${strings.cut}` : where;
  }

  private sections(): TemplateResult {
    const { strings } = this.snapshot;
    return html`${this.section('tokens', strings.tokens, (value) => this.tokens(value))}
      ${this.section('attention', strings.attention, () => this.map.element)}
      ${this.section('next', strings.next, ({ candidates }) =>
        barList(
          candidates.map(({ text, piece, probability }) => ({
            label: visibleText({ text, piece }),
            share: probability,
            value: percent(probability),
          })),
          strings.next,
        ),
      )}
      ${this.section('sentiment', strings.sentiment, ({ labels }) =>
        barList(
          labels.map(({ label, probability }) => ({
            label,
            share: probability,
            value: percent(probability),
          })),
          strings.sentiment,
        ),
      )}
      <div class="actions">
        ${inspectActions.map(
          (action) =>
            html`<button
              type="button"
              class="link"
              @click=${() => {
                this.send(InspectAct, { action });
              }}
            >
              ${strings[action]}
            </button>`,
        )}
      </div>`;
  }

  private section<P extends InspectPart>(
    part: P,
    title: string,
    body: (value: InspectValues[P]) => TemplateResult | HTMLElement,
  ): TemplateResult {
    const state = this.snapshot.parts[part];
    if (state.state === 'done') {
      this.last[part] = state.value as InspectValues[P];
    }
    const value = state.state === 'failed' ? undefined : this.last[part];
    return html`<section
      data-part=${part}
      data-state=${state.state}
      aria-busy=${String(state.state === 'running')}
    >
      <h2><span>${title}</span>${value ? html`<span class="quiet">${value.model}</span>` : nothing}</h2>
      ${
        state.state === 'failed'
          ? html`<p class="quiet">${state.message}</p>`
          : value
            ? body(value as InspectValues[P])
            : html`<p class="quiet">${this.snapshot.strings.running}</p>`
      }
    </section>`;
  }

  private tokens({ tokens, total }: InspectValues['tokens']): TemplateResult {
    const { strings } = this.snapshot;
    const more = total - tokens.length;
    return html`<p class="count">${fill(strings.numTokens, total)}</p>
      <p class="tokens">
        ${tokens.map(
          (token) =>
            html`<bdi title=${fill(strings.tokenTip, token.piece, token.id)}>${visibleText(token)}</bdi>`,
        )}
        ${more > 0 ? html`<span class="quiet">${fill(strings.moreTokens, more)}</span>` : nothing}
      </p>`;
  }

  private send<P>(type: RequestType<P, null, ErrorData>, params: P): void {
    // The host shows what goes wrong as a message.
    ask(this.connection, type, params).catch(() => undefined);
  }
}

function percent(probability: number): string {
  return `${(100 * probability).toFixed(1)}%`;
}
