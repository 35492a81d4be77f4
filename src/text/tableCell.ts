/**
 * A text as a cell of a table that is pasted into a spreadsheet: one cell, and no formula, which a picture's name or a
 * document could begin like one.
 */
export function tableCell(text: string): string {
  const line = text.replace(/[\t\r\n]+/g, ' ');
  return /^\s*[=+\-@＝＋－＠]/.test(line) && !/^-?\d+(?:[.,]\d+)?$/.test(line) ? `'${line}` : line;
}
