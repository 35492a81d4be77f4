import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { imageStringsEnglish as strings } from '../../src/protocol/imageStrings';
import { type PageOptions } from './harness';
import { usePages } from './usePages';

const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.imageStub.calls);
const called = async (page: Page, call: string): Promise<void> => {
  await page.waitForFunction((wanted) => window.imageStub.calls.includes(wanted), call);
};
const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();

describe('images page', function () {
  this.timeout(60_000);
  const harness = usePages();

  const open = (numPictures: number, options: PageOptions = {}): Promise<Page> =>
    harness.openImages({ numPictures, locale: 'en', ...options });

  it('begins on every tab with a way in', async () => {
    const page = await open(0);
    for (const [name, title] of [
      [strings.tabLabels, strings.noPicturesTitle],
      [strings.tabSearch, strings.noFolderTitle],
      [strings.tabCaptions, strings.noPictureTitle],
    ] as const) {
      await tab(page, name);
      await page.getByRole('heading', { name: title }).waitFor();
      await page.getByText(strings.openSamples, { exact: true }).click();
    }
    await page.waitForFunction(
      () => window.imageStub.calls.filter((call) => call === 'perform openSamples').length === 3,
    );
  });

  it('shows each picture with its labels, the likeliest first, and the model that says so', async () => {
    const page = await open(3);
    assert.equal(await page.locator('.pictures .card').count(), 3);
    const card = page.locator('.pictures .card').first();
    assert.equal(await card.locator('.scores li').count(), 5);
    const line = card.locator('.scores li').first();
    assert.match((await line.textContent()) ?? '', /red circle\s*86\.5%\s*0\.80/);
    assert.equal(await line.getAttribute('title'), 'red circle: 86.47%, cosine 0.8000, logit 8.00');
    await card.getByText('2 more labels').click();
    await card.locator('.scores li').nth(6).waitFor();
    const header = (await page.locator('header').textContent()) ?? '';
    assert.match(header, /scope-clip\s+int8 ·\s+scale 30\.4 \(trained, from the graph\)/);
    await page.getByText('scope-clip does not know: giraffe.').waitFor();
    await page.getByText('Left out: 1').click();
    await page.getByText('a broken PNG').waitFor();
  });

  it('draws the pictures, and says which one cannot be drawn', async () => {
    const page = await open(3);
    await page.locator('canvas[data-state="shown"]').nth(1).waitFor();
    await page.locator('canvas[data-picture="1"][data-state="failed"]').waitFor({ state: 'attached' });
    const pixel = await page.locator('canvas[data-picture="2"]').evaluate((canvas) => {
      const context = (canvas as HTMLCanvasElement).getContext('2d');
      return Array.from(context?.getImageData(5, 5, 1, 1).data ?? []);
    });
    assert.deepEqual(pixel, [20, 100, 200, 255]);
    await page.locator('.thumb[data-picture="2"]').click();
    await page.getByRole('button', { name: 'Show Attention on Patches: picture number 0.png' }).click();
    await page.getByRole('button', { name: 'Find Text Matching picture number 0.png' }).click();
    await called(page, 'use 0 captions');
    assert.deepEqual(await calls(page), ['use 2 open', 'use 0 attention', 'use 0 captions']);
  });

  it('takes labels while they are typed, and leaves what is typed alone', async () => {
    const page = await open(1);
    const [labels, templates] = [strings.labels, strings.templates].map((name) =>
      page.getByRole('textbox', { name }),
    );
    await labels?.fill('cat，dog, ');
    await called(page, 'labels cat，dog,  | This is a photo of {}.');
    assert.equal(await labels?.inputValue(), 'cat，dog, ');
    await templates?.fill('a photo');
    await page.getByText('“a photo” has no {} for the label.').waitFor();
    // What a button brings is written into the field.
    await page.getByText('Labels that scope-clip knows').click();
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'one\ntwo');
  });

  it('copies the table, and says so', async () => {
    const page = await open(1);
    await page.getByText(strings.copyTable, { exact: true }).click();
    await page.getByRole('status').getByText(strings.copied).waitFor();
  });

  it('tells how far the reading of a folder is, and stops it', async () => {
    const page = await open(0);
    await tab(page, strings.tabSearch);
    await page.evaluate(() => {
      const { search } = window.imageStub.state();
      const folder = { name: 'folder', path: '/folder' };
      const run = { state: 'working', stage: 'pictures', done: 40, total: 100, perSecond: 12.3 } as const;
      window.imageStub.update({ search: { ...search, folder, run } });
    });
    await page.getByText('Reading pictures: 40 of 100 · 12 per second, 5 s left').waitFor();
    await page.keyboard.press('Escape');
    await called(page, 'stop search');
    await page.evaluate(() => {
      const { search } = window.imageStub.state();
      window.imageStub.update({ search: { ...search, run: { state: 'stopped', done: 40, total: 100 } } });
    });
    await page.getByText('Stopped after 40 of 100; what is done is kept.').waitFor();
    await page.getByText(strings.goOn, { exact: true }).click();
    await called(page, 'perform retry');
  });

  it('tells a failure with one thing to do, and of a folder without pictures', async () => {
    const page = await open(0);
    await tab(page, strings.tabSearch);
    await page.evaluate(() => {
      const { search } = window.imageStub.state();
      const run = { state: 'failed', message: 'It failed.', detail: 'why', action: 'openLog' } as const;
      window.imageStub.update({ search: { ...search, folder: { name: 'f', path: '/f' }, run } });
    });
    await page.getByRole('alert').getByText('It failed. why').waitFor();
    await page.getByText(strings.openLog, { exact: true }).click();
    await page.getByRole('status').getByText(strings.failed).waitFor();
    await page.evaluate(() => {
      const { search } = window.imageStub.state();
      window.imageStub.update({ search: { ...search, run: { state: 'idle' } } });
    });
    await page.getByRole('heading', { name: strings.noPicturesInFolder }).waitFor();
  });

  it('searches while the query is typed, and is walked through by keys', async () => {
    const page = await open(5);
    await tab(page, strings.tabSearch);
    await page.getByLabel(strings.query).fill('a blue square');
    await called(page, 'query a blue square');
    assert.match((await page.locator('.found .card').first().textContent()) ?? '', /number 0\.png\s*0\.900/);
    const thumbs = page.locator('.found .thumb');
    await thumbs.first().focus();
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => (document.activeElement as HTMLElement).dataset['picture']);
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), '1');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), '4');
    await page.keyboard.press('Home');
    assert.equal(await focused(), '0');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('Enter');
    await called(page, 'use 4 open');
    assert.deepEqual((await calls(page)).slice(-2), ['use 4 attention', 'use 4 open']);
    assert.equal(await page.locator('.found .thumb[tabindex="0"]').count(), 1);
  });

  it('ranks texts, and shows where they stand', async () => {
    const page = await open(1);
    await tab(page, strings.tabCaptions);
    const lines = page.locator('.ranked li');
    assert.match((await lines.first().textContent()) ?? '', /a blue square\s*0\.500\s*line 7/);
    assert.match((await lines.nth(1).textContent()) ?? '', /a red circle\s*-0\.100\s*line 3/);
    await page.getByText('line 7').click();
    await page.getByLabel('Lines of notes.md').fill('one\ntwo');
    await called(page, 'captions one\ntwo');
    await page.getByText(strings.useDocument, { exact: true }).click();
    await called(page, 'perform useDocument');
    assert.ok((await calls(page)).includes('text 1'));
  });

  it('says when another model stands in', async () => {
    const page = await open(1);
    await page.evaluate(() => {
      const { model } = window.imageStub.state();
      window.imageStub.update({ model: model && { ...model, insteadOf: 'my-vit' } });
    });
    await page.getByText('my-vit cannot read texts, so scope-clip is used here.').waitFor();
  });

  it('takes names and texts as texts', async () => {
    const page = await open(1);
    await page.evaluate(() => {
      const { labels } = window.imageStub.state();
      const picture = { id: 0, name: '<img src=x onerror=alert(1)>', path: '‮gnp.x' };
      window.imageStub.update({ labels: { ...labels, pictures: [picture] } });
    });
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    assert.equal(await page.locator('img').count(), 0);
  });
});
