/** Bytes per second over the last few seconds: an old average says nothing about a connection that has changed. */
export class TransferRate {
  private readonly samples: { readonly time: number; readonly bytes: number }[] = [];

  constructor(private readonly windowMilliseconds = 5000) {}

  /** @param time in milliseconds; @param bytes in all until then */
  add(time: number, bytes: number): void {
    const last = this.samples.at(-1);
    if (last && bytes < last.bytes) {
      this.samples.length = 0;
    }
    this.samples.push({ time, bytes });
    while ((this.samples[1]?.time ?? time) < time - this.windowMilliseconds) {
      this.samples.shift();
    }
  }

  /** Undefined until there are two moments to compare. */
  get bytesPerSecond(): number | undefined {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last || last.time - first.time < 200) {
      return undefined;
    }
    return ((last.bytes - first.bytes) * 1000) / (last.time - first.time);
  }

  /** Until `total` is reached. */
  secondsLeft(total: number): number | undefined {
    const rate = this.bytesPerSecond;
    const bytes = this.samples.at(-1)?.bytes ?? 0;
    return rate !== undefined && rate > 0 ? (total - bytes) / rate : undefined;
  }
}
