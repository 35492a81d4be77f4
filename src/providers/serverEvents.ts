/**
 * Server-sent events out of an answer's pieces (WHATWG HTML, "event stream interpretation"), as far as the
 * protocol needs it: the data of each event. A line may be cut anywhere, a character too.
 */

/** No event is longer than this; a server that never ends a line would fill the memory. */
const longestEvent = 4_000_000;

export class EventStreamError extends Error {}

/**
 * The data of each event.
 * @throws {EventStreamError} when one does not end
 */
export async function* serverEvents(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  let size = 0;
  const take = function* (lines: readonly string[]): Generator<string> {
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) {
          yield data.join('\n');
        }
        data = [];
        size = 0;
        continue;
      }
      // A line that begins with a colon is a comment, which servers send to keep the connection open.
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      if (field === 'data') {
        const value = colon < 0 ? '' : line.slice(colon + 1);
        data.push(value.startsWith(' ') ? value.slice(1) : value);
        // Also a line without anything takes memory.
        size += value.length + 1;
      }
      if (size > longestEvent) {
        throw new EventStreamError('an event without an end');
      }
    }
  };
  for await (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true });
    // A carriage return at the end may be the first half of a line's end.
    const held = rest.endsWith('\r') ? '\r' : '';
    const lines = (held === '' ? rest : rest.slice(0, -1)).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + held;
    if (rest.length > longestEvent) {
      throw new EventStreamError('a line without an end');
    }
    yield* take(lines);
  }
  rest += decoder.decode();
  // The last event counts also where the server forgot the empty line behind it.
  yield* take([...rest.split(/\r\n|\n|\r/), '']);
}
