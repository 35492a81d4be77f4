import * as vscode from 'vscode';
import { type ArchitectureStrings, architectureStringsEnglish } from '../protocol/architectureStrings';
import { type AttentionStrings, attentionStringsEnglish } from '../protocol/attentionStrings';
import { type CompareStrings, compareStringsEnglish } from '../protocol/compareStrings';
import { type InspectStrings, inspectStringsEnglish } from '../protocol/inspectStrings';
import { type LearnStrings, learnStringsEnglish } from '../protocol/learnStrings';
import { type ImageStrings, imageStringsEnglish } from '../protocol/imageStrings';
import { type PromptStrings, promptStringsEnglish } from '../protocol/promptStrings';

/** The attention page's strings in the reader's language. */
export function attentionStrings(): AttentionStrings {
  return translated(attentionStringsEnglish) as AttentionStrings;
}

/** The live view's strings in the reader's language. */
export function inspectStrings(): InspectStrings {
  return translated(inspectStringsEnglish) as InspectStrings;
}

/** The strings of the course's page in the reader's language. */
export function learnStrings(): LearnStrings {
  return translated(learnStringsEnglish) as LearnStrings;
}

/** The prompt workbench's strings in the reader's language. */
export function promptStrings(): PromptStrings {
  return translated(promptStringsEnglish) as PromptStrings;
}

/** The strings of the page of pictures and words in the reader's language. */
export function imageStrings(): ImageStrings {
  return translated(imageStringsEnglish) as ImageStrings;
}

/** The comparison's strings in the reader's language. */
export function compareStrings(): CompareStrings & ArchitectureStrings {
  return {
    ...(translated(compareStringsEnglish) as CompareStrings),
    ...(translated(architectureStringsEnglish) as ArchitectureStrings),
  };
}

function translated(strings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(strings).map(([key, english]) => [key, vscode.l10n.t(english)]));
}
