import * as vscode from 'vscode';
import { jsonOf } from '../host/fileText';
import type { Models } from '../host/models';
import type { ScalingCurve } from '../protocol/comparePage';
import type { ModelSource } from '../protocol/model';
import type { CompareServices } from './compareSession';

/** What comes with the extension and does not change while it runs. */
export interface ComparedModels {
  /** Bundled models that a text can be put into. */
  readonly choices: readonly ModelSource[];
  /** Those that stand in where a part needs another kind of model. */
  readonly bundled: CompareServices['bundled'];
  /** What our own recipe measured at several sizes; null where it is not shipped. */
  readonly scaling: ScalingCurve | null;
}

export async function comparedModels(
  models: Models,
  extensionUri: vscode.Uri,
  warn: (message: string) => void,
): Promise<ComparedModels> {
  const known = await models.bundledFor(['fill-mask', 'text-classification', 'text-generation']);
  const first = (role: string, task: string, instruct = false): Record<string, ModelSource> => {
    const found = known.find(
      (each) => each.task === task && each.source.id.includes('instruct') === instruct,
    );
    return found ? { [role]: found.source } : {};
  };
  return {
    choices: known.map(({ source }) => source),
    bundled: {
      ...first('encoder', 'fill-mask'),
      ...first('classifier', 'text-classification'),
      ...first('decoder', 'text-generation'),
      ...first('tuned', 'text-generation', true),
    },
    scaling: await readScaling(extensionUri, warn),
  };
}

async function readScaling(
  extensionUri: vscode.Uri,
  warn: (message: string) => void,
): Promise<ScalingCurve | null> {
  try {
    const uri = vscode.Uri.joinPath(extensionUri, 'models', 'training', 'gpt', 'scaling.json');
    return (await jsonOf(uri)) as ScalingCurve;
  } catch (error) {
    warn(`scaling.json: ${String(error)}`);
    return null;
  }
}
