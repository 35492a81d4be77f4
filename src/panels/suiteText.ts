import * as vscode from 'vscode';
import type { Models } from '../host/models';
import { writeStudy } from '../prompts/studyFile';
import type { Study } from '../protocol/prompts';
import { namedModel } from '../study/suiteModels';

/** A study as the text of a suite: bundled models by their id, no answers. */
export async function writeSuite(study: Study, models: Models): Promise<string> {
  const known = await models.promptModels();
  const named = study.models.map((model) => {
    const name = namedModel(model, { known, folder: '' });
    return typeof name === 'string' ? { id: name, folder: '' } : model;
  });
  return writeStudy({ study: { ...study, models: named }, results: [] });
}

/** A suite to begin with. */
export function emptySuite(name: string): string {
  const { t } = vscode.l10n;
  return `transformerScope: 1
title: ${JSON.stringify(name)}
task:
  kind: classify
  labels: [positive, negative]
  # ${t('Solved inputs that few-shot prompts show.')}
  examples:
    - { input: "This cookie is very good.", output: positive }
    - { input: "What a boring house!", output: negative }
    - { input: "The garden was beautiful.", output: positive }
  # ${t('Every way of asking is tried on each item. Where no answer is expected, you judge yourself.')}
  items:
    - { input: "The soup was wonderful.", expected: positive }
    - { input: "I think the bread is awful.", expected: negative }
strategies: [zero-shot, few-shot-3]
`;
}
