import { type TemplateResult, html, nothing } from 'lit';
import {
  type AnswerRow,
  type FailureGroup,
  type GroupKind,
  type QueryProblem,
  type RunLook,
  groupKinds,
  queryFields,
} from '../../src/protocol/promptRuns';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import type { Failure } from '../../src/protocol/prompts';
import { iconButton } from '../common/controls';
import { fill } from '../common/format';
import type { MenuButton } from '../common/menu';
import { verdict } from './answerView';
import type { HistoryStore } from './historyStore';
import { moreRows } from './moreRows';
import { failureNames, strategyName } from './names';
import type { Store } from './store';

const groupNames = {
  kind: 'groupKind',
  confusion: 'groupConfusion',
  strategy: 'groupStrategy',
  model: 'groupModel',
} as const satisfies Record<GroupKind, string>;

/** One run: its failures in groups, and its answers with a query over them. */
export function lookView(
  look: RunLook,
  history: HistoryStore,
  store: Store,
  menu: MenuButton,
): TemplateResult {
  const { strings } = store.snapshot;
  return html`<section class="failure-groups" aria-label=${strings.failureGroups}>
      <header>
        <h2>
          ${strings.failureGroups}
          <span class="quiet">${fill(strings.failuresOf, look.numFailures, look.numAnswers)}</span>
        </h2>
        <span class="grow"></span>
        ${
          look.numFailures === 0
            ? nothing
            : html`<span class="tabs" role="group" aria-label=${strings.groupBy}>
                ${groupKinds.map(
                  (kind) =>
                    html`<button
                      type="button"
                      aria-pressed=${String(history.groupKind === kind)}
                      @click=${() => {
                        history.groupKind = kind;
                        history.changed();
                      }}
                    >
                      ${strings[groupNames[kind]]}
                    </button>`,
                )}
              </span>`
        }
      </header>
      ${
        look.numFailures === 0
          ? html`<p class="quiet">${strings.noFailures}</p>`
          : html`<ul class="group-list">
              ${look.groups
                .filter(({ by }) => by === history.groupKind)
                .map((group) => groupRow(group, look, history, strings))}
            </ul>`
      }
    </section>
    <section class="query-answers" aria-label=${strings.queryAnswers}>
      <header>
        <h2>
          ${strings.queryAnswers}
          <span class="quiet">${fill(strings.queryFound, look.numFound, look.numAnswers)}</span>
        </h2>
        <span class="grow"></span>
        ${menu.element}
      </header>
      ${queryBox(look, history, strings)}
      ${
        look.numFound === 0 && !look.problem
          ? html`<p class="quiet">${strings.nothingFound}</p>`
          : html`<ol class="found-list">
              ${look.rows.map((row, place) => foundRow(row, place, history, store))}
            </ol>`
      }
      ${moreRows(look.numFound - look.rows.length, history, strings)}
    </section>`;
}

function groupRow(
  group: FailureGroup,
  look: RunLook,
  history: HistoryStore,
  strings: PromptStrings,
): TemplateResult {
  const name = groupName(group, strings);
  const share = (100 * group.count) / Math.max(1, look.numFailures);
  return html`<li>
    <details>
      <summary>
        <bdi class="group-name">${name}</bdi>
        <svg class="group-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="rail" width="100" height="6" />
          <rect class="share" width=${share} height="6" />
        </svg>
        <span class="group-count">${fill(strings.groupCount, group.count, group.of)}</span>
      </summary>
      <ul class="group-examples">
        ${group.examples.map(
          ({ input, expected, result }) =>
            html`<li>
              <bdi>${input}</bdi>
              <span class="quiet"
                >${fill(strings.confusion, expected ?? '–', result.error ?? (result.output.trim() || strings.failureEmpty))}</span
              >
            </li>`,
        )}
      </ul>
    </details>
    ${iconButton('filter', `${strings.groupShow}: ${name}`, () => {
      history.search(group.query);
    })}
  </li>`;
}

function groupName({ by, name, answered }: FailureGroup, strings: PromptStrings): string {
  switch (by) {
    case 'kind':
      return strings[failureNames[name as Failure]];
    case 'strategy':
      return strategyName(name, strings);
    case 'model':
      return name;
    case 'confusion':
      return fill(strings.confusion, name, answered ?? strings.noAnswerRead);
  }
}

function queryBox(look: RunLook, history: HistoryStore, strings: PromptStrings): TemplateResult {
  const { problem } = look;
  return html`<div class="query-box">
      <input
        type="text"
        aria-label=${strings.query}
        aria-invalid=${String(problem !== null)}
        aria-describedby=${problem ? 'query-problem' : nothing}
        placeholder=${strings.queryPlaceholder}
        spellcheck="false"
        autocomplete="off"
        .value=${history.query}
        @change=${(event: Event) => {
          history.search((event.target as HTMLInputElement).value);
        }}
      />
      ${iconButton(
        'question',
        strings.queryHelp,
        () => {
          history.helpOpen = !history.helpOpen;
          history.changed();
        },
        history.helpOpen,
      )}
    </div>
    ${problem ? html`<p id="query-problem" class="failure" role="alert">${problemText(problem, strings)}</p>` : nothing}
    ${
      history.helpOpen
        ? html`<div class="help">
            <p>${strings.queryHelpText}</p>
            <p>
              ${fill(strings.queryExample, 'failure:wrong -strategy:role ms>200 expected=positive "not good"')}
            </p>
            <p>${fill(strings.queryFields, queryFields.join(', '))}</p>
          </div>`
        : nothing
    }`;
}

function problemText({ kind, piece, choices }: QueryProblem, strings: PromptStrings): string {
  const template = {
    unknownField: strings.queryUnknownField,
    notANumber: strings.queryNotANumber,
    unknownValue: strings.queryUnknownValue,
    openQuote: strings.queryOpenQuote,
    emptyValue: strings.queryEmptyValue,
  }[kind];
  return fill(template, piece, choices.join(', '));
}

function foundRow(row: AnswerRow, place: number, history: HistoryStore, store: Store): TemplateResult {
  const { strings, study } = store.snapshot;
  const { cell, input, expected, result } = row;
  const open = history.openRow === place;
  const output = result.error ?? result.output.trim();
  const way = strategyName(cell.strategy, strings);
  const about = [
    cell.item < 0 ? strings.ownInput : fill(strings.itemNumber, cell.item + 1),
    way,
    ...((study?.models.length ?? 0) > 1 ? [cell.model] : []),
    ...(cell.repeat ? [fill(strings.repeatNumber, cell.repeat + 1)] : []),
  ].join(' · ');
  return html`<li>
    <button
      type="button"
      class="found-row"
      aria-expanded=${String(open)}
      @click=${() => {
        history.openRow = open ? null : place;
        history.changed();
      }}
    >
      <span class="found-about quiet">${about}</span>
      <bdi class="found-input">${input}</bdi>
      <bdi class="found-answer">${result.answer ?? (output || strings.failureEmpty)}</bdi>
      <span class="found-verdict">${verdict(result, strings)}</span>
    </button>
    ${
      open
        ? html`<div class="found-detail">
            <p dir="auto">${input}</p>
            <pre dir="auto">${output === '' ? ' ' : output}</pre>
            ${expected === null ? nothing : html`<p class="quiet">${strings.expected}: <bdi>${expected}</bdi></p>`}
          </div>`
        : nothing
    }
  </li>`;
}
