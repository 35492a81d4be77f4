import * as vscode from 'vscode';
import { settingKeys, settingsSection } from '../host/ids';
import type { Models } from '../host/models';
import type { RunSettings } from '../host/runCircumstances';
import type { Providers } from '../providers/provider';
import type { Journal, PromptSessionServices } from '../study/promptSession';
import type { InferenceClient } from '../worker/client';
import { describeFailure } from './benchSnapshot';

/** What every session in the editor has, whoever shows it. */
export function sessionServices(
  client: InferenceClient,
  models: Models,
  providers: Providers,
  journal: Journal,
): Omit<PromptSessionServices, 'changed' | 'cellsChanged' | 'streamed'> {
  return {
    client,
    providers,
    encoder: models.bundledSource('scope-bert'),
    journal,
    language: vscode.env.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    circumstances: async (study) => {
      const { runCircumstances } = await import('../host/runCircumstances');
      return runCircumstances(study, runSettings());
    },
    describe: describeFailure,
    mayRunExpressions: () => vscode.workspace.isTrusted,
    precision: usedPrecision,
  };
}

/** Which of a model's graphs the inference process loads. */
export function usedPrecision(): 'int8' | 'fp32' {
  return vscode.workspace
    .getConfiguration(settingsSection)
    .get<'int8' | 'fp32'>(settingKeys.precision, 'int8');
}

/** On what the models of a run are asked, by the settings. */
function runSettings(): RunSettings {
  const settings = vscode.workspace.getConfiguration(settingsSection);
  const own = vscode.extensions.getExtension('transformer-scope.transformer-scope');
  const { version } = (own?.packageJSON ?? {}) as { version?: string };
  return {
    precision: settings.get<'int8' | 'fp32'>(settingKeys.precision, 'int8'),
    runtime: settings.get<string>(settingKeys.runtime, 'auto'),
    versions: {
      'Transformer Scope': version ?? '',
      'VS Code': vscode.version,
      Node: process.versions.node,
      system: `${process.platform} ${process.arch}`,
    },
  };
}
