import type { ImageRun, ImageSnapshot, ImageState } from '../../src/protocol/imagePage';

/** What the page shows: the host's snapshot with what has changed since, and what the reader has opened. */
export class Store {
  helpOpen = false;
  /** Pictures whose labels are all shown. */
  readonly opened = new Set<number>();
  /** Said to screen readers, and shown until something else happens. */
  notice = '';
  private readonly listeners: (() => void)[] = [];

  constructor(private current: ImageSnapshot) {}

  get snapshot(): ImageSnapshot {
    return this.current;
  }

  /** Of the tab on show. */
  get run(): ImageRun {
    return this.current[this.current.tab].run;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  changed(): void {
    this.listeners.forEach((listener) => {
      listener();
    });
  }

  update(changed: Partial<ImageState>): void {
    this.current = { ...this.current, ...changed };
    this.changed();
  }

  toggle(id: number): void {
    if (!this.opened.delete(id)) {
      this.opened.add(id);
    }
    this.changed();
  }

  say(text: string): void {
    this.notice = text;
    this.changed();
  }
}
