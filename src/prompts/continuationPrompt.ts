/** A text to be continued, as a model reads it best. */
export interface ContinuationPrompt {
  readonly prompt: string;
  /** The blanks behind the last word: most tokens bring their own space, so the model is not shown these. */
  readonly blanks: string;
}

/** Takes the blanks off the end of a text, except where they indent a line. */
export function continuationPrompt(text: string): ContinuationPrompt {
  const blanks = /(?<=\S)[ \t]+$/.exec(text)?.[0] ?? '';
  return { prompt: text.slice(0, text.length - blanks.length), blanks };
}

/**
 * What is to be shown of what the model wrote.
 * @param blanks what {@link continuationPrompt} took off, which stands in the document already
 * @param lineBreak of the document
 */
export function shownContinuation(written: string, blanks: string, lineBreak: string): string {
  // An end that never became a character, and what only shows when something follows it.
  const whole = written.replace(/[\s\uFFFD]+$/, '');
  const joined = blanks === '' ? whole : whole.replace(/^[ \t]+/, '');
  return joined.replace(/\r\n|\r|\n/g, lineBreak);
}

/**
 * What is left of the continuations when a person has typed, or taken over, a piece of them.
 * @returns those that begin with the piece, without it; undefined when none does
 */
export function leftOver(continuations: readonly string[], piece: string): string[] | undefined {
  const fitting = continuations
    .filter((each) => each.startsWith(piece))
    .map((each) => each.slice(piece.length));
  return piece === '' || fitting.length === 0 ? undefined : fitting;
}
