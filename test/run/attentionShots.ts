import {
  type Shot,
  catSentence,
  chineseCatSentence,
  english,
  manifestText,
  narrow,
  showAttention,
  tall,
  wide,
} from './shot';
import type { VscodePage } from './vscodePage';

/** Pictures of the attention page, all its tabs. */
export const attentionShots: readonly Shot[] = [
  { name: 'attention-dark', theme: 'dark', viewport: wide, steps: inEnglish },
  { name: 'attention-light', theme: 'light', viewport: wide, steps: inEnglish },
  { name: 'attention-hc', theme: 'high-contrast', viewport: wide, steps: inEnglish },
  { name: 'attention-zh', theme: 'dark', locale: 'zh-cn', viewport: wide, steps: inChinese },
  { name: 'attention-number', theme: 'dark', viewport: wide, steps: takenApart },
  { name: 'effects-dark', theme: 'dark', viewport: wide, steps: switchedOff },
  { name: 'effects-example', theme: 'light', viewport: tall, steps: exampleOpened() },
  { name: 'effects-narrow', theme: 'light', viewport: narrow, steps: switchedOff },
  { name: 'effects-hc', theme: 'high-contrast', viewport: wide, steps: switchedOff },
  { name: 'effects-zh', theme: 'dark', locale: 'zh-cn', viewport: tall, steps: exampleOpened('.zh-cn') },
  { name: 'attention-steps', theme: 'light', viewport: wide, steps: partOf('norm:feedForward') },
  { name: 'attention-forward', theme: 'dark', viewport: wide, steps: partOf('forward') },
  {
    name: 'attention-positions',
    theme: 'dark',
    viewport: { width: 1400, height: 1300 },
    steps: partOf('positions'),
  },
  { name: 'attention-steps-hc', theme: 'high-contrast', viewport: wide, steps: partOf('heads:self') },
  { name: 'attention-steps-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: partOfChinese },
  { name: 'attention-glow', theme: 'light', viewport: wide, steps: litUp },
  { name: 'attention-narrow', theme: 'dark', viewport: narrow, steps: inEnglish },
  { name: 'attention-image', theme: 'dark', viewport: wide, steps: ofImage },
  { name: 'attention-translation', theme: 'light', viewport: wide, steps: translated },
];

function inEnglish(vscode: VscodePage): Promise<void> {
  return showAttention(vscode, 'english.md', 'The cat sat on the mat');
}

function inChinese(vscode: VscodePage): Promise<void> {
  return showAttention(vscode, 'chinese.md', chineseCatSentence);
}

/** One weight of a head, step by step. */
async function takenApart(vscode: VscodePage): Promise<void> {
  await showAttention(vscode, 'english.md', catSentence);
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: 'One Number', exact: true }).click();
  await page.locator('.number-choosers select').first().selectOption('8');
  await page.locator('.number-choosers select').last().selectOption('7');
  await page.locator('.terms').waitFor();
}

/** Which heads a masked word depends on; two are switched off. */
async function switchedOff(vscode: VscodePage): Promise<void> {
  await showAttention(vscode, 'english.md', catSentence);
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: 'Effects', exact: true }).click();
  await page.locator('.target select').first().selectOption('7');
  await page.locator('.ranked tbody tr').first().waitFor();
  for (const row of [0, 1]) {
    await page.locator('.ranked tbody button.link').nth(row).click();
  }
  await page.locator('.values tbody tr').first().waitFor();
  await page.locator('.sides').scrollIntoViewIfNeeded();
}

/** What the command shows with the bundled models: a task that they do, with figures of both. */
function exampleOpened(language: '' | '.zh-cn' = ''): (vscode: VscodePage) => Promise<void> {
  return async (vscode) => {
    await vscode.openFile('english.md');
    await vscode.toggleSideBar();
    const [category, title] = [
      await manifestText('category', language),
      await manifestText('command.exploreIoi', language),
    ];
    await vscode.runCommand(`${category}: ${title}`);
    const page = await vscode.webviewFrame();
    await page.locator('.example strong').first().waitFor({ timeout: 60_000 });
    await page.locator('.example').first().getByRole('button').last().click();
    await page.locator('.example strong').nth(1).waitFor({ timeout: 60_000 });
    await page.locator('.causes .map').waitFor();
    await page.locator('.direct .map').waitFor();
    await page.locator('.sides').scrollIntoViewIfNeeded();
  };
}

/** A part of the layer in which that head is. */
function partOf(part: string): Shot['steps'] {
  return async (vscode) => {
    await takenApart(vscode);
    await openPart(vscode, part);
  };
}

async function partOfChinese(vscode: VscodePage): Promise<void> {
  await inChinese(vscode);
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: '一个数字', exact: true }).click();
  await openPart(vscode, 'forward');
}

async function openPart(vscode: VscodePage, part: string): Promise<void> {
  const page = await vscode.webviewFrame();
  await page.locator(`.block-map [data-part="${part}"]`).click();
  await page.locator(`.part-step[data-step="${part}"] h3`).waitFor();
}

/** Attention in the document itself, what the heads do beside it. */
async function litUp(vscode: VscodePage): Promise<void> {
  await showAttention(
    vscode,
    'english.md',
    'The red door opens, the green door opens, and the blue door stays shut.',
  );
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: 'Special', exact: true }).click();
  await page.getByRole('button', { name: 'Patterns', exact: true }).click();
  // The mean of the layer spreads over the sentence, where one head often points at a single token.
  await page.locator('vscode-dropdown').nth(2).click();
  await page.getByRole('option', { name: 'Layer: mean of heads' }).click();
  await vscode.runCommand(`${await english('category')}: ${await english('command.lightUpAttention')}`);
}

/** A picture in the left editor, what its patches attend to beside it. */
async function ofImage(vscode: VscodePage): Promise<void> {
  // What shows pictures comes a moment later than the text editor.
  await vscode.openFile('english.md');
  await vscode.settle();
  await vscode.openPicture('images', 'green-house-to-the-left-of-a-purple-moon.png');
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.visualizeImage')}`);
  const page = await vscode.webviewFrame(undefined, 'Attention');
  await page.locator('.patches canvas[data-scale]').waitFor();
  await page.waitForTimeout(500);
}

/** A sentence, what an encoder-decoder makes of it, and which word comes from which. */
async function translated(vscode: VscodePage): Promise<void> {
  await vscode.runCommand(`${await english('category')}: ${await english('command.chooseModel')}`);
  await vscode.pick('scope-seq2seq');
  await showAttention(vscode, 'english.md', 'The cat sat on the mat');
  const page = await vscode.webviewFrame();
  await page.locator('header strong', { hasText: 'scope-seq2seq' }).waitFor({ timeout: 60_000 });
  await page.locator('body[data-state="ready"]').waitFor();
}
