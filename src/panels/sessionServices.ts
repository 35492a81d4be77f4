import * as vscode from 'vscode';
import type { Models } from '../host/models';
import { readersLanguage } from '../host/readersLanguage';
import { setting } from '../host/settings';
import type { Providers } from '../providers/provider';
import type { Journal } from '../study/journal';
import type { PromptSessionServices } from '../study/promptSession';
import type { InferenceClient } from '../worker/client';
import { describeFailure } from './benchSnapshot';
import type { PastRuns } from './pastRuns';

/** What every session in the editor has, whoever shows it. */
export function sessionServices(
  client: InferenceClient,
  models: Models,
  providers: Providers,
  journal: Journal,
  past: PastRuns | undefined,
): Omit<PromptSessionServices, 'changed' | 'cellsChanged' | 'streamed'> {
  return {
    client,
    providers,
    encoder: models.bundledSource('scope-bert'),
    journal,
    language: readersLanguage(),
    ...(past && { circumstances: (study) => past.circumstances(study) }),
    describe: describeFailure,
    mayRunExpressions: () => vscode.workspace.isTrusted,
    precision: () => setting('precision'),
  };
}
