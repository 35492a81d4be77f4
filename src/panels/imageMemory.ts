import type * as vscode from 'vscode';
import { type ImageTab, imageTabs } from '../protocol/imagePage';
import { attempt, fields, listOf, oneOf, orNull, text } from '../protocol/shape';

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

const address = text(10_000);
const rememberedImages = fields<RememberedImages>({
  tab: oneOf(imageTabs),
  pictures: listOf(address, 1000),
  labels: listOf(text()),
  templates: listOf(text()),
  folder: orNull(address),
  query: text(),
  picture: orNull(address),
  captions: listOf(text()),
});

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
    return attempt(rememberedImages, { ...nothing, ...this.memento.get<object>(key) }) ?? nothing;
  }

  async keep(remembered: RememberedImages): Promise<void> {
    await this.memento.update(key, remembered);
  }
}
