import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { seededRandom } from '../../src/prompts/random';
import { closeEditors, showText } from '../integration/editors';
import { testEnvironment } from '../run/testEnvironment';
import { someText } from './texts';

/** What one window came to. Megabytes are 1e6 bytes. */
export interface SoakFigures {
  readonly analyses: number;
  readonly replaced: number;
  readonly killed: number;
  readonly closed: number;
  /** Milliseconds of the slowest analysis. */
  readonly slowest: number;
  /**
   * Heap of the extension host after a collection, and memory of the inference process: one pair every so many analyses
   * of the second half, in which nothing ends the process, so that it has the time to grow.
   */
  readonly memory: readonly { readonly hostMegabytes: number; readonly processMegabytes: number | null }[];
}

const everySo = 10;
/** After this an analysis counts as stuck. */
const stuckMs = 60_000;
const commands = ['showSurprisal', 'showTokens', 'copyEmbedding', 'classifySentiment'];

/** Runs in VS Code's extension host, and writes its figures, or why there are none, into the file that is waited for. */
export async function run(): Promise<void> {
  const result = await soak().catch((error: unknown) => ({ error: format(error) }));
  // In one step: another process waits for the file.
  const file = process.env[testEnvironment.counts] as string;
  writeFileSync(`${file}.new`, JSON.stringify(result));
  renameSync(`${file}.new`, file);
}

/** Analyses of random texts, some cut short in the ways that people and machines have. */
async function soak(): Promise<SoakFigures> {
  const extension = vscode.extensions.getExtension<ExtensionApi>('transformer-scope.transformer-scope');
  assert.ok(extension);
  const api = await extension.activate();
  const random = seededRandom(Number(process.env['SOAK_SEED']));
  const numAnalyses = Number(process.env['SOAK_ANALYSES']);
  const counts = { replaced: 0, killed: 0, closed: 0 };
  const memory: SoakFigures['memory'][number][] = [];
  let slowest = 0;
  for (let analysis = 0; analysis < numAnalyses; analysis++) {
    const text = someText(random);
    await select(text);
    const begun = performance.now();
    const running = [start('visualizeAttention')];
    const chance = random();
    if (chance < 0.1) {
      running.push(start('visualizeAttention'));
      counts.replaced++;
    } else if (chance < 0.2) {
      running.push(start(commands[Math.floor(random() * commands.length)] as string));
    }
    await pause(random() * 60);
    const fate = random();
    const processId = api.inferenceProcessId();
    const isCalm = analysis >= numAnalyses / 2;
    if (fate < 0.02 && processId !== undefined && !isCalm) {
      process.kill(processId, 'SIGKILL');
      counts.killed++;
    } else if (fate < 0.07) {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      counts.closed++;
    } else if (fate < 0.1 && !isCalm) {
      await vscode.commands.executeCommand('transformerScope.unloadModels');
    }
    await settled(running, `analysis ${analysis} of ${JSON.stringify(text.slice(0, 200))}`);
    slowest = Math.max(slowest, performance.now() - begun);
    await vscode.commands.executeCommand('notifications.clearAll');
    if (isCalm && analysis % everySo === everySo - 1) {
      memory.push({ hostMegabytes: heapMegabytes(), processMegabytes: processMegabytes(api) });
    }
  }
  await answersStill(api);
  return { analyses: numAnalyses, ...counts, slowest, memory };
}

/** Puts a text into the editor that is open, or into one of a new document, and selects it. */
async function select(text: string): Promise<void> {
  const open = vscode.window.visibleTextEditors.find(({ document }) => document.isUntitled);
  const editor = open ?? (await showText(''));
  await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
  const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(editor.document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
  const active = vscode.window.activeTextEditor;
  if (active) {
    active.selection = new vscode.Selection(
      new vscode.Position(0, 0),
      active.document.positionAt(text.length),
    );
  }
}

function start(command: string): Thenable<unknown> {
  return vscode.commands.executeCommand(`transformerScope.${command}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function settled(running: readonly Thenable<unknown>[], what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Stuck for ${stuckMs / 1000} s: ${what}.`)), stuckMs);
  });
  try {
    await Promise.race([Promise.all(running), stuck]);
  } finally {
    clearTimeout(timer);
  }
}

/** After everything: the same words have their attention, in a panel that shows it. */
async function answersStill(api: ExtensionApi): Promise<void> {
  await closeEditors();
  await select('The cat sat on the mat');
  await start('visualizeAttention');
  const state = api.attentionState();
  assert.equal(state.kind, 'ready', JSON.stringify(state).slice(0, 300));
  assert.deepEqual(state.kind === 'ready' && state.view.tokens.map((token) => token.piece), [
    '[CLS]',
    'the',
    'cat',
    'sat',
    'on',
    'the',
    'mat',
    '[SEP]',
  ]);
}

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Null where the system does not tell, and while no process runs. */
function processMegabytes(api: ExtensionApi): number | null {
  const id = api.inferenceProcessId();
  if (id === undefined || process.platform !== 'linux') {
    return null;
  }
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
  return kibibytes === undefined ? null : (Number(kibibytes) * 1024) / 1e6;
}
