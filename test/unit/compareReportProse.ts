import assert from 'node:assert/strict';
import { comparisonReport } from '../../src/compare/report';
import type { ReportInput } from '../../src/compare/reportFacts';
import type { WordKey } from '../../src/compare/reportSpeech';
import { reportWordings } from '../../src/compare/reportWording';
import type { Both, Cloze } from '../../src/protocol/compare';
import { reportInput } from './compareReportInput';
import { type Rights, clozeSide, words } from './compareReportText';

/** What a report says, and whether it says a sentence. */

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** Paragraphs and lists, without tables, figures and quotations. */
export function proseOf(input: ReportInput, language: Language, without: readonly WordKey[] = []): string {
  const skipped = new Set(without.map((key) => reportWordings[language][key]));
  let inside = true;
  return comparisonReport(input, language)
    .blocks.flatMap((block) => {
      if (block.kind === 'heading') {
        inside = !skipped.has(block.text);
        return [];
      }
      return !inside
        ? []
        : block.kind === 'text'
          ? [block.text]
          : block.kind === 'list'
            ? [...block.items]
            : [];
    })
    .join('\n');
}

/** Whether a sentence of the wording stands in the report, whatever its numbers. */
export function says(input: ReportInput, language: Language, key: WordKey): boolean {
  const pattern = reportWordings[language][key]
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/ ?\{\d+\} ?/g, ' ?[^\\n]*? ?');
  return new RegExp(pattern).test(proseOf(input, language));
}

/** In both languages. */
export function expectSays(
  input: ReportInput,
  said: readonly WordKey[],
  unsaid: readonly WordKey[] = [],
): void {
  for (const language of languages) {
    said.forEach((key) => assert.ok(says(input, language, key), `${language} should say ${key}`));
    unsaid.forEach((key) => assert.ok(!says(input, language, key), `${language} should not say ${key}`));
  }
}

export function clozeOf({ left, right }: Rights, bits: Both<number> = { left: 3, right: 6 }): Cloze {
  return {
    words,
    left: clozeSide('both', left, (place) => bits.left + (place % 3)),
    right: clozeSide('left', right, (place) => bits.right + (place % 3)),
  };
}

export function withCloze(rights: Rights): ReportInput {
  return reportInput({ cloze: () => clozeOf(rights) });
}
