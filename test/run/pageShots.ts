import { type Shot, catSentence, chineseCatSentence, english, manifestText, wide } from './shot';
import type { VscodePage } from './vscodePage';

/** Pictures of the comparison of two models, and of pictures and words. */
export const pageShots: readonly Shot[] = [
  { name: 'compare-dark', theme: 'dark', viewport: wide, steps: compared },
  { name: 'compare-architecture', theme: 'light', viewport: wide, steps: comparedIn(/Architecture/) },
  { name: 'compare-hc', theme: 'high-contrast', viewport: wide, steps: compared },
  { name: 'compare-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: comparedInChinese },
  { name: 'images-dark', theme: 'dark', viewport: wide, steps: classified },
  { name: 'images-search', theme: 'light', viewport: wide, steps: searched },
  { name: 'images-captions', theme: 'high-contrast', viewport: wide, steps: captioned },
  { name: 'images-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: classified },
];

/** One text read by an encoder and a decoder. */
function compared(vscode: VscodePage): Promise<void> {
  return compareText(vscode, 'english.md', catSentence);
}

/** Every word as a blank, in Chinese. */
async function comparedInChinese(vscode: VscodePage): Promise<void> {
  await compareText(vscode, 'chinese.md', chineseCatSentence);
  const page = await vscode.webviewFrame();
  await page.getByRole('tab', { name: '填空' }).click();
}

async function compareText(vscode: VscodePage, file: string, text: string): Promise<void> {
  await vscode.openFile(file);
  await vscode.toggleSideBar();
  await vscode.selectText(text);
  await vscode.runCommand(`${await english('category')}: ${await english('command.compareModels')}`);
  const page = await vscode.webviewFrame();
  await page.locator('body[data-cloze="done"][data-busy="false"]').waitFor({ timeout: 120_000 });
}

/** The same, with another tab of the page on show. */
function comparedIn(tab: RegExp): Shot['steps'] {
  return async (vscode) => {
    await compared(vscode);
    const page = await vscode.webviewFrame();
    await page.getByRole('tab', { name: tab }).click();
  };
}

/** All sample pictures, chosen in the explorer, and which of eight captions fits each. */
async function classified(vscode: VscodePage): Promise<void> {
  const [first, last] = ['big-blue-heart-in-the-middle.png', 'two-orange-fish.png'];
  await vscode.openPicture('images', first);
  const row = vscode.page.locator('.explorer-folders-view .monaco-list-row');
  await row.filter({ hasText: last }).click({ modifiers: ['Shift'] });
  const key = 'command.classifyImage';
  const title = new RegExp(`${await english(key)}|${await manifestText(key, '.zh-cn')}`);
  await vscode.chooseIn(row.filter({ hasText: last }), title);
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: /scope-clip/ }).click();
  await page
    .locator('body[data-run="idle"] .pictures .card:nth-child(8) .scores')
    .waitFor({ timeout: 60_000 });
  await vscode.toggleSideBar();
  await page.locator('.thumb canvas[data-state="shown"]').nth(3).waitFor();
}

/** The pictures of the folder that fit a text. */
async function searched(vscode: VscodePage): Promise<void> {
  await vscode.openFile('english.md');
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.findImages')}`);
  const page = await vscode.webviewFrame();
  await page.getByLabel('What to look for').fill('a red thing on the right');
  await page.locator('.found .thumb canvas[data-state="shown"]').nth(7).waitFor({ timeout: 60_000 });
}

/** One picture, and texts in the order in which they fit it. */
async function captioned(vscode: VscodePage): Promise<void> {
  await vscode.openFile('english.md');
  await vscode.settle();
  await vscode.openPicture('images', 'green-house-to-the-left-of-a-purple-moon.png');
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.findTexts')}`);
  const page = await vscode.webviewFrame();
  const texts = [
    'a purple moon to the left of a green house',
    'a green house to the left of a purple moon',
    'a green moon to the left of a purple house',
    'a green house above a purple moon',
    'a red tree',
    '一座绿色的房子在一个紫色的月亮左边',
  ];
  await page.locator('textarea').fill(texts.join('\n'));
  await page.locator('.ranked li').nth(5).waitFor({ timeout: 60_000 });
  await page.locator('.thumb canvas[data-state="shown"]').waitFor();
}
