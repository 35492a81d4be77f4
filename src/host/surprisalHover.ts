import * as vscode from 'vscode';
import type { TextScore } from '../protocol/language';

/** What a stretch of text was to the model: its tokens' surprisal, probability and rank, and what it expected there. */
export function surprisalHover(
  { tokens, scores, context }: TextScore,
  members: readonly number[],
  text: string,
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const hover = new vscode.MarkdownString();
  for (const index of members) {
    const token = tokens[index];
    const score = scores[index];
    if (!token || !score) {
      continue;
    }
    // A token that is a part of a character has no text of its own.
    const shown = members.length > 1 ? token.piece : text.slice(token.start, token.end);
    hover.appendMarkdown('**').appendText(visible(shown)).appendMarkdown('**  ');
    hover.appendText(
      t(
        '{0} bits · probability {1} · rank {2}',
        score.surprisalBits.toFixed(2),
        percent(2 ** -score.surprisalBits),
        score.rank,
      ),
    );
    hover.appendMarkdown('\n\n');
    hover.appendText(
      context === 'left'
        ? t('Expected here, from the preceding text:')
        : t('Expected here, from both sides:'),
    );
    hover.appendMarkdown('\n\n');
    for (const { text: own, piece, probability } of score.alternatives) {
      hover.appendMarkdown('- ').appendText(`${visible(own === '' ? piece : own)}   ${percent(probability)}`);
      hover.appendMarkdown('\n');
    }
    hover.appendMarkdown('\n');
  }
  return hover;
}

/** A token so that its spaces and line breaks can be seen. */
function visible(text: string): string {
  return text
    .replaceAll(' ', '␣')
    .replaceAll('\t', '⇥')
    .replace(/\r\n|\r|\n/g, '⏎');
}

function percent(probability: number): string {
  const value = probability * 100;
  if (value >= 1) {
    return `${value.toFixed(2)}%`;
  }
  return `${value >= 1e-4 ? value.toPrecision(3) : value.toExponential(2)}%`;
}
