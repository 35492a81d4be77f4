import * as vscode from 'vscode';
import type { StudyArchive } from '../archive/studyArchive';
import type { RunSettings } from '../host/runCircumstances';
import { setting } from '../host/settings';
import type { RunCircumstances } from '../protocol/promptRuns';
import type { Study } from '../protocol/prompts';
import type { StudyHistory } from '../study/studyHistory';

/** What a workbench needs for its runs to be looked at later. In the browser there is no such place. */
export interface PastRuns {
  /** On what a run is made. */
  circumstances(study: Study): Promise<RunCircumstances>;
  history(): Promise<StudyHistory>;
}

/** Runs in an archive; what computes with them is loaded when somebody runs or looks back. */
export function pastRuns(archive: StudyArchive): PastRuns {
  return {
    async circumstances(study) {
      const { runCircumstances } = await import('../host/runCircumstances');
      return runCircumstances(study, runSettings());
    },
    async history() {
      const module = await import('../study/studyHistory');
      return new module.StudyHistory(archive);
    },
  };
}

/** On what the models of a run are asked, by the settings. */
function runSettings(): RunSettings {
  const own = vscode.extensions.getExtension('transformer-scope.transformer-scope');
  const { version } = (own?.packageJSON ?? {}) as { version?: string };
  return {
    precision: setting('precision'),
    runtime: setting('runtime'),
    versions: {
      'Transformer Scope': version ?? '',
      'VS Code': vscode.version,
      Node: process.versions.node,
      system: `${process.platform} ${process.arch}`,
    },
  };
}
