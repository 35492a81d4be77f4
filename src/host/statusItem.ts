import * as vscode from 'vscode';
import type { Job } from '../worker/client';
import { amountOf } from './amounts';
import { commandIds, sidebarId } from './ids';
import type { InferenceActivity } from './inferenceActivity';
import type { Models } from './models';
import { onSettingChanged } from './settings';
import { tooltipOf } from './tooltip';

/** Shorter jobs come and go without a spinner. */
const patienceMilliseconds = 150;

/** The one item in the status bar: which model looks, what computes, and whether it is at work. */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'transformerScope.status',
    vscode.StatusBarAlignment.Right,
    90,
  );
  private readonly subscriptions: vscode.Disposable;
  private showsJobs = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly models: Models,
    private readonly activity: InferenceActivity,
  ) {
    this.item.name = 'Transformer Scope';
    this.item.command = commandIds.showMenu;
    this.subscriptions = vscode.Disposable.from(
      this.item,
      activity.onDidChangeJobs(() => this.follow()),
      onSettingChanged(() => this.draw()),
    );
    this.draw();
    this.item.show();
  }

  /** What stands there; for tests. */
  get text(): string {
    return this.item.text;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private follow(): void {
    if (this.activity.jobs.length === 0) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.showsJobs = false;
    } else {
      this.timer ??= setTimeout(() => {
        this.showsJobs = true;
        this.draw();
      }, patienceMilliseconds);
    }
    this.draw();
  }

  private draw(): void {
    const { t } = vscode.l10n;
    const { memory, jobs, isAlive } = this.activity;
    const job = this.showsJobs ? jobs[0] : undefined;
    const runtime = memory && (memory.runtime === 'native' ? t('native code') : 'WASM');
    const name = job ? `${job.model.id}: ${jobName(job)}` : this.chosen();
    this.item.text = [`${job ? '$(loading~spin)' : '$(eye)'} ${name}`, runtime].filter(Boolean).join(' · ');
    this.item.tooltip = tooltipOf('Transformer Scope', [
      t('Model for texts: {0}', this.chosen()),
      t('Model for pictures: {0}', this.chosen('picture')),
      memory
        ? t('Computes with {0}, {1} threads', runtime ?? '', memory.numThreads)
        : isAlive
          ? t('The inference process is starting')
          : t('The inference process starts when it is needed'),
      // A browser does not tell.
      memory && memory.residentBytes > 0 ? t('{0} in memory', amountOf(memory.residentBytes)) : undefined,
      ...jobs.map((each) => `${each.model.id}: ${jobName(each)}`),
      jobs.length === 0 ? t('Idle') : undefined,
    ]);
    this.item.accessibilityInformation = {
      label: `Transformer Scope: ${name}, ${job ? t('busy') : t('Idle')}`,
      role: 'button',
    };
  }

  private chosen(reads: 'text' | 'picture' = 'text'): string {
    try {
      return this.models.current(reads).id;
    } catch {
      // What the setting names is none; that is told where the model is used.
      return this.models.setting(reads);
    }
  }
}

/** What a job does, as a person calls it. */
function jobName({ method }: Job): string {
  const { t } = vscode.l10n;
  switch (method) {
    case 'attention/run':
    case 'attention/picture':
      return t('computing attention');
    case 'attention/induction':
      return t('testing for induction');
    case 'attention/predict':
    case 'language/predict':
    case 'language/fillMask':
    case 'language/nextToken':
      return t('predicting');
    case 'language/generate':
      return t('writing');
    case 'seq2seq/translate':
      return t('translating');
    case 'models/load':
      return t('loading…');
    default:
      return method.startsWith('measure/') || method.startsWith('language/')
        ? t('measuring')
        : t('computing');
  }
}

/** What the item offers when it is chosen. */
export async function showMenu(isDrawn: boolean): Promise<void> {
  const { t } = vscode.l10n;
  const item = (
    icon: string,
    label: string,
    command: string,
    ...rest: readonly unknown[]
  ): vscode.QuickPickItem & { run: () => unknown } => ({
    label: `$(${icon}) ${label}`,
    run: () => vscode.commands.executeCommand(command, ...rest),
  });
  const items = [
    item('list-selection', t('Choose Model…'), commandIds.chooseModel),
    item('debug-stop', t('Unload Models'), commandIds.unloadModels),
    ...(isDrawn ? [item('clear-all', t('Clear Marks in the Editor'), commandIds.clearMarks)] : []),
    item('layout-sidebar-left', t('Open the Sidebar'), `workbench.view.extension.${sidebarId}`),
    item(
      'settings-gear',
      t('Settings'),
      'workbench.action.openSettings',
      '@ext:transformer-scope.transformer-scope',
    ),
    item('output', t('Open Log'), commandIds.openLog),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Transformer Scope' });
  await picked?.run();
}
