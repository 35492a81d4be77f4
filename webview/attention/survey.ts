import { type HeadLabel, type PatternKind, headLabels, scoreOf } from '../../src/attention/headLabels';
import type { HeadPatterns } from '../../src/attention/headPatterns';
import { unpackPatterns } from '../../src/attention/patternTable';
import type { HeadTable } from '../../src/protocol/attention';

/** What every head of a run does, in the order layer × head. */
export class Survey {
  readonly labels: readonly (readonly HeadLabel[])[];

  private constructor(readonly heads: readonly HeadPatterns[]) {
    this.labels = heads.map(headLabels);
  }

  static of(table: HeadTable): Survey {
    return new Survey(unpackPatterns(table.data));
  }

  /** Head numbers, the highest score first; heads that cannot be scored come last. */
  ranking(kind: PatternKind): number[] {
    const score = (index: number): number => {
      const value = scoreOf(this.heads[index] as HeadPatterns, kind);
      return Number.isNaN(value) ? -1 : value;
    };
    return [...this.heads.keys()].sort((a, b) => score(b) - score(a) || a - b);
  }

  /** NaN where the text says nothing about it. */
  score(index: number, kind: PatternKind): number {
    const head = this.heads[index];
    return head ? scoreOf(head, kind) : NaN;
  }
}
