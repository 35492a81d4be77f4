import * as vscode from 'vscode';
import { parseTemplates } from '../attention/labelList';
import type { ImageIndexStore } from '../host/imageIndexStore';
import type { Models } from '../host/models';
import type { ToPng } from '../host/selectedPicture';
import { type ImageModel, type ImageState, type ImageTab, imageTabs } from '../protocol/imagePage';
import type { InferenceClient } from '../worker/client';
import { CaptionsTab } from './captionsTab';
import { ImageEngine } from './imageEngine';
import type { RememberedImages } from './imageMemory';
import { LabelsTab } from './labelsTab';
import { PictureBook } from './pictureBook';
import { SearchTab } from './searchTab';

export interface ImageTabsServices {
  readonly client: InferenceClient;
  readonly models: Models;
  readonly store: ImageIndexStore;
  readonly owner: string;
  readonly toPng: ToPng;
  /** What stands in for no template at all. */
  readonly template: string;
  log(message: string): void;
  changed(parts: Partial<ImageState>): void;
  modelChanged(model: ImageModel): void;
  /** Something else was asked, which may be asked again another time. */
  asked(): void;
}

/** The three tabs of one page, and which of them is on show. A tab does its work when it is looked at. */
export class ImageTabs {
  readonly book = new PictureBook();
  readonly labels: LabelsTab;
  readonly search: SearchTab;
  readonly captions: CaptionsTab;
  private shown: ImageTab = 'labels';
  private readonly waiting = new Set<ImageTab>();

  constructor(private readonly services: ImageTabsServices) {
    const { client, models, toPng, modelChanged, owner, log, changed } = services;
    const engine = new ImageEngine({ client, models, toPng, modelChanged });
    const shared = { engine, book: this.book, owner, log };
    this.labels = new LabelsTab({ ...shared, changed: () => changed({ labels: this.labels.view }) });
    const searched = { ...shared, changed: () => changed({ search: this.search.view }) };
    this.search = new SearchTab(searched, services.store);
    this.captions = new CaptionsTab({ ...shared, changed: () => changed({ captions: this.captions.view }) });
    this.labels.setPrompts('', services.template);
  }

  get tab(): ImageTab {
    return this.shown;
  }

  views(): Pick<ImageState, 'tab' | 'labels' | 'search' | 'captions'> {
    const { shown, labels, search, captions } = this;
    return { tab: shown, labels: labels.view, search: search.view, captions: captions.view };
  }

  /** What a tab shows is no longer what was asked; it works when it is shown. */
  needs(...tabs: readonly ImageTab[]): void {
    tabs.forEach((tab) => this.waiting.add(tab));
  }

  /** Shows a tab. Resolves when what it needs is done. */
  async show(tab: ImageTab): Promise<void> {
    this.shown = tab;
    this.services.changed(this.views());
    this.services.asked();
    if (this.waiting.delete(tab)) {
      await this.work(tab);
    }
  }

  /** Labels and templates as they were typed; no template at all is the first one. */
  async setPrompts(labels: string, templates: string): Promise<void> {
    const isEmpty = parseTemplates(templates).length === 0;
    if (this.labels.setPrompts(labels, isEmpty ? this.services.template : templates)) {
      this.services.asked();
      await this.labels.classify();
    }
  }

  /** What to look for in the folder. */
  async setQuery(query: string): Promise<void> {
    const done = this.search.setQuery(query);
    this.services.asked();
    await done;
  }

  /** Texts for the picture as they were typed, one per line. */
  async setCaptions(texts: string): Promise<void> {
    if (this.captions.setTyped(texts)) {
      this.services.asked();
      await this.captions.rank();
    }
  }

  /** Everything by the model that was chosen meanwhile. */
  async modelChanged(): Promise<void> {
    this.needs(...imageTabs);
    await this.show(this.shown);
  }

  remembered(): RememberedImages {
    const { shown, labels, search, captions } = this;
    const { folder, query } = search.searched;
    return {
      tab: shown,
      pictures: labels.pictures.map(String),
      labels: labels.view.labels,
      templates: labels.view.templates,
      folder: folder?.toString() ?? null,
      query,
      picture: captions.picture?.toString() ?? null,
      captions: captions.lines,
    };
  }

  restore(kept: RememberedImages): void {
    const { labels, search, captions } = this;
    labels.setPictures(kept.pictures.map((each) => vscode.Uri.parse(each)));
    labels.setPrompts(kept.labels.join('\n'), kept.templates.join('\n') || this.services.template);
    if (kept.folder !== null) {
      search.setFolder(vscode.Uri.parse(kept.folder), kept.query);
    } else {
      void search.setQuery(kept.query);
    }
    // As typed ones: where the lines stood may be another place by now.
    captions.setTyped(kept.captions.join('\n'));
    if (kept.picture !== null) {
      captions.setPicture(vscode.Uri.parse(kept.picture));
    }
    this.needs(...imageTabs);
  }

  /** The page is gone. */
  async dispose(): Promise<void> {
    this.labels.stop();
    this.captions.stop();
    await this.search.dispose();
  }

  private work(tab: ImageTab): Promise<void> {
    switch (tab) {
      case 'labels':
        return this.labels.classify();
      case 'search':
        return this.search.refresh();
      case 'captions':
        return this.captions.rank();
    }
  }
}
