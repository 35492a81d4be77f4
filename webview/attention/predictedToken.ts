/** A token as it would be written; what writes nothing keeps its name. */
export function writtenText(text: string, piece: string): string {
  return text.trim() === '' ? piece : text.replace(/^ /, '');
}

export function percent(probability: number): string {
  const digits = probability >= 0.001 || probability === 0 ? 2 : 4;
  return `${(probability * 100).toFixed(digits)}%`;
}
