import * as vscode from 'vscode';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import { settingKeys, settingsSection } from './ids';

/** What `models/manifest.json` says of one bundled model. */
interface BundledModel {
  readonly id: string;
  /** As on the Hugging Face hub, e.g. `fill-mask`. */
  readonly task: string;
  readonly architecture: string;
  readonly languages: readonly string[];
  readonly parameters: number;
}

/** Knows the bundled models, and which model the person has chosen. */
export class Models {
  constructor(private readonly extensionUri: vscode.Uri) {}

  /** The model chosen for texts or for pictures: the id of a bundled one, or a folder on disk. */
  current(reads: 'text' | 'picture' = 'text'): ModelSource {
    const chosen = vscode.workspace
      .getConfiguration(settingsSection)
      .get<string>(settingFor[reads], '')
      .trim();
    if (isAbsolutePath(chosen)) {
      return sourceOf(chosen);
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

  /** Bundled models that continue a prompt; the one made for instructions first. */
  async promptModels(): Promise<ModelSource[]> {
    const decoders = (await this.bundled()).filter((model) => model.task === 'text-generation');
    return decoders
      .sort((a, b) => Number(b.id.includes('instruct')) - Number(a.id.includes('instruct')))
      .map(({ id }) => this.bundledSource(id));
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

  /** Asks for a folder on disk. */
  async pickFolder(): Promise<ModelSource | undefined> {
    const folder = await pickFolder();
    return folder === undefined ? undefined : sourceOf(folder);
  }

  /** Lets the person pick; resolves to whether the setting was changed. */
  async choose(): Promise<boolean> {
    const picked = await this.ask(vscode.l10n.t('Model to look into'));
    if (picked === undefined) {
      return false;
    }
    const { task } = (await this.bundled()).find(({ id }) => id === picked) ?? {};
    const readsPictures = task ? isOfPictures(task) : await readsImages(picked);
    await vscode.workspace
      .getConfiguration(settingsSection)
      .update(settingFor[readsPictures ? 'picture' : 'text'], picked, vscode.ConfigurationTarget.Global);
    return true;
  }

  /** Lets the person pick a model to compare with; the setting stays. */
  async pick(reads: 'text' | 'picture'): Promise<ModelSource | undefined> {
    const picked = await this.ask(vscode.l10n.t('Model to compare with'), reads);
    return picked === undefined
      ? undefined
      : isAbsolutePath(picked)
        ? sourceOf(picked)
        : this.bundledSource(picked);
  }

  /** A bundled model's id or a folder. */
  private async ask(title: string, reads?: 'text' | 'picture'): Promise<string | undefined> {
    const bundled = (await this.bundled()).filter(
      ({ task }) => reads === undefined || isOfPictures(task) === (reads === 'picture'),
    );
    const settings = vscode.workspace.getConfiguration(settingsSection);
    const current = Object.values(settingFor).map((key) => settings.get<string>(key, ''));
    const items = bundled.map((model) => ({
      label: model.id,
      description: `${model.architecture} · ${model.languages.join(', ')} · ${(model.parameters / 1e6).toFixed(1)} M`,
      detail: current.includes(model.id) ? vscode.l10n.t('In use') : '',
      value: model.id,
    }));
    const folder = {
      label: `$(folder) ${vscode.l10n.t('A folder on disk…')}`,
      description: '',
      detail: vscode.l10n.t('Hugging Face layout: config.json, tokenizer.json, onnx/model.onnx'),
      value: '',
    };
    const picked = await vscode.window.showQuickPick([...items, folder], {
      title,
    });
    return picked === folder ? pickFolder() : picked?.value;
  }

  private async bundled(): Promise<readonly BundledModel[]> {
    const uri = vscode.Uri.joinPath(this.extensionUri, 'models', 'manifest.json');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return (JSON.parse(text) as { models: BundledModel[] }).models;
  }
}

const settingFor = { text: settingKeys.model, picture: settingKeys.imageModel } as const;

/** Whether a task of the Hugging Face hub is one of pictures, e.g. `zero-shot-image-classification`. */
function isOfPictures(task: string): boolean {
  return task.includes('image');
}

function sourceOf(folder: string): ModelSource {
  return { id: folder.split(/[\\/]/).filter(Boolean).at(-1) ?? folder, folder };
}

/** What a folder's configuration says; empty where there is none that can be read. */
async function configOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const bytes = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(vscode.Uri.file(folder), 'config.json'),
    );
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Whether a folder's configuration tells of a causal language model. */
async function writesText(folder: string): Promise<boolean> {
  const { architectures } = await configOf(folder);
  return (
    Array.isArray(architectures) && architectures.some((name) => /CausalLM$|LMHeadModel$/.test(String(name)))
  );
}

/** Whether a folder's configuration tells of a vision transformer or of CLIP. */
async function readsImages(folder: string): Promise<boolean> {
  const { vision_config: tower, patch_size: patch } = await configOf(folder);
  return tower !== undefined || patch !== undefined;
}

function isAbsolutePath(text: string): boolean {
  return text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text) || text.startsWith('\\\\');
}

async function pickFolder(): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Use This Model'),
  });
  return picked?.[0]?.fsPath;
}
