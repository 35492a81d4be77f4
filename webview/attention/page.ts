import { type TemplateResult, html, nothing, render } from 'lit';
import type { ExportFormat } from '../../src/protocol/attentionPage';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { iconButton } from '../common/controls';
import { element } from '../common/element';
import { fill } from '../common/format';
import { type Theme, onThemeChange, readTheme } from '../common/theme';
import { MenuButton, type MenuItem } from '../common/menu';
import { type Exporter, exportMenu } from './exporter';
import { ComparedRun } from './comparedRun';
import { comparison, header, help, notices } from './header';
import type { HeadSource } from './headSource';
import { HeadPanel } from './headPanel';
import { type MessageVerbs, message } from './messages';
import { Overview } from './overview';
import { RankList } from './rankList';
import type { ShownPictures } from './shownPictures';
import type { Change } from './pointing';
import type { Store } from './store';
import { TextEditor } from './textEditor';
import { TokenStrip } from './tokenStrip';

/** The whole page: puts the views in place and tells each what to redraw, once per frame. */
export class Page {
  private readonly title = element('h1', 'visually-hidden');
  private readonly head = element('header', 'header');
  private readonly helpBox = element('div', 'help');
  private readonly notices = element('div', 'notices');
  private readonly message = element('div', 'message-slot');
  private readonly live = element('p', 'visually-hidden', { 'aria-live': 'polite' });
  private readonly picture = element('div', 'picture');
  private readonly strip: TokenStrip;
  private readonly overview: Overview;
  private readonly ranks: RankList;
  private readonly headPanel: HeadPanel;
  private theme: Theme = readTheme();
  private helpOpen = false;
  private readonly textEditor: TextEditor;
  private readonly exportMenu = new MenuButton('export');
  private readonly compareMenu = new MenuButton('diff');
  private readonly compared: ComparedRun;
  private pending: Change | null = null;
  /** The run that was told of last. */
  private told = -1;

