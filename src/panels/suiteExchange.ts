import * as vscode from 'vscode';
import type { Models } from '../host/models';
import { textOf } from '../host/fileText';
import { suiteEnding } from '../host/ids';
import { saveAs, writeFile } from '../host/savedFile';
import { readStudy } from '../prompts/studyFile';
import { ScopeError } from '../protocol/errors';
import { type CarriedNote, noteText } from '../suites/carriedNotes';
import { exportPromptfoo, exportPromptfooCsv } from '../suites/promptfooExport';
import { importPromptfoo } from '../suites/promptfooImport';
import { writeSuite } from './suiteText';

const { t } = vscode.l10n;

/**
 * Makes suites of a promptfoo configuration, beside it. What they do not have of it is shown as a list, and stands
 * in them as comments.
 * @param argument the configuration's address; asked for when there is none
 * @returns the suites; none when the person decided otherwise
 */
export async function importConfig(argument: unknown, models: Models): Promise<vscode.Uri[]> {
  const uri = argument instanceof vscode.Uri ? argument : await pickConfig();
  if (!uri) {
    return [];
  }
  const name = uri.path.split('/').at(-1) ?? '';
  const text = await textOf(uri);
  const known = (await models.promptModels()).map(({ id }) => id);
  const { studies, notes } = await importPromptfoo(text, name, (path) => readBeside(uri, path), known);
  if (studies.length === 0) {
    tellNotes(notes);
    throw new ScopeError('studyUnreadable', name);
  }
  const said = notes.map(sentence);
  const head = said.map((line) => `# ${line.replace(/\s+/g, ' ')}\n`).join('');
  const intro = said.length > 0 ? `# ${t('Not carried over from {0}:', name)}\n${head}` : '';
  const written: vscode.Uri[] = [];
  for (const study of studies) {
    const base = name.replace(/\.\w+$/, '') + (studies.length > 1 ? `-${written.length + 1}` : '');
    const to = await freePlace(uri, base);
    const body = await writeSuite({ ...study, id: base.replace(/[^\w-]/g, '-') }, models);
    await writeFile(to, `${intro}${body}`);
    written.push(to);
  }
  tellNotes(notes);
  return written;
}

/** Asks where a suite goes as a promptfoo configuration or table, and writes it. */
export async function exportSuite(document: vscode.TextDocument): Promise<void> {
  const { study, threshold } = readStudy(document.getText(), 'suite');
  const forms = [
    { label: 'promptfooconfig.yaml', detail: t('Prompts, models and tests') },
    { label: 'tests.csv', detail: t('The tests as a table') },
  ];
  const picked = await vscode.window.showQuickPick(forms, { title: t('Export for promptfoo') });
  if (!picked) {
    return;
  }
  const { text, notes } =
    picked === forms[0] ? exportPromptfoo(study, threshold !== undefined) : exportPromptfooCsv(study);
  if (await saveAs(picked.label, text)) {
    tellNotes(notes);
  }
}

/** A list that stays until somebody has read it. */
function tellNotes(notes: readonly CarriedNote[]): void {
  if (notes.length > 0) {
    void vscode.window.showQuickPick(
      notes.map((note) => ({ label: sentence(note) })),
      {
        title: t('{0} things were not carried over unchanged', notes.length),
        placeHolder: t('Escape closes the list'),
        ignoreFocusOut: true,
      },
    );
  }
}

function sentence(note: CarriedNote): string {
  return noteText(note, (text, ...args) => t(text, ...args));
}

async function pickConfig(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: false,
    filters: { promptfoo: ['yaml', 'yml', 'json', 'csv'] },
    openLabel: t('Import'),
  });
  return picked?.[0];
}

/** A file beside a configuration, within its workspace folder, or its own folder where it is in none. */
async function readBeside(config: vscode.Uri, path: string): Promise<string | undefined> {
  const own = vscode.Uri.joinPath(config, '..');
  const top = vscode.workspace.getWorkspaceFolder(config)?.uri ?? own;
  const uri = vscode.Uri.joinPath(own, path);
  const isInside = uri.path.startsWith(top.path.endsWith('/') ? top.path : `${top.path}/`);
  if (!isInside || path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return undefined;
  }
  try {
    return await textOf(uri);
  } catch {
    return undefined;
  }
}

/** An address beside the configuration at which there is nothing yet. */
async function freePlace(config: vscode.Uri, base: string): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const uri = vscode.Uri.joinPath(config, '..', `${base}${number === 1 ? '' : `-${number}`}${suiteEnding}`);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      return uri;
    }
  }
}
