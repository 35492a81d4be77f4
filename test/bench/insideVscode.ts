import { renameSync, statSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join, sep } from 'node:path';
import * as vscode from 'vscode';
import { showText } from '../integration/editors';
import { testEnvironment } from '../run/testEnvironment';

/** Runs in VS Code's extension host: what the extension costs there. */
export interface HostFigures {
  /** Milliseconds from the wish to the extension's API: its code is loaded and `activate()` has run. */
  readonly activation: number;
  /** Milliseconds of processor time that the extension host took meanwhile: what others run does not count. */
  readonly activationWork: number;
  /** What was loaded for that. */
  readonly loadedBytes: number;
  /** The longest time in milliseconds that the extension host was not free, while models computed. */
  readonly longestBlock: number;
  /** Milliseconds that a typed character took, while models computed. */
  readonly typing: { readonly count: number; readonly median: number; readonly most: number };
}

const sampleMilliseconds = 2;

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('transformer-scope.transformer-scope');
  const begin = performance.now();
  const idle = process.cpuUsage();
  await extension?.activate();
  const activation = performance.now() - begin;
  const { user, system } = process.cpuUsage(idle);
  const loaded = Object.keys(require.cache).filter((file) =>
    file.startsWith(join(extension?.extensionPath ?? '', 'dist') + sep),
  );
  const loadedBytes = loaded.reduce((sum, file) => sum + statSync(file).size, 0);

  // The model is loaded, and the panel shown, before anything is measured.
  const text = 'The cat sat on the mat because it was warm. '.repeat(150);
  const subject = await showText(text);
  subject.selection = new vscode.Selection(0, 0, 0, text.length);
  await vscode.commands.executeCommand('transformerScope.visualizeAttention');
  await vscode.commands.executeCommand('transformerScope.showSurprisal');
  let longestBlock = 0;
  const times: number[] = [];
  for (const command of ['visualizeAttention', 'showSurprisal', 'visualizeAttention', 'showSurprisal']) {
    const editor = await vscode.window.showTextDocument(subject.document, vscode.ViewColumn.One);
    editor.selection = new vscode.Selection(0, 0, 0, text.length);
    let isRunning = true;
    const running = Promise.resolve(vscode.commands.executeCommand(`transformerScope.${command}`)).finally(
      () => (isRunning = false),
    );
    await showText('');
    // A histogram that is paused counts the pause.
    const delay = monitorEventLoopDelay({ resolution: sampleMilliseconds });
    delay.enable();
    while (isRunning) {
      const typed = performance.now();
      await vscode.commands.executeCommand('type', { text: 'a' });
      times.push(performance.now() - typed);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    delay.disable();
    longestBlock = Math.max(longestBlock, delay.max / 1e6 - sampleMilliseconds);
    await running;
  }
  times.sort((a, b) => a - b);
  const figures: HostFigures = {
    activation,
    activationWork: (user + system) / 1000,
    loadedBytes,
    longestBlock,
    typing: {
      count: times.length,
      median: times[Math.floor(times.length / 2)] ?? NaN,
      most: times.at(-1) ?? NaN,
    },
  };
  // In one step: another process waits for the file.
  const file = process.env[testEnvironment.counts] as string;
  writeFileSync(`${file}.new`, JSON.stringify(figures));
  renameSync(`${file}.new`, file);
}
