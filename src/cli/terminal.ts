/**
 * Text for a terminal. What comes from a suite, a model's answer or a file name must not steer it: escape sequences,
 * other control characters and marks that turn the order of signs round are left out; line breaks and tabs stay.
 */
export function forTerminal(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

export function writeTo(stream: NodeJS.WritableStream, text: string): void {
  stream.write(forTerminal(text));
}
