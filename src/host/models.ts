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

  /** The chosen model: the id of a bundled one, or a folder on disk. */
  current(): ModelSource {
    const chosen = vscode.workspace
      .getConfiguration(settingsSection)
      .get<string>(settingKeys.model, '')
      .trim();
    if (isAbsolutePath(chosen)) {
      return { id: chosen.split(/[\\/]/).filter(Boolean).at(-1) ?? chosen, folder: chosen };
    }
    if (!/^[\w.-]+$/.test(chosen) || chosen.startsWith('.')) {
      throw new ScopeError('modelMissing', chosen);
    }
    return { id: chosen, folder: vscode.Uri.joinPath(this.extensionUri, 'models', chosen).fsPath };
  }

  /** Lets the person pick; resolves to whether the setting was changed. */
  async choose(): Promise<boolean> {
    // What reads pictures has no panel to show them in.
    const bundled = (await this.bundled()).filter((model) => !model.task.includes('image'));
    const current = vscode.workspace.getConfiguration(settingsSection).get<string>(settingKeys.model, '');
    const items = bundled.map((model) => ({
      label: model.id,
      description: `${model.architecture} · ${model.languages.join(', ')} · ${(model.parameters / 1e6).toFixed(1)} M`,
      detail: model.id === current ? vscode.l10n.t('In use') : '',
      value: model.id,
    }));
    const folder = {
      label: `$(folder) ${vscode.l10n.t('A folder on disk…')}`,
      description: '',
      detail: vscode.l10n.t('Hugging Face layout: config.json, tokenizer.json, onnx/model.onnx'),
      value: '',
    };
    const picked = await vscode.window.showQuickPick([...items, folder], {
      title: vscode.l10n.t('Model to look into'),
    });
    if (!picked) {
      return false;
    }
    const value = picked === folder ? await pickFolder() : picked.value;
    if (value === undefined) {
      return false;
    }
    await vscode.workspace
      .getConfiguration(settingsSection)
      .update(settingKeys.model, value, vscode.ConfigurationTarget.Global);
    return true;
  }

  private async bundled(): Promise<readonly BundledModel[]> {
    const uri = vscode.Uri.joinPath(this.extensionUri, 'models', 'manifest.json');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return (JSON.parse(text) as { models: BundledModel[] }).models;
  }
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