  constructor(
    root: HTMLElement,
    private readonly store: Store,
    private readonly verbs: MessageVerbs,
    private readonly exporter: Exporter,
    compare: HeadSource,
    pictures: ShownPictures,
    connection: MessageConnection,
  ) {
    this.compared = new ComparedRun(store, compare, () => {
      this.schedule('head');
    });
    this.textEditor = new TextEditor(
      store,
      (text, second, purpose) => {
        if (purpose === 'compare') {
          verbs.compare(second === '' ? { with: 'text', text } : { with: 'text', text, second });
        } else {
          verbs.analyse(text, second);
        }
      },
      () => {
        this.drawFrame();
      },
    );
    const resized = (): void => {
      this.schedule('snapshot');
    };
    this.ranks = new RankList(store, this.compared, resized, connection);
    this.strip = new TokenStrip(store, (unit) => {
      this.ranks.predict(unit);
    });
    this.headPanel = new HeadPanel(store, this.compared, pictures, this.announce);
    this.overview = new Overview(store, () => {
      this.headPanel.focus();
    });
    const top = element('div', 'top', {}, [this.overview.element, this.ranks.element]);
    this.picture.append(this.strip.element, top, this.headPanel.element);
    root.replaceChildren(
      element('main', 'page', {}, [
        this.title,
        this.head,
        this.helpBox,
        this.textEditor.element,
        this.message,
        this.notices,
        this.picture,
        this.live,
      ]),
    );
    store.onChange((change) => {
      this.schedule(change);
    });
    onThemeChange(() => {
      this.theme = readTheme();
      this.schedule('snapshot');
    });
    let width = 0;
    new ResizeObserver(() => {
      // Height follows from what is drawn; only width asks for another drawing.
      if (root.clientWidth !== width) {
        width = root.clientWidth;
        this.schedule('snapshot');
      }
    }).observe(root);
    window.addEventListener('resize', () => {
      this.schedule('snapshot');
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) {
        store.release();
      }
    });
    this.schedule('snapshot');
  }

  /** Keeps what is shown as a file, once it is there. */
  async saveView(format: ExportFormat): Promise<boolean> {
    const { store } = this;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (store.headState.kind !== 'loading') {
          resolve();
        }
      };
      store.onChange(look);
      look();
    });
    return this.exporter.save(store, this.compared, format);
  }

  private editButton(): TemplateResult | typeof nothing {
    const { standalone, strings } = this.store.snapshot;
    return standalone || this.store.view?.grid
      ? nothing
      : iconButton(
          'edit',
          strings.editText,
          () => {
            this.textEditor.toggle();
          },
          this.textEditor.open,
        );
  }

  private compareItems(): MenuItem[] {
    const { strings, compared } = this.store.snapshot;
    const another = this.store.view?.grid
      ? {
          label: strings.comparePicture,
          run: () => {
            this.verbs.compare({ with: 'picture' });
          },
        }
      : {
          label: strings.compareText,
          run: () => {
            this.textEditor.toggle('compare');
          },
        };
    const items = [
      {
        label: strings.compareModel,
        run: () => {
          this.verbs.compare({ with: 'model' });
        },
      },
      another,
    ];
    const stop = {
      label: strings.compareStop,
      run: () => {
        this.verbs.compare({ with: 'nothing' });
      },
    };
    return compared ? [...items, stop] : items;
  }

  private readonly announce = (text: string): void => {
    this.live.textContent = text;
  };

  /** Gathers what changed within one frame; the larger change includes the smaller. */
  private schedule(change: Change): void {
    const order: readonly Change[] = ['focus', 'head', 'snapshot'];
    if (this.pending === null) {
      this.pending = change;
      requestAnimationFrame(() => {
        const { pending } = this;
        this.pending = null;
        this.draw(pending ?? 'focus');
      });
    } else if (order.indexOf(change) > order.indexOf(this.pending)) {
      this.pending = change;
    }
  }

  private draw(change: Change): void {
    if (change === 'snapshot') {
      this.drawFrame();
    }
    const { view, snapshot } = this.store;
    if (!view) {
      document.body.dataset['state'] = snapshot.state.kind === 'ready' ? 'busy' : snapshot.state.kind;
      return;
    }
    if (change === 'focus') {
      this.headPanel.paint(this.theme);
    } else {
      const room = window.innerHeight;
      const { clientWidth } = this.overview.element;
      if (change === 'snapshot') {
        // Beside the head it may be tall; above the head it must leave room.
        const share = window.innerWidth >= 1100 ? 0.6 : window.innerWidth < 520 ? 0.25 : 0.38;
        this.overview.draw(this.theme, clientWidth, Math.max(200, room * share));
      } else {
        this.overview.select();
      }
      const drawn = this.headPanel.draw(this.theme, Math.max(260, room * 0.62));
      if (snapshot.state.kind !== 'ready') {
        document.body.dataset['state'] = snapshot.state.kind;
      } else if (drawn) {
        document.body.dataset['state'] = 'ready';
      } else {
        document.body.dataset['state'] = this.store.headState.kind === 'failed' ? 'failed' : 'busy';
      }
    }
    this.strip.paint(this.theme);
    this.ranks.paint();
  }

  /** Everything that only changes with a snapshot. */
  private drawFrame(): void {
    const { view, snapshot } = this.store;
    const { state, strings, locale } = snapshot;
    document.body.lang = document.documentElement.lang = locale;
    document.title = this.title.textContent = strings.title;
    const showsMessage = state.kind !== 'ready';
    // A message takes the header's row, so that the old picture below it stays where it was.
    render(showsMessage ? message(state, strings, this.verbs) : nothing, this.message);
    const live = view !== null && !showsMessage;
    if (live && view.runId !== this.told) {
      this.told = view.runId;
      this.announce(`${view.model.id}: ${fill(strings.tokenCount, view.tokens.length)}`);
    }
    const toggle = (): void => {
      this.helpOpen = !this.helpOpen;
      this.schedule('snapshot');
    };
    this.exportMenu.element.hidden = this.compareMenu.element.hidden = snapshot.standalone;
    this.compareMenu.update(strings.compareMenu, this.compareItems());
    this.exportMenu.update(
      strings.exportMenu,
      exportMenu(this.store, this.compared, this.exporter, strings, this.announce),
    );
    render(
      live
        ? header(
            view,
            this.store.stack ?? view.model,
            strings,
            [this.editButton(), this.compareMenu.element, this.exportMenu.element],
            {
              open: this.helpOpen,
              toggle,
            },
          )
        : nothing,
      this.head,
    );
    this.head.hidden = !live;
    render(live && this.helpOpen ? help(view, snapshot) : nothing, this.helpBox);
    this.helpBox.hidden = !(live && this.helpOpen);
    render(
      live ? html`${comparison(snapshot.compared, strings)}${notices(view, strings)}` : nothing,
      this.notices,
    );
    this.picture.hidden = view === null || state.kind === 'empty';
    this.picture.inert = showsMessage;
    this.picture.classList.toggle('old', showsMessage);
    this.picture.classList.toggle('of-image', view?.grid !== undefined);
    this.textEditor.draw();
    this.strip.update();
  }
}
