import * as vscode from 'vscode';
import type { RemoteFile } from '../hub/hub';
import type { ModelStore } from '../hub/modelStore';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import { jsonOf } from './fileText';
import { classesOf, readsImages } from './modelConfig';
import { folderOf } from './modelUri';
import { changeSetting, setting } from './settings';

/** What `models/manifest.json` says of one bundled model. */
export interface BundledModel {
  readonly id: string;
  /** As on the Hugging Face hub, e.g. `fill-mask`. */
  readonly task: string;
  readonly architecture: string;
  readonly languages: readonly string[];
  readonly parameters: number;
  /** SPDX. */
  readonly license: string;
  /** The longest text in tokens. */
  readonly maxTokens: number;
  /** How its matrices are stored, where that is not their type. */
  readonly quantization?: string;
  /** Files that are shipped. */
  readonly files: readonly RemoteFile[];
}

/** Where models are that were downloaded. */
export interface StoredModels {
  store(): Pick<ModelStore, 'nameOf' | 'models'>;
}

/** Knows the bundled models, and which model the person has chosen. */
export class Models {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly access: StoredModels,
  ) {}

  /** The setting as it is: the id of a bundled model, or a folder. */
  setting(reads: Reads = 'text'): string {
    return setting(settingFor[reads]).trim();
  }

  /** The model chosen for texts or for pictures: the id of a bundled one, or a folder on disk. */
  current(reads: Reads = 'text'): ModelSource {
    return this.named(this.setting(reads));
  }

  /** A model as settings name it. @throws {ScopeError} `modelMissing` for what is neither an id nor a path */
  named(name: string): ModelSource {
    if (isAbsolutePath(name)) {
      return this.sourceOf(name);
    }
    if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) {
      throw new ScopeError('modelMissing', name);
    }
    return this.bundledSource(name);
  }

  /** How settings name a model: the id of a bundled one, the folder of any other. */
  async nameFor({ id, folder }: ModelSource): Promise<string> {
    const isBundled = (await this.bundled()).some((each) => each.id === id);
    return isBundled && this.bundledSource(id).folder === folder ? id : folder;
  }

  /** A model that comes with the extension. */
  bundledSource(id: string): ModelSource {
    return { id, folder: folderOf(vscode.Uri.joinPath(this.extensionUri, 'models', id)) };
  }

  /** Makes a model the chosen one for what it reads. */
  async use(model: ModelSource): Promise<void> {
    const key = settingFor[(await readsImages(model.folder)) ? 'picture' : 'text'];
    await changeSetting(key, await this.nameFor(model));
  }

  /** Whether a folder is the chosen model for texts or for pictures. */
  isInUse(folder: string): boolean {
    return this.setting('text') === folder || this.setting('picture') === folder;
  }

  /** Back to the bundled model, where a folder that goes was the chosen one. */
  async stopUsing(folder: string): Promise<void> {
    for (const reads of ['text', 'picture'] as const) {
      if (this.setting(reads) === folder) {
        await changeSetting(settingFor[reads], undefined);
      }
    }
  }

  /** A folder by the name that a person knows the model by: that of the hub, else the folder's own. */
  sourceOf(folder: string): ModelSource {
    const cached = /[\\/]models--([^\\/]+)[\\/]snapshots[\\/][^\\/]+[\\/]?$/.exec(folder)?.[1];
    const id =
      this.access.store().nameOf(folder) ??
      cached?.replaceAll('--', '/') ??
      folder.split(/[\\/]/).filter(Boolean).at(-1);
    return { id: id ?? folder, folder };
  }

  /** Bundled models that are given texts, or pictures; all when it does not matter. */
  async bundledReading(reads?: Reads): Promise<readonly BundledModel[]> {
    return (await this.bundled()).filter(
      ({ task }) => reads === undefined || isOfPictures(task) === (reads === 'picture'),
    );
  }

  /** Models that continue a prompt: the bundled one made for instructions, other bundled ones, downloaded ones. */
  async promptModels(): Promise<ModelSource[]> {
    const decoders = (await this.bundled()).filter((model) => model.task === 'text-generation');
    const downloaded = (await this.access.store().models()).filter(({ task }) => task === 'text-generation');
    return [
      ...decoders
        .sort((a, b) => Number(b.id.includes('instruct')) - Number(a.id.includes('instruct')))
        .map(({ id }) => this.bundledSource(id)),
      ...downloaded.map(({ folder }) => this.sourceOf(folder)),
    ];
  }

  /** Bundled models for any of these tasks, as on the Hugging Face hub. */
  async bundledFor(
    tasks: readonly string[],
  ): Promise<{ readonly task: string; readonly source: ModelSource }[]> {
    const bundled = (await this.bundled()).filter(({ task }) => tasks.includes(task));
    return bundled.map(({ id, task }) => ({ task, source: this.bundledSource(id) }));
  }

  /** The model that prompts are tried on first: the chosen one where it writes text, else a bundled one. */
  async forPrompts(): Promise<ModelSource> {
    const bundled = await this.promptModels();
    const current = this.current();
    const known = bundled.find(({ id }) => id === current.id);
    if (known || /CausalLM|LMHeadModel/.test(await classesOf(current.folder))) {
      return current;
    }
    const [first] = bundled;
    if (!first) {
      throw new ScopeError('modelMissing');
    }
    return first;
  }

  /** A study file names bundled models by id alone, others by their folder. */
  async resolve({ id, folder }: ModelSource): Promise<ModelSource> {
    const bundled = (await this.bundled()).some((model) => model.id === id);
    return bundled ? this.bundledSource(id) : { id, folder };
  }

  private async bundled(): Promise<readonly BundledModel[]> {
    const uri = vscode.Uri.joinPath(this.extensionUri, 'models', 'manifest.json');
    return ((await jsonOf(uri)) as { models: BundledModel[] }).models;
  }
}

/** What a model is given. */
export type Reads = 'text' | 'picture';
const settingFor = { text: 'model', picture: 'imageModel' } as const;

/** Whether a task of the Hugging Face hub is one of pictures, e.g. `zero-shot-image-classification`. */
function isOfPictures(task: string): boolean {
  return task.includes('image');
}

function isAbsolutePath(text: string): boolean {
  return text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text) || text.startsWith('\\\\');
}
