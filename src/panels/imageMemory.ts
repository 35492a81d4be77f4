import type * as vscode from 'vscode';
import { type ImageTab, imageTabs } from '../protocol/imagePage';

/** What a page that is opened again shows: what was asked, never what was computed. */
export interface RememberedImages {
  readonly tab: ImageTab;
  /** Addresses of the pictures that were classified. */
  readonly pictures: readonly string[];
  readonly labels: readonly string[];
  readonly templates: readonly string[];
  readonly folder: string | null;
  readonly query: string;
  readonly picture: string | null;
  readonly captions: readonly string[];
}

const key = 'images.last';
const nothing: RememberedImages = {
  tab: 'labels',
  pictures: [],
  labels: [],
  templates: [],
  folder: null,
  query: '',
  picture: null,
  captions: [],
};

/** Keeps in the workspace's storage what was asked last; labels stay for the next pictures. */
export class ImageMemory {
  constructor(private readonly memento: vscode.Memento) {}

  read(): RememberedImages {
    const kept = { ...nothing, ...this.memento.get<Partial<RememberedImages>>(key) };
    return imageTabs.includes(kept.tab) ? kept : { ...kept, tab: 'labels' };
  }

  async keep(remembered: RememberedImages): Promise<void> {
    await this.memento.update(key, remembered);
  }
}
