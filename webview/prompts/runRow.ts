import { type TemplateResult, html, nothing, svg } from 'lit';
import type { RunListing, RunWay } from '../../src/protocol/promptRuns';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import { fill } from '../common/format';
import type { HistoryStore } from './historyStore';
import { momentOf } from './moments';
import { formatPercent, strategyName } from './names';
import type { Store } from './store';

/** A run in the list: when, how many answers, how the best way did, and what had been changed before it. */
export function runRow(run: RunListing, history: HistoryStore, store: Store): TemplateResult {
  const { strings, locale } = store.snapshot;
  const moment = momentOf(run.began, locale);
  const shown = history.pair ? history.pair.includes(run.id) : history.selected === run.id;
  const ticked = history.ticked.includes(run.id);
  return html`<li class="run ${shown ? 'shown' : ''}" data-run=${run.id}>
    <input
      type="checkbox"
      aria-label=${fill(strings.compareRun, moment)}
      title=${fill(strings.compareRun, moment)}
      .checked=${ticked}
      @change=${() => {
        history.tick(run.id);
      }}
    />
    <button
      type="button"
      class="run-name"
      aria-pressed=${String(!history.pair && history.selected === run.id)}
      aria-label=${fill(strings.runOf, moment)}
      title=${factsOf(run, strings)}
      @click=${() => {
        history.select(run.id);
      }}
    >
      ${moment}
    </button>
    <span class="quiet">
      ${fill(strings.runAnswers, run.numAnswers)}${
        run.origin === 'brought'
          ? `, ${strings.runBrought}`
          : run.numTested === 0
            ? `, ${strings.runInput}`
            : ''
      }
    </span>
    ${bestOf(run, store)}
    ${run.changes.length > 0 ? changeChips(run.changes, strings, strings.changedSince) : nothing}
  </li>`;
}

function bestOf({ figures }: RunListing, store: Store): TemplateResult | typeof nothing {
  const { strings, study } = store.snapshot;
  const best = figures.ways.reduce<RunWay | null>(
    (top, way) => (top === null || way.accuracy > top.accuracy ? way : top),
    null,
  );
  if (!best) {
    return nothing;
  }
  const name = strategyName(best.strategy, strings);
  const several = new Set(figures.ways.map(({ model }) => model)).size > 1 || (study?.models.length ?? 0) > 1;
  return html`<span class="run-best">
    <span>${fill(strings.bestWay, several ? `${name}, ${best.model}` : name)}</span>
    ${intervalBar(best, strings)} <span>${formatPercent(best.accuracy)}</span>
  </span>`;
}

/** A share with its interval, as in the table of results. */
function intervalBar(
  { accuracy, interval, numPassed, numJudged }: RunWay,
  strings: PromptStrings,
): TemplateResult {
  const x = (share: number): number => 100 * share;
  const said = fill(
    strings.intervalOf,
    Number(numPassed.toFixed(1)),
    numJudged,
    formatPercent(interval.low),
    formatPercent(interval.high),
  );
  return html`<span class="bar" title=${said}
    ><svg viewBox="-1 0 102 12" role="img" aria-label=${said}>
      ${svg`<rect class="rail" width="100" height="12"/><rect class="share" width=${x(accuracy)} height="12"/>
      <path class="interval" d=${`M${x(interval.low)} 6H${x(interval.high)}M${x(interval.low)} 3v6M${x(interval.high)} 3v6`}/>`}
    </svg></span
  >`;
}

/** What was changed in a study, in words where the page has them. */
export function changeChips(
  changes: readonly string[],
  strings: PromptStrings,
  label: string,
): TemplateResult {
  return html`<span class="run-changes" role="group" aria-label=${label} title=${label}>
    ${changes.map((path) => html`<span class="chip">${pathName(path, strings)}</span>`)}
  </span>`;
}

const pathNames: Readonly<Record<string, keyof PromptStrings>> = {
  input: 'pathInput',
  strategies: 'pathStrategies',
  models: 'pathModels',
  edited: 'pathEdited',
  repeats: 'pathRepeats',
  kind: 'task',
  language: 'language',
  instruction: 'instruction',
  role: 'role',
  format: 'format',
  frame: 'template',
  labels: 'labels',
  examples: 'examples',
  exampleChoice: 'exampleChoice',
  items: 'items',
  scorer: 'scorer',
  temperature: 'temperature',
  topK: 'topK',
  topP: 'topP',
  minP: 'minP',
  repetitionPenalty: 'repetitionPenalty',
  maxNewTokens: 'maxNewTokens',
  seed: 'seed',
  stop: 'stop',
};

function pathName(path: string, strings: PromptStrings): string {
  const key = pathNames[path.split('.').at(-1) ?? ''];
  return key === undefined ? path : strings[key];
}

/** Who was asked with what, in lines. */
function factsOf({ circumstances, began, ended }: RunListing, strings: PromptStrings): string {
  const seconds = Math.max(0, Math.round((ended - began) / 1000));
  const models = (circumstances?.models ?? []).map(({ id, hash, ...facts }) =>
    [id, ...Object.values(facts), hash === undefined ? '' : hash.replace(/^(.{12}).*? /, '$1… ')]
      .filter(Boolean)
      .join(', '),
  );
  const versions = Object.entries(circumstances?.versions ?? {}).map((entry) => entry.join(' '));
  return [strings.runFacts, ...models, versions.join(', '), `${seconds} s`].filter(Boolean).join('\n');
}
