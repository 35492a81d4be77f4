import { type TemplateResult, html } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** Milliseconds after the last key before the notes are sent. */
const pause = 500;

/** The reader's own words, which go into the report. */
export class NotesView {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private written: string | null = null;
  private known = '';

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {}

  draw(): TemplateResult {
    const { strings, snapshot } = this.store;
    if (snapshot.notes !== this.known) {
      this.known = snapshot.notes;
      // What is being written is newer than what the host knows.
      this.written = this.timer === null ? null : this.written;
    }
    const value = this.written ?? snapshot.notes;
    return html`<section class="notes">
      <label
        ><h2>${strings.notes}</h2>
        <textarea
          rows="3"
          dir="auto"
          placeholder=${strings.notesHint}
          .value=${live(value)}
          @input=${(event: Event) => {
            this.written = (event.target as HTMLTextAreaElement).value;
            this.schedule();
          }}
          @change=${() => {
            this.flush();
          }}
        ></textarea>
      </label>
    </section>`;
  }

  private schedule(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
    this.timer = setTimeout(() => {
      this.flush();
    }, pause);
  }

  private flush(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
      this.verbs.setNotes(this.written ?? '');
    }
  }
}
