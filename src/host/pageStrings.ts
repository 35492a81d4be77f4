import * as vscode from 'vscode';
import { type AttentionStrings, attentionStringsEnglish } from '../protocol/attentionStrings';

/** The attention page's strings in the reader's language. */
export function attentionStrings(): AttentionStrings {
  const entries = Object.entries(attentionStringsEnglish).map(([key, english]) => [
    key,
    vscode.l10n.t(english),
  ]);
  return Object.fromEntries(entries) as AttentionStrings;
}
