import * as vscode from 'vscode';
import type { StudyFile } from '../prompts/studyFile';
import { ScopeError } from '../protocol/errors';
import type { BundledTask } from '../protocol/promptPage';
import { textOf } from './fileText';
import { loadedOnce } from './loadedOnce';
import { readersLanguage } from './readersLanguage';

/** The tasks that come with the extension: study files under `media/tasks`. */
export class BundledTasks {
  private readonly read = loadedOnce(() => this.readAll());

  constructor(
    private readonly extensionUri: vscode.Uri,
    /** The files, where a folder of the extension cannot be listed. */
    private readonly names?: readonly string[],
  ) {}

  /** The reader's own language first. */
  async list(): Promise<BundledTask[]> {
    const own = readersLanguage();
    const tasks = [...(await this.read()).values()].map(({ study }): BundledTask => {
      const { kind, language, items } = study.task;
      return { id: study.id, title: study.title, kind, language, numItems: items.length };
    });
    return tasks.sort(
      (a, b) => Number(b.language === own) - Number(a.language === own) || (a.id < b.id ? -1 : 1),
    );
  }

  /** @throws {ScopeError} `badRequest` when there is none of that name */
  async find(id: string): Promise<StudyFile> {
    const found = (await this.read()).get(id);
    if (!found) {
      throw new ScopeError('badRequest', id);
    }
    return found;
  }

  private async readAll(): Promise<ReadonlyMap<string, StudyFile>> {
    const { readStudy } = await import('../prompts/studyFile');
    const folder = vscode.Uri.joinPath(this.extensionUri, 'media', 'tasks');
    const names = this.names ?? (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
    const files = await Promise.all(
      names
        .filter((name) => name.endsWith('.yaml'))
        .map(async (name) => {
          const text = await textOf(vscode.Uri.joinPath(folder, name));
          return readStudy(text, name.replace(/\.yaml$/, ''));
        }),
    );
    return new Map(files.map((file) => [file.study.id, file]));
  }
}
