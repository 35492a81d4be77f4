import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import type { HubAccess } from './hubAccess';
import { settingKeys, settingsSection } from './ids';

/** What `models/manifest.json` says of one bundled model. */
export interface BundledModel {
  readonly id: string;
  /** As on the Hugging Face hub, e.g. `fill-mask`. */
  readonly task: string;
  readonly architecture: string;
  readonly languages: readonly string[];
  readonly parameters: number;
}

/** Knows the bundled models, and which model the person has chosen. */
export class Models {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly access: HubAccess,
  ) {}

  /** The setting as it is: the id of a bundled model, or a folder. */
  get setting(): string {
    return settings().get<string>(settingKeys.model, '').trim();
  }

  /** The chosen model: the id of a bundled one, or a folder on disk. */
  current(): ModelSource {
    const chosen = this.setting;
    if (isAbsolutePath(chosen)) {
      return this.sourceOf(chosen);
    }
    if (!/^[\w.-]+$/.test(chosen) || chosen.startsWith('.')) {
      throw new ScopeError('modelMissing', chosen);
    }
    return { id: chosen, folder: vscode.Uri.joinPath(this.extensionUri, 'models', chosen).fsPath };
  }

  /** A model that comes with the extension. */
  bundledSource(id: string): ModelSource {
    return { id, folder: vscode.Uri.joinPath(this.extensionUri, 'models', id).fsPath };
  }

  /** Makes a model the chosen one. */
  async use({ id, folder }: ModelSource): Promise<void> {
    const isBundled = this.bundledSource(id).folder === folder;
    await settings().update(settingKeys.model, isBundled ? id : folder, vscode.ConfigurationTarget.Global);
  }

  /** Back to the bundled model that is in use at first. */
  async useDefault(): Promise<void> {
    await settings().update(settingKeys.model, undefined, vscode.ConfigurationTarget.Global);
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

  /** Bundled models that a text can be put into: what reads pictures has no panel to show them in. */
  async bundledForText(): Promise<readonly BundledModel[]> {
    return (await this.bundled()).filter((model) => !model.task.includes('image'));
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

  /** The model that prompts are tried on first: the chosen one where it writes text, else a bundled one. */
  async forPrompts(): Promise<ModelSource> {
    const bundled = await this.promptModels();
    const current = this.current();
    const known = bundled.find(({ id }) => id === current.id);
    if (known || (await writesText(current.folder))) {
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
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return (JSON.parse(text) as { models: BundledModel[] }).models;
  }
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(settingsSection);
}

/** Whether a folder's configuration tells of a causal language model. */
async function writesText(folder: string): Promise<boolean> {
  try {
    const bytes = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(vscode.Uri.file(folder), 'config.json'),
    );
    const { architectures = [] } = JSON.parse(new TextDecoder().decode(bytes)) as {
      architectures?: string[];
    };
    return architectures.some((name) => /CausalLM$|LMHeadModel$/.test(name));
  } catch {
    return false;
  }
}

function isAbsolutePath(text: string): boolean {
  return text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text) || text.startsWith('\\\\');
}
