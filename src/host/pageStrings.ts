import * as vscode from 'vscode';
import type { ArchitectureStrings } from '../protocol/architectureStrings';
import type { AttentionStrings } from '../protocol/attentionStrings';
import type { CompareStrings } from '../protocol/compareStrings';
import type { ImageStrings } from '../protocol/imageStrings';
import type { InspectStrings } from '../protocol/inspectStrings';
import type { LearnStrings } from '../protocol/learnStrings';
import type { PromptStrings } from '../protocol/promptStrings';
import type { TrainStrings } from '../protocol/trainStrings';

/** The attention page's strings in the reader's language; like all of them they are loaded when a page is opened. */
export async function attentionStrings(): Promise<AttentionStrings> {
  return translated(
    (await import('../protocol/attentionStrings')).attentionStringsEnglish,
  ) as AttentionStrings;
}

/** The live view's strings in the reader's language. */
export async function inspectStrings(): Promise<InspectStrings> {
  return translated((await import('../protocol/inspectStrings')).inspectStringsEnglish) as InspectStrings;
}

/** The strings of the course's page in the reader's language. */
export async function learnStrings(): Promise<LearnStrings> {
  return translated((await import('../protocol/learnStrings')).learnStringsEnglish) as LearnStrings;
}

/** The prompt workbench's strings in the reader's language. */
export async function promptStrings(): Promise<PromptStrings> {
  return translated((await import('../protocol/promptStrings')).promptStringsEnglish) as PromptStrings;
}

/** The strings of the page of pictures and words in the reader's language. */
export async function imageStrings(): Promise<ImageStrings> {
  return translated((await import('../protocol/imageStrings')).imageStringsEnglish) as ImageStrings;
}

/** The strings of the page on which a model is trained in the reader's language. */
export async function trainStrings(): Promise<TrainStrings> {
  return translated((await import('../protocol/trainStrings')).trainStringsEnglish) as TrainStrings;
}

/** The comparison's strings in the reader's language. */
export async function compareStrings(): Promise<CompareStrings & ArchitectureStrings> {
  const [{ compareStringsEnglish }, { architectureStringsEnglish }] = await Promise.all([
    import('../protocol/compareStrings'),
    import('../protocol/architectureStrings'),
  ]);
  return {
    ...(translated(compareStringsEnglish) as CompareStrings),
    ...(translated(architectureStringsEnglish) as ArchitectureStrings),
  };
}

function translated(strings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(strings).map(([key, english]) => [key, vscode.l10n.t(english)]));
}
