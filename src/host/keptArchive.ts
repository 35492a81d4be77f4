import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { DatabaseError } from '../archive/sqlDatabase';
import { StudyArchive } from '../archive/studyArchive';
import { notify } from './notify';

/** The archive of studies in the extension's storage, which every window of this VS Code has in common. */
export class KeptArchive implements vscode.Disposable {
  readonly archive: StudyArchive;
  private readonly emitter = new vscode.EventEmitter<void>();
  /** A study began or went, here or in another window. */
  readonly onDidChange = this.emitter.event;
  private readonly subscriptions: vscode.Disposable[] = [this.emitter];
  private readonly folder: string;

  constructor(
    storage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.folder = storage.fsPath;
    this.archive = new StudyArchive({
      // The database is loaded with the first study.
      open: async () => {
        const { openArchive } = await import('../archive/openArchive');
        return openArchive(this.folder, (path) => tellOfDamage(path));
      },
      unwritable: (error) => tellUnwritable(error),
      changed: () => this.changed(),
      log: (message) => log.error(message),
    });
    this.watch();
  }

  /** To be awaited where VS Code waits: another window may have the database just then. */
  close(): Promise<void> {
    return this.archive.close();
  }

  dispose(): void {
    this.subscriptions.forEach((each) => {
      each.dispose();
    });
  }

  private changed(): void {
    this.emitter.fire();
    try {
      writeFileSync(this.stamp, String(Date.now()));
    } catch (error) {
      this.log.warn(`Other windows are not told of a change of the studies: ${String(error)}`);
    }
  }

  private watch(): void {
    try {
      mkdirSync(this.folder, { recursive: true });
    } catch {
      // Told when something is to be kept.
      return;
    }
    const pattern = new vscode.RelativePattern(vscode.Uri.file(this.folder), stampName);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
    const fire = (): void => this.emitter.fire();
    this.subscriptions.push(watcher, watcher.onDidCreate(fire), watcher.onDidChange(fire));
  }

  /** A file that changes with the list of studies; the database itself changes with every answer. */
  private get stamp(): string {
    return vscode.Uri.joinPath(vscode.Uri.file(this.folder), stampName).fsPath;
  }
}

const stampName = 'changed';

function tellOfDamage(path: string): void {
  notify(
    vscode.l10n.t(
      'The archive of prompt studies could not be read. It was kept as {0}, and a new one was started.',
      path,
    ),
  );
}

function tellUnwritable({ failure, message }: DatabaseError): void {
  const { t } = vscode.l10n;
  notify(
    failure === 'newer'
      ? t(
          'The archive of prompt studies was made by a newer version of this extension. Until you update the extension, studies are not kept.',
        )
      : t(
          'Prompt studies cannot be kept at the moment ({0}). They stay in memory, and are kept once that is possible again.',
          message,
        ),
  );
}
