import { type TemplateResult, html, nothing } from 'lit';
import { type AnswerFormat, answerFormats } from '../../src/protocol/promptRuns';
import type { Study } from '../../src/protocol/prompts';
import { button, iconButton } from '../common/controls';
import { MenuButton } from '../common/menu';
import { comparisonView } from './comparisonView';
import { HistoryStore } from './historyStore';
import { lookView } from './lookView';
import { runRow } from './runRow';
import type { Store } from './store';
import type { Verbs } from './verbs';

const exportNames = {
  csv: 'exportCsv',
  json: 'exportJson',
  jsonl: 'exportJsonl',
  md: 'exportMd',
  html: 'exportHtml',
} as const satisfies Record<AnswerFormat, string>;

/** Past runs of the study: a list, and below it one of them, or two compared. */
export class HistoryView {
  private readonly history: HistoryStore;
  private readonly menu = new MenuButton('export');

  constructor(
    private readonly store: Store,
    verbs: Verbs,
  ) {
    this.history = new HistoryStore(store, verbs);
  }

  draw(study: Study): TemplateResult {
    const { history, store } = this;
    const { strings } = store.snapshot;
    history.refresh(study);
    const { runs } = history;
    if (!runs) {
      return history.failed
        ? html`<div class="message">
            <p>${strings.historyFailed}</p>
            ${button(strings.retry, () => {
              history.refresh(study, true);
            })}
          </div>`
        : html`<p class="quiet" role="status">${strings.loadingRuns}</p>`;
    }
    if (runs.length === 0) {
      return html`<p class="empty-results">${strings.noRuns}</p>`;
    }
    this.menu.update(
      strings.export,
      answerFormats.map((format) => ({
        label: strings[exportNames[format]],
        run: () => void history.export(format),
      })),
    );
    return html`<section class="runs" aria-label=${strings.runs}>
        <header>
          <h2>${strings.runs} <span class="quiet">${history.numRuns}</span></h2>
          <span class="quiet grow">${runs.length > 1 ? strings.runsHint : ''}</span>
          ${iconButton('refresh', strings.refreshRuns, () => {
            history.refresh(study, true);
          })}
        </header>
        <ul class="run-list">
          ${runs.map((run) => runRow(run, history, store))}
        </ul>
        ${
          history.numRuns > runs.length
            ? button(
                strings.olderRuns,
                () => {
                  history.older();
                },
                true,
              )
            : nothing
        }
      </section>
      ${this.shown()}`;
  }

  private shown(): TemplateResult | typeof nothing {
    const { history, store, menu } = this;
    if (history.pair) {
      return history.comparison ? comparisonView(history.comparison, history, store, menu) : this.waiting();
    }
    return history.look ? lookView(history.look, history, store, menu) : this.waiting();
  }

  private waiting(): TemplateResult {
    return html`<p class="quiet" role="status">${this.store.snapshot.strings.loadingRuns}</p>`;
  }
}
