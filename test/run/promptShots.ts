import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { sampleDir } from './paths';
import { type Shot, english, narrow, wide } from './shot';
import type { VscodePage } from './vscodePage';

/** Pictures of the prompt workbench, of suites, and of the training of a tiny model. */
export const promptShots: readonly Shot[] = [
  { name: 'prompts-dark', theme: 'dark', viewport: wide, steps: asked },
  { name: 'prompts-hc', theme: 'high-contrast', viewport: wide, steps: asked },
  { name: 'prompts-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: askedInChinese },
  { name: 'prompts-results', theme: 'light', viewport: wide, steps: tested },
  { name: 'prompts-history', theme: 'dark', viewport: wide, steps: askedTwice },
  { name: 'train-dark', theme: 'dark', viewport: wide, steps: trained },
  { name: 'train-light', theme: 'light', viewport: wide, steps: trainedTwice },
  { name: 'train-hc', theme: 'high-contrast', viewport: wide, steps: trained },
  { name: 'train-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: trainedTwice },
  { name: 'train-narrow', theme: 'dark', viewport: { width: 420, height: 1100 }, steps: trained },
  { name: 'suite-grid', theme: 'dark', viewport: wide, steps: suiteBesideText },
  { name: 'suite-results-hc', theme: 'high-contrast', viewport: wide, steps: suiteResults },
  { name: 'suite-results-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: suiteResults },
  { name: 'suite-testing', theme: 'light', viewport: wide, steps: suiteTested },
  { name: 'prompts-narrow', theme: 'dark', viewport: narrow, steps: asked },
];

const problem = 'Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?';

/** A problem selected, asked in six ways. */
function asked(vscode: VscodePage): Promise<void> {
  return tryPrompts(vscode, 'english.md', problem);
}

function askedInChinese(vscode: VscodePage): Promise<void> {
  return tryPrompts(vscode, 'chinese.md', '小明有9个球，丢了4个，又买了6个，小明现在有几个球？');
}

const mails = `transformerScope: 1
title: Mails
task:
  kind: classify
  labels: [positive, negative]
  examples:
    - { input: "This cookie is very good.", output: positive }
    - { input: "What a boring house!", output: negative }
  items:
    - { input: "The soup was wonderful.", expected: positive }
    - { input: "I think the bread is awful.", expected: negative }
    - { input: "The garden was beautiful.", expected: positve }
strategies: [zero-shot, few-shot-2, zero-shot+role]
threshold: { few-shot-2: 0.9 }
`;

/** A suite as text with what is wrong in it, and as the grid. */
async function suiteBesideText(vscode: VscodePage): Promise<void> {
  await openMails(vscode);
  await vscode.toggleSideBar();
  await vscode.runCommand('View: Split Editor Right');
  await vscode.runCommand(`${await english('category')}: ${await english('command.openSuiteAsGrid')}`);
  const page = await vscode.webviewFrame();
  await page.locator('.card .prompt').nth(2).waitFor({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Data' }).click();
}

/** Its results as the grid shows them. */
async function suiteResults(vscode: VscodePage): Promise<void> {
  await openMails(vscode);
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.openSuiteAsGrid')}`);
  const page = await vscode.webviewFrame();
  await page.locator('.card .prompt').nth(2).waitFor({ timeout: 60_000 });
  await page.locator('#tab-results').click();
  await page.locator('#panel vscode-button').first().click();
  await page.locator('.evidence').waitFor({ timeout: 60_000 });
  await page.locator('body[data-run="idle"]').waitFor({ timeout: 60_000 });
  await page.locator('.behind summary').click();
}

/** The same in the Testing view, after it was run. */
async function suiteTested(vscode: VscodePage): Promise<void> {
  await openMails(vscode);
  await vscode.runCommand('Test: Run All Tests');
  await vscode.runCommand('View: Show Testing');
  await vscode.page.locator('.test-explorer .monaco-list-row').first().waitFor();
  await vscode.runCommand('Test: Go to Next Test Failure');
}

/** The file is in the sample workspace for as long as the pictures are taken. */
async function openMails(vscode: VscodePage): Promise<void> {
  const path = join(sampleDir, 'mails.prompts.yaml');
  await writeFile(path, mails);
  process.once('exit', () => rmSync(path, { force: true }));
  await vscode.openFile('mails.prompts.yaml');
}

/** A bundled task answered in every way: which way works. */
async function tested(vscode: VscodePage): Promise<void> {
  await asked(vscode);
  const page = await vscode.webviewFrame();
  await page.getByRole('combobox', { name: 'Bundled tasks' }).selectOption('arithmetic-en');
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByRole('button', { name: /^Run the Test/ }).click();
  await page.locator('body[data-run="running"]').waitFor();
  await page.locator('body[data-run="idle"]').waitFor({ timeout: 300_000 });
}

/** The same input under two instructions, and what came of the change. */
async function askedTwice(vscode: VscodePage): Promise<void> {
  await asked(vscode);
  const page = await vscode.webviewFrame();
  const instruction = page.getByLabel('Instruction');
  await instruction.fill('Work out the number.');
  await instruction.press('Tab');
  await page.getByRole('button', { name: 'Ask All Ways' }).click();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.locator('.run').nth(1).waitFor({ timeout: 120_000 });
  await page.locator('body[data-run="idle"]').waitFor({ timeout: 120_000 });
  await page.locator('.run input').nth(1).check();
  await page.locator('.run input').first().check();
  await page.locator('.compared').first().waitFor();
}

async function tryPrompts(vscode: VscodePage, file: string, text: string): Promise<void> {
  await vscode.openFile(file);
  await vscode.toggleSideBar();
  await vscode.selectText(text);
  await vscode.runCommand(`${await english('category')}: ${await english('command.tryPromptStrategies')}`);
  const page = await vscode.webviewFrame();
  await page.locator('.card .figures').nth(5).waitFor({ timeout: 60_000 });
  await page.locator('body[data-run="idle"]').waitFor();
}

/** A tiny model that has learnt to reverse. */
async function trained(vscode: VscodePage): Promise<void> {
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.trainTinyModel')}`);
  const page = await vscode.webviewFrame();
  await train(page, 180);
}

/** One head and four at the same task; the curve of the first stays. */
async function trainedTwice(vscode: VscodePage): Promise<void> {
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.trainTinyModel')}`);
  const page = await vscode.webviewFrame();
  for (const experiment of ['sortOneHead', 'sortFourHeads']) {
    await page.locator('.experiment select').selectOption(experiment);
    await train(page, 150);
  }
}

/** Presses the first button, Start or Pause, and again at a step. */
async function train(page: Frame, step: number): Promise<void> {
  await page.locator('body[data-run="paused"][data-step="0"]').waitFor();
  await page.locator('.run vscode-button').first().click();
  await page.waitForFunction((wanted) => Number(document.body.dataset['step']) >= wanted, step);
  await page.locator('.run vscode-button').first().click();
  await page.locator('body[data-run="paused"]').waitFor();
}
