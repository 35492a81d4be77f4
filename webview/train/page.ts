import { type TemplateResult, html, nothing, render } from 'lit';
import { iconButton } from '../common/controls';
import { fill } from '../common/format';
import { curves } from './curves';
import { HeadPainter } from './headPainter';
import { cellText, heads } from './heads';
import { probe } from './probe';
import { runRow } from './runRow';
import { SettingsForm } from './settingsForm';
import type { Store } from './store';
import { timeRow } from './timeRow';
import type { Verbs } from './verbs';

/** Between two pictures for those who asked for less motion. */
const calmMilliseconds = 1000;

/** The whole page, drawn anew at most once per frame. */
export class Page {
  private readonly form: SettingsForm;
  private readonly painter: HeadPainter;
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  private pending = false;
  private drawnAt = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.form = new SettingsForm(store, verbs);
    this.painter = new HeadPainter(root, store);
    store.onChange(() => this.schedule());
    new ResizeObserver(() => this.painter.paint()).observe(root);
    this.schedule();
  }

  private schedule(): void {
    if (this.pending) {
      return;
    }
    this.pending = true;
    const isRunning = this.store.progress.state === 'running';
    const wait = this.calm.matches && isRunning ? this.drawnAt + calmMilliseconds - performance.now() : 0;
    setTimeout(
      () => {
        requestAnimationFrame(() => {
          this.pending = false;
          this.drawnAt = performance.now();
          this.draw();
          this.painter.paint();
        });
      },
      Math.max(0, wait),
    );
  }

  private draw(): void {
    const { store, verbs } = this;
    const { strings, locale, facts } = store.shown;
    document.body.lang = document.documentElement.lang = locale;
    document.title = strings.title;
    document.body.dataset['state'] = 'ready';
    document.body.dataset['run'] = store.failure === null ? store.progress.state : 'failed';
    document.body.dataset['step'] = String(store.progress.step);
    render(
      html`<main class="page">
        <header class="header">
          <h1>${strings.title}</h1>
          <span class="quiet figures"
            >${fill(strings.numParameters, facts.numParameters.toLocaleString(locale))}</span
          >
          <span class="grow"></span>
          ${iconButton('question', strings.help, () => this.toggleHelp(), store.helpOpen)}
        </header>
        ${store.helpOpen ? html`<div class="help"><p>${strings.helpText}</p></div>` : nothing}
        ${store.notice === '' ? nothing : html`<p class="notice" role="status">${store.notice}</p>`}
        ${this.form.draw()}
        <section class="running" aria-label=${strings.title}>${runRow(store, verbs)}</section>
        <div class="columns">
          <div class="column">${curves(store)} ${probe(store, verbs)}</div>
          <div class="column">${this.attention()}</div>
        </div>
      </main>`,
      this.root,
    );
  }

  private attention(): TemplateResult {
    const { store, verbs } = this;
    const { strings } = store.shown;
    return html`<section class="attention" aria-label=${strings.attention}>
      <div class="row">
        <h2>${strings.attention}</h2>
        <span class="grow"></span>
        <span class="legend" aria-hidden="true"
          >${strings.legendNone} <canvas></canvas> ${strings.legendAll}</span
        >
      </div>
      ${timeRow(store, verbs)} ${heads(store)}
      <p class="readout figures" aria-live=${store.progress.state === 'running' ? 'off' : 'polite'}>
        ${cellText(store) || strings.attentionHint}
      </p>
    </section>`;
  }

  private toggleHelp(): void {
    this.store.helpOpen = !this.store.helpOpen;
    this.store.changed();
  }
}
