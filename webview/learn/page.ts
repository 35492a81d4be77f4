import { type TemplateResult, html, nothing, render } from 'lit';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import {
  DoStep,
  type LearnChapter,
  type LearnSnapshot,
  type LearnStep,
  MarkStep,
  ResetCourse,
} from '../../src/protocol/learnPage';
import { ask } from '../../src/protocol/rpc';
import { button, iconButton } from '../common/controls';
import { fill } from '../common/format';
import type { VsCodeApi } from '../common/vscodeApi';

/** The course: chapters of steps, one step open at a time. */
export class Page {
  /** The open step: the one that was opened last, at first the first that is not done. */
  private open: string | null;
  private asking = false;

  constructor(
    private readonly root: HTMLElement,
    private snapshot: LearnSnapshot,
    private readonly connection: MessageConnection,
    private readonly api: VsCodeApi,
  ) {
    const kept = api.getState();
    this.open = typeof kept === 'string' ? kept : this.next();
    this.draw();
  }

  show(snapshot: LearnSnapshot): void {
    const before = this.stepOf(this.open);
    this.snapshot = snapshot;
    const after = this.stepOf(this.open);
    // A step that has just been done stays open: what there is to see is written in it.
    if (before?.done === true && after?.done === false && !this.steps().some(({ done }) => done)) {
      this.open = this.next();
    }
    this.draw();
  }

  private draw(): void {
    const { strings, chapters } = this.snapshot;
    const steps = this.steps();
    const numDone = steps.filter(({ done }) => done).length;
    document.body.dataset['state'] = 'ready';
    document.body.dataset['done'] = String(numDone);
    const progress = fill(strings.progress, numDone, steps.length);
    render(
      html`<main class="learn">
        <div class="progress">
          <h1>${strings.course}</h1>
          <progress max=${steps.length} .value=${numDone} aria-label=${progress}></progress>
          <p class="quiet" role="status">${progress}</p>
        </div>
        ${numDone === steps.length ? html`<p class="all-done">${strings.allDone}</p>` : nothing}
        ${chapters.map((chapter) => this.chapter(chapter))} ${numDone > 0 ? this.resetRow() : nothing}
      </main>`,
      this.root,
    );
  }

  private chapter({ title, source, steps }: LearnChapter): TemplateResult {
    const numDone = steps.filter(({ done }) => done).length;
    return html`<section>
      <h2><span>${title}</span><span class="quiet">${numDone}/${steps.length}</span></h2>
      <p class="source quiet">${source}</p>
      <ul>
        ${steps.map((step) => this.step(step))}
      </ul>
    </section>`;
  }

  private step(step: LearnStep): TemplateResult {
    const { strings } = this.snapshot;
    const isOpen = this.open === step.id;
    return html`<li class="step" data-step=${step.id}>
      <button
        type="button"
        class="step-title"
        aria-expanded=${String(isOpen)}
        @click=${() => {
          this.setOpen(isOpen ? null : step.id);
        }}
      >
        <span class="codicon codicon-${step.done ? 'pass-filled' : 'circle-large'}" aria-hidden="true"></span>
        <span>${step.title}</span>
        ${step.done ? html`<span class="visually-hidden">(${strings.done})</span>` : nothing}
      </button>
      ${isOpen ? this.body(step) : nothing}
    </li>`;
  }

  private body({ id, text, look, done }: LearnStep): TemplateResult {
    const { strings } = this.snapshot;
    return html`<div class="step-body">
      <p>${text}</p>
      <div class="step-row">
        ${button(strings.doIt, () => void ask(this.connection, DoStep, { id }).catch(toldByHost))}
        ${iconButton(done ? 'discard' : 'check', done ? strings.markUndone : strings.markDone, () => {
          void ask(this.connection, MarkStep, { id, done: !done }).catch(toldByHost);
        })}
      </div>
      <p class="look"><strong>${strings.lookFor}</strong> ${look}</p>
    </div>`;
  }

  private resetRow(): TemplateResult {
    const { strings } = this.snapshot;
    const setAsking = (asking: boolean): void => {
      this.asking = asking;
      this.draw();
      // The button that was pressed is gone: the focus goes to what does no harm.
      this.root.querySelector<HTMLElement>('.reset vscode-button:last-of-type')?.focus();
    };
    return this.asking
      ? html`<div
          class="step-row reset"
          role="group"
          aria-label=${strings.resetSure}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Escape') {
              setAsking(false);
            }
          }}
        >
          <span>${strings.resetSure}</span>
          ${button(strings.yes, () => {
            setAsking(false);
            void ask(this.connection, ResetCourse, {}).catch(toldByHost);
          })}
          ${button(strings.no, () => setAsking(false), true)}
        </div>`
      : html`<div class="step-row reset">${button(strings.reset, () => setAsking(true), true)}</div>`;
  }

  private setOpen(id: string | null): void {
    this.open = id;
    this.api.setState(id);
    this.draw();
  }

  private steps(): LearnStep[] {
    return this.snapshot.chapters.flatMap(({ steps }) => steps);
  }

  private stepOf(id: string | null): LearnStep | undefined {
    return this.steps().find((step) => step.id === id);
  }

  private next(): string | null {
    return this.steps().find(({ done }) => !done)?.id ?? null;
  }
}

/** The host shows what went wrong as a message. */
function toldByHost(): void {
  // Nothing is left to be done here.
}
