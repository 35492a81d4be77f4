import type * as vscode from 'vscode';
import type { InferenceClient } from '../worker/client';
import { ScopeError, isScopeError } from '../protocol/errors';
import type { DocumentOverlay } from './documentOverlay';
import type { ModelChooser } from './modelChooser';
import type { Models } from './models';
import type { TaskModels } from './taskModels';

/** What commands on a selected text work with. */
export interface TextServices {
  readonly client: InferenceClient;
  readonly models: Models;
  readonly taskModels: TaskModels;
  readonly chooser: Pick<ModelChooser, 'pick'>;
  readonly overlay: DocumentOverlay;
  readonly log: vscode.LogOutputChannel;
}

/** Turns a model's refusal into one that names the model: it has no output for what was asked. */
export async function withHead<T>(model: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (isScopeError(error, 'modelUnsupported')) {
      throw new ScopeError('headMissing', model, { cause: error });
    }
    throw error;
  }
}
