import type { StrategyRow, StudySummary } from '../../src/protocol/promptSummary';
import { wilson } from '../../src/prompts/statistics';

/** What the course says about ways of asking, as something that a study's figures can confirm or refute. */
export interface Claim {
  readonly text: string;
  /** Bundled tasks on which it must hold, each by itself. */
  readonly tasks: readonly string[];
  readonly holds: (summary: StudySummary) => { readonly held: boolean; readonly figures: string };
}

export const claims: readonly Claim[] = [
  {
    text: 'Step by step is right more often than the answer at once',
    tasks: ['arithmetic-en', 'arithmetic-zh'],
    holds: beats('zero-shot+reasoning'),
  },
  {
    text: 'Five examples are better than none where only examples tell the task',
    tasks: ['translation-en', 'translation-zh', 'pattern-en', 'pattern-zh'],
    holds: beats('few-shot-5'),
  },
  {
    text: 'Eight examples tell the labels that no instruction names',
    tasks: ['labels-en'],
    holds: beats('few-shot-8'),
  },
  {
    text: 'The format is obeyed when it is asked for',
    tasks: ['extraction-en', 'extraction-zh', 'sentiment-en', 'sentiment-zh'],
    holds: keepsFormat,
  },
];

/** Wilson's 95 % interval of the share of answers in the wanted format lies above four in five. */
function keepsFormat(summary: StudySummary): ReturnType<Claim['holds']> {
  const row = rowOf(summary, 'zero-shot+format');
  const kept = Math.round((row.formatKept ?? 0) * row.numDone);
  const { low, high } = wilson(kept, row.numDone);
  return { held: low > 0.8, figures: `${kept}/${row.numDone} (${percent(low)} to ${percent(high)})` };
}

/** Zero-shot is beaten on the same items: the 95 % interval of the difference leaves zero out. */
function beats(way: string): Claim['holds'] {
  return (summary) => {
    const row = rowOf(summary, way);
    const versus = row.versusZeroShot;
    if (!versus) {
      return { held: false, figures: 'no item was answered in both ways' };
    }
    const { low, high } = versus.interval;
    const plain = rowOf(summary, 'zero-shot');
    return {
      held: low > 0,
      figures: `${percent(plain.accuracy ?? 0)} → ${percent(row.accuracy ?? 0)}: ${points(versus.difference)} (${points(low)} to ${points(high)})`,
    };
  };
}

function rowOf(summary: StudySummary, way: string): StrategyRow {
  const row = summary.rows.find(({ strategy }) => strategy === way);
  if (!row) {
    throw new Error(`The task does not ask in the way "${way}".`);
  }
  return row;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const points = (share: number): string => `${share < 0 ? '−' : '+'}${Math.round(100 * Math.abs(share))}`;
