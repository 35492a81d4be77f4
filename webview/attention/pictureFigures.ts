import { element } from '../common/element';
import type { Theme } from '../common/theme';
import type { ComparedRun } from './comparedRun';
import { PatchView } from './patchView';
import type { ShownPictures } from './shownPictures';
import type { Store } from './store';

/** Where a run looked at a picture: the picture with the weights over it, and beside it the compared run's. */
export class PictureFigures {
  readonly elements: readonly HTMLElement[];
  private readonly main: PatchFigure;
  private readonly other: PatchFigure;

  constructor(
    private readonly store: Store,
    private readonly compared: ComparedRun,
    private readonly shown: ShownPictures,
    announce: () => void,
  ) {
    this.main = new PatchFigure(new PatchView(store, announce));
    this.other = new PatchFigure(new PatchView(compared, announce));
    this.elements = [this.main.element, this.other.element];
    this.main.colours.addEventListener('click', () => {
      const coloured = !this.main.view.coloured;
      this.main.view.coloured = this.other.view.coloured = coloured;
      this.main.colours.setAttribute('aria-pressed', String(coloured));
      store.pictureCame();
    });
  }

  focus(): void {
    this.main.view.element.focus();
  }

  draw(theme: Theme, width: number, height: number): void {
    const { store, compared } = this;
    const { strings } = store.snapshot;
    const { colours } = this.main;
    colours.textContent = strings.pictureColours;
    colours.title = strings.pictureColoursHint;
    for (const [figure, { view, matrix }] of [
      [this.main, store],
      [this.other, compared],
    ] as const) {
      figure.element.hidden = !view?.grid || (figure === this.other && !matrix);
      if (view?.grid && !figure.element.hidden) {
        // Its caption wraps under the picture's room instead of widening it.
        figure.element.style.width = `${width}px`;
        const picture = this.shown.of(view.runId);
        const name = `${strings.picture} ${view.source.name}, ${view.model.id}. ${strings.pictureKeys}`;
        figure.view.element.setAttribute('aria-label', name);
        figure.failure.textContent = picture === null ? strings.pictureFailed : '';
        figure.view.draw(theme, picture ?? null, strings, width, height);
      }
    }
  }

  paint(theme: Theme): void {
    const { strings } = this.store.snapshot;
    for (const { element: figure, view } of [this.main, this.other]) {
      if (!figure.hidden) {
        view.paint(theme, strings);
      }
    }
  }
}

/** A picture with its caption. */
class PatchFigure {
  readonly colours = element('button', 'link', { type: 'button', 'aria-pressed': 'true' });
  readonly failure = element('span', 'quiet', { role: 'status' });
  readonly element: HTMLElement;

  constructor(readonly view: PatchView) {
    this.element = element('figure', 'picture-figure', {}, [
      element('figcaption', '', {}, [view.caption, ' ', this.failure, ' ', this.colours]),
      view.element,
    ]);
  }
}
