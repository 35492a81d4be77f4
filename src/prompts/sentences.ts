import type { StrategyRow, StudySummary } from '../protocol/promptSummary';
import type { Failure, Strategy } from '../protocol/prompts';
import { filled } from '../report/filled';
import { parseStrategyId } from './strategy';
import type { Words } from './wording';

/** Says in words what a summary's numbers support, and nothing else. */

/** A strategy as people call it, e.g. `few-shot (3) + role`. */
export function strategyName(id: string | Strategy, words: Words): string {
  const strategy = typeof id === 'string' ? parseStrategyId(id) : id;
  if (!strategy) {
    return String(id);
  }
  const { shots, reasoning, role, format } = strategy;
  const extras = [reasoning && words.reasoning, role && words.role, format && words.format].filter(Boolean);
  // Zero-shot goes without saying once there is something to say.
  return [...(shots === 0 && extras.length > 0 ? [] : [words.strategyBase(shots)]), ...extras].join(' + ');
}

/** What worked best, and whether the evidence is enough. */
export function findings(summary: StudySummary, words: Words): string[] {
  if (summary.rows.every((row) => row.numDone === 0)) {
    return summary.numItems === 0 ? [] : [words.noResults];
  }
  const sentences = summary.findings.map(({ model, best, tied, evidence }) => {
    const row = summary.rows.find((each) => each.model === model && each.strategy === best) as StrategyRow;
    if (row.numPassed === 0) {
      return filled(words.nothingRight, model, row.numJudged);
    }
    const said = [
      filled(
        words.best,
        model,
        strategyName(best, words),
        count(row.numPassed),
        row.numJudged,
        percent(row.accuracy ?? 0),
        percent(row.interval.low),
        percent(row.interval.high),
      ),
    ];
    if (tied.length > 0) {
      said.push(filled(words.tied, tied.map((id) => strategyName(id, words)).join(words.listed)));
    }
    said.push(...evidenceOf(row, evidence, summary, words), ...sureness(row, evidence, words));
    return said.join(' ');
  });
  const unjudged = summary.rows.reduce((sum, row) => sum + row.numOpen, 0);
  return [
    ...sentences,
    ...agreed(summary, words),
    ...(unjudged > 0 ? [filled(words.unjudged, unjudged)] : []),
  ];
}

/** How likely the best way is to stay it, and how much its answers to the same prompt differ. */
function sureness(
  row: StrategyRow,
  evidence: StudySummary['findings'][number]['evidence'],
  words: Words,
): string[] {
  const said: string[] = [];
  if (row.bestProbability !== null && evidence !== 'fewItems') {
    said.push(filled(words.bestProbability, chance(row.bestProbability)));
  }
  const { stability } = row;
  if (stability && stability.numItems > 0) {
    const k = stability.passAt.length;
    said.push(
      filled(
        words.flicker,
        stability.numFlickering,
        stability.numItems,
        k,
        percent(stability.passAll[k - 1] ?? 0),
        percent(stability.passAt[k - 1] ?? 0),
      ),
      filled(words.majority, k, percent(stability.majority)),
    );
  }
  return said;
}

function agreed({ agreement, isJudged }: StudySummary, words: Words): string[] {
  if (!agreement) {
    return isJudged ? [words.nobodyChecked] : [];
  }
  const { kappa, numAnswers, observed } = agreement;
  const same = Math.round(observed * numAnswers);
  const two = (value: number): string => value.toFixed(2).replace('-', '−');
  return [
    kappa
      ? filled(
          words.agreement,
          same,
          numAnswers,
          two(kappa.value),
          two(kappa.interval.low),
          two(kappa.interval.high),
        )
      : filled(words.agreementPlain, same, numAnswers),
  ];
}

function evidenceOf(
  row: StrategyRow,
  evidence: StudySummary['findings'][number]['evidence'],
  summary: StudySummary,
  words: Words,
): string[] {
  if (evidence === 'fewItems') {
    return [filled(words.fewItems, row.numJudged, summary.fewestItems)];
  }
  const versus = row.versusZeroShot;
  if (evidence === 'baselineBest' || !versus) {
    return [filled(words.baselineBest, strategyName(row.strategy, words))];
  }
  const said = [
    filled(
      words[evidence],
      points(versus.difference),
      strategyName(baselineOf(summary, row.model)?.strategy ?? '', words),
      points(versus.interval.low),
      points(versus.interval.high),
      pValue(versus.p),
    ),
  ];
  if (versus.itemsNeeded !== null) {
    said.push(filled(words.needed, versus.itemsNeeded));
  }
  return said;
}

/** What each way adds or takes, what it costs, and what to do about its failures. */
export function practice(summary: StudySummary, words: Words): string[] {
  const said: string[] = [];
  const advised = new Set<Failure>();
  for (const row of summary.rows) {
    const name = strategyName(row.strategy, words);
    const versus = row.versusZeroShot;
    const base = baselineOf(summary, row.model);
    if (versus && base && versus.numItems >= summary.fewestItems) {
      const { low, high } = versus.interval;
      const sure = versus.p < 0.05;
      const sentence = sure && low > 0 ? words.helps : sure && high < 0 ? words.harms : words.noEffect;
      const cost = filled(
        words.cost,
        Math.round(row.promptTokens),
        Math.round(row.milliseconds),
        Math.round(base.promptTokens),
        Math.round(base.milliseconds),
        strategyName(base.strategy, words),
      );
      const effect = filled(sentence, name, points(versus.difference), points(low), points(high));
      said.push(`${row.model}: ${effect} ${cost}`);
    }
    if (row.formatKept !== null) {
      said.push(`${row.model}: ${filled(words.formatKept, name, percent(row.formatKept))}`);
    }
    const [worst, count] = (Object.entries(row.failures) as [Failure, number][]).reduce((top, each) =>
      each[1] > top[1] ? each : top,
    );
    if (count > 0 && count >= row.numDone / 4) {
      said.push(
        `${row.model}: ${filled(words.commonFailure, name, words.failures[worst], count, row.numDone)}`,
      );
      advised.add(worst);
    }
  }
  const advice = {
    empty: words.adviceEmpty,
    format: words.adviceFormat,
    wrong: words.adviceWrong,
    cut: words.adviceCut,
    error: words.adviceError,
  };
  return [...said, ...[...advised].map((failure) => advice[failure])];
}

/** The way that the others of a model are compared with. */
export function baselineOf(summary: StudySummary, model: string): StrategyRow | undefined {
  const own = summary.rows.filter((row) => row.model === model);
  return own.find((row) => row.versusZeroShot === null && row.numJudged > 0) ?? own[0];
}

/** A probability from resamples, which never shows that something is certain. */
export function chance(share: number): string {
  return share > 0.99 ? '> 99%' : share < 0.01 ? '< 1%' : percent(share);
}

export function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

/** Right answers; of items asked several times a sum of shares. */
export function count(passed: number): string {
  return String(Math.round(10 * passed) / 10);
}

/** A difference of shares in points, with its sign. */
export function points(difference: number): string {
  const rounded = Math.round(100 * difference);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : '0';
}

function pValue(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}
