import * as vscode from 'vscode';
import type { ImageIndexStore } from '../host/imageIndexStore';
import type { PictureTargets } from '../host/imageTargets';
import { imageViewType } from '../host/ids';
import type { DocumentLines } from '../host/documentLines';
import type { Models } from '../host/models';
import { imageStrings } from '../host/pageStrings';
import { readersLanguage } from '../host/readersLanguage';
import { onSettingChanged } from '../host/settings';
import { ScopeError } from '../protocol/errors';
import * as page from '../protocol/imagePage';
import type { ImageModel, ImageSnapshot, ImageTab } from '../protocol/imagePage';
import type { InferenceClient } from '../worker/client';
import { pageOptions } from './html';
import { ImageMemory } from './imageMemory';
import type { ImageActions } from './imageActions';
import type { ImageTabs } from './imageTabs';
import type { PageConnection } from './pageConnection';
import type { PageDecoder } from './pageDecoder';

export interface ImagePanelServices {
  readonly extensionUri: vscode.Uri;
  /** Where the vectors of folders are kept. */
  readonly storage: vscode.Uri;
  readonly client: InferenceClient;
  readonly models: Models;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** Lines of the document that is open; undefined where there are none. */
  documentLines(): DocumentLines | undefined;
  showAttention(picture: vscode.Uri): Promise<void>;
}

