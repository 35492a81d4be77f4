import * as vscode from 'vscode';
import type { Both } from '../protocol/compare';
import type { ModelSource } from '../protocol/model';
import type { Models } from './models';

/** What a model's last layer answers, as its configuration names it. */
type Head = 'masked' | 'causal' | 'other';

/** An encoder for the left place and a decoder for the right: the chosen model in its own, a bundled one beside it. */
export async function modelsToCompare(models: Models): Promise<Both<ModelSource>> {
  const left = models.bundledSource('scope-bert');
  const right = models.bundledSource('scope-gpt');
  const current = models.current();
  switch (await headOf(current.folder)) {
    case 'masked':
      return { left: current, right };
    case 'causal':
      return { left, right: current };
    case 'other':
      return { left, right };
  }
}

/** What `config.json` says; a folder that cannot be read is left to whoever loads it. */
async function headOf(folder: string): Promise<Head> {
  try {
    const uri = vscode.Uri.joinPath(vscode.Uri.file(folder), 'config.json');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const { architectures = [] } = JSON.parse(text) as { architectures?: string[] };
    const classes = architectures.join(' ');
    return /MaskedLM|ForPreTraining/.test(classes)
      ? 'masked'
      : /CausalLM|LMHeadModel/.test(classes)
        ? 'causal'
        : 'other';
  } catch {
    return 'other';
  }
}
