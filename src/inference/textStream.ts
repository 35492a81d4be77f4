/**
 * Text out of tokens as they come. A token may hold part of a character, and how it is written may
 * depend on what stands before it, so we decode a short window and hand out what is new in it
 * (as vLLM's incremental detokeniser does).
 */
export class TokenStream {
  private readonly ids: number[];
  /** The window starts here … */
  private from = 0;
  /** … and up to here its text has been handed out. */
  private done: number;

  /** @param context tokens before the first new one */
  constructor(
    private readonly decode: (ids: readonly number[]) => string,
    context: readonly number[],
  ) {
    this.ids = [...context];
    this.done = context.length;
  }

  /** @returns the text that `id` completes; empty while a character is unfinished. */
  push(id: number): string {
    this.ids.push(id);
    return this.take(false);
  }

  /** What is left at the end: bytes that never became a character, as U+FFFD. */
  flush(): string {
    return this.take(true);
  }

  private take(unfinished: boolean): string {
    const known = this.decode(this.ids.slice(this.from, this.done));
    const whole = this.decode(this.ids.slice(this.from));
    if (whole.length <= known.length || (!unfinished && whole.endsWith('\uFFFD'))) {
      return '';
    }
    this.from = this.done;
    this.done = this.ids.length;
    return whole.slice(known.length);
  }
}

/** Passes text on until a stop string appears, holding back an end that may be the beginning of one. */
export class StopGate {
  private held = '';
  /** The stop string that was met. */
  stop: string | undefined;

  constructor(private readonly stops: readonly string[]) {}

  /** @returns the part of the text that may be shown; nothing comes after a stop string. */
  push(text: string): string {
    if (this.stop !== undefined) {
      return '';
    }
    this.held += text;
    let cut = -1;
    for (const stop of this.stops) {
      const at = stop === '' ? -1 : this.held.indexOf(stop);
      if (at >= 0 && (cut < 0 || at < cut)) {
        cut = at;
        this.stop = stop;
      }
    }
    return this.release(cut >= 0 ? cut : this.held.length - this.longestBeginning());
  }

  /** What was held back, when the text ends without a stop string. */
  flush(): string {
    return this.stop === undefined ? this.release(this.held.length) : '';
  }

  private release(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return text;
  }

  private longestBeginning(): number {
    const longest = Math.max(0, ...this.stops.map((stop) => stop.length - 1));
    for (let length = Math.min(longest, this.held.length); length > 0; length--) {
      const end = this.held.slice(-length);
      if (this.stops.some((stop) => stop.startsWith(end))) {
        return length;
      }
    }
    return 0;
  }
}