/** The host half of the page that puts pictures and words together. There is one panel; asking again updates it. */
export class ImagePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private tabs: ImageTabs | undefined;
  private strings: ImageSnapshot['strings'] | undefined;
  private model: ImageModel | null = null;
  private readonly memory: ImageMemory;
  private readonly settings: vscode.Disposable;

  constructor(private readonly services: ImagePanelServices) {
    this.memory = new ImageMemory(services.memory);
    this.settings = onSettingChanged(() => void this.tabs?.modelChanged(), 'imageModel');
  }

  /** What the page shows; for tests too. */
  snapshot(): ImageSnapshot {
    const { strings } = this;
    const views = this.tabs?.views();
    if (!views || !strings) {
      throw new ScopeError('runExpired');
    }
    return { locale: vscode.env.language, strings, model: this.model, ...views };
  }

  /** Which of the person's labels fit these pictures. Resolves when it is known. */
  async classify({ uris, numOffered }: PictureTargets): Promise<void> {
    const tabs = await this.open();
    tabs.labels.setPictures(uris, numOffered);
    const samples = vscode.Uri.joinPath(this.services.extensionUri, 'media', 'sample').path;
    if (tabs.labels.view.labels.length === 0 && uris.every(({ path }) => path.startsWith(`${samples}/`))) {
      // What the pictures that come with the extension show is known: the first look has something to say.
      const { exampleLabels } = await import('../host/imageExamples');
      const labels = exampleLabels('scope-clip', readersLanguage()) ?? [];
      tabs.labels.setPrompts(labels.join('\n'), tabs.labels.view.templates.join('\n'));
    }
    await this.run(tabs, 'labels');
  }

  /** Opens the search in a folder. Resolves when every picture of it was read. */
  async search(folder: vscode.Uri): Promise<void> {
    const tabs = await this.open();
    tabs.search.setFolder(folder);
    await this.run(tabs, 'search');
  }

  /** Which lines of the open document belong to a picture; without a document, of the texts that were typed. */
  async findTexts(picture: vscode.Uri): Promise<void> {
    const lines = this.services.documentLines();
    const tabs = await this.open();
    if (lines) {
      tabs.captions.setDocument(lines);
    }
    tabs.captions.setPicture(picture);
    await this.run(tabs, 'captions');
  }

  /** Takes over a panel that VS Code kept over a restart. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = pageOptions(this.services.extensionUri);
    const tabs = this.attach(panel, await this.firstTemplate(), await loadParts());
    tabs.restore(this.memory.read());
    void tabs.show(this.memory.read().tab);
  }

  /** For tests: what the page's controls do. */
  get current(): ImageTabs | undefined {
    return this.tabs;
  }

  dispose(): void {
    this.settings.dispose();
    this.panel?.dispose();
  }

  private async open(): Promise<ImageTabs> {
    const template = await this.firstTemplate();
    const parts = await loadParts();
    if (this.panel && this.tabs) {
      this.panel.reveal(undefined, true);
      return this.tabs;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { ...pageOptions(this.services.extensionUri), enableFindWidget: true };
    const title = vscode.l10n.t('Images');
    const panel = vscode.window.createWebviewPanel(imageViewType, title, column, options);
    const tabs = this.attach(panel, template, parts);
    // The pictures of another time are not wanted again, its words are.
    tabs.restore({ ...this.memory.read(), pictures: [], folder: null, picture: null });
    return tabs;
  }

  /** Does the work of a tab anew and shows it. */
  private async run(tabs: ImageTabs, tab: ImageTab): Promise<void> {
    tabs.needs(tab);
    await tabs.show(tab);
  }

  private async firstTemplate(): Promise<string> {
    const [{ firstTemplate }, { clipInUse }] = await Promise.all([
      import('../host/imageExamples'),
      import('../host/clipInUse'),
    ]);
    try {
      return firstTemplate((await clipInUse(this.services.models)).source.id, readersLanguage());
    } catch {
      // That the model is missing is told when it is needed.
      return firstTemplate(undefined, readersLanguage());
    }
  }

  private attach(panel: vscode.WebviewPanel, template: string, parts: Parts): ImageTabs {
    const { extensionUri, storage, client, models, log } = this.services;
    this.panel?.dispose();
    const connection = new parts.PageConnection(panel, extensionUri, log);
    const decoder = new parts.PageDecoder(connection.wire, Infinity);
    const send = (changed: Partial<page.ImageState>): void => {
      void connection.wire.sendNotification(page.ImagesChanged, changed);
    };
    const tabs = new parts.ImageTabs({
      client,
      models,
      store: new parts.ImageIndexStore(storage, (message) => log.error(message)),
      owner: `images-${Date.now()}`,
      toPng: (picture, type) => decoder.toPng(picture, type),
      template,
      log: (message) => log.error(message),
      changed: send,
      asked: () => void this.memory.keep(tabs.remembered()),
      modelChanged: (model) => {
        this.model = model;
        send({ model });
      },
    });
    connection.answer(page.ImagesReady, () => {
      decoder.opened();
      return this.snapshot();
    });
    this.strings = parts.strings;
    this.answerPage(connection, tabs, parts);
    panel.onDidChangeViewState(() => {
      if (!panel.visible) {
        decoder.closed();
      }
    });
    this.panel = panel;
    this.tabs = tabs;
    connection.start('images', () => {
      decoder.dispose();
      void tabs.dispose();
      if (this.panel === panel) {
        this.panel = undefined;
        this.tabs = undefined;
      }
    });
    return tabs;
  }

  private answerPage(connection: PageConnection, tabs: ImageTabs, { ImageActions }: Parts): void {
    const { labels, search, captions, book } = tabs;
    // A picture that cannot be shown has its place in the page to say so.
    connection.answer(page.PictureFile, ({ id }) => book.file(id));
    connection.onDo(page.ShowTab, ({ tab }) => tabs.show(tab));
    connection.onDo(page.SetLabels, (typed) =>
      tabs.setPrompts(beginning(typed.labels), beginning(typed.templates)),
    );
    connection.onDo(page.SetQuery, ({ query }) => tabs.setQuery(beginning(query)));
    connection.onDo(page.SetCaptions, ({ texts }) => tabs.setCaptions(beginning(texts)));
    const { extensionUri, models, documentLines, showAttention } = this.services;
    const actions = new ImageActions(tabs, {
      ...{ extensionUri, models, documentLines, showAttention, language: readersLanguage() },
      classify: (targets) => this.classify(targets),
      search: (folder) => this.search(folder),
      run: (tab) => this.run(tabs, tab),
    });
    connection.onDo(page.UsePicture, ({ id, how }) => actions.use(book.uri(id), how));
    connection.onDo(page.ShowText, ({ index }) => captions.reveal(index));
    connection.onDo(page.StopImages, ({ tab }) =>
      tab === 'search' ? search.stop() : (tab === 'labels' ? labels : captions).stop(),
    );
    connection.onDo(page.PerformImages, ({ action }) => actions.perform(action));
  }
}

/** What a panel is made of; all of it is there before there is one, so that no second one can come between. */
interface Parts {
  readonly strings: ImageSnapshot['strings'];
  readonly ImageTabs: typeof ImageTabs;
  readonly ImageActions: typeof ImageActions;
  readonly ImageIndexStore: typeof ImageIndexStore;
  readonly PageConnection: typeof PageConnection;
  readonly PageDecoder: typeof PageDecoder;
}

async function loadParts(): Promise<Parts> {
  const [strings, ...modules] = await Promise.all([
    imageStrings(),
    import('./imageTabs'),
    import('./imageActions'),
    import('../host/imageIndexStore'),
    import('./pageConnection'),
    import('./pageDecoder'),
  ]);
  const [tabs, actions, store, connection, decoder] = modules;
  return { strings, ...tabs, ...actions, ...store, ...connection, ...decoder };
}

const longestTyped = 100_000;

/** Of what is typed the beginning is enough. */
function beginning(text: string): string {
  return text.slice(0, longestTyped);
}
