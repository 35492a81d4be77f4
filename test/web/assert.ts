/** The few assertions that tests without Node need. */

export function ok(value: unknown, what: string): asserts value {
  if (!value) {
    throw new Error(what);
  }
}

export function equal<T>(actual: T, expected: T, what = ''): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  ok(left === right, `${what} ${left} is not ${right}`);
}

/** Waits until there is something. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  milliseconds = 20_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await probe();
    if (value !== undefined) {
      return value;
    }
    ok(Date.now() < deadline, `waited ${milliseconds} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
