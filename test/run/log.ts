const began = performance.now();

/** Prints what happens now, with the seconds since the start: nobody should wonder whether it still works. */
export function step(message: string): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5);
  console.log(`[${seconds} s] ${message}`);
}

/** The part of an error a person needs; anything can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
