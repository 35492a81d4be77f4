import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { packWeights } from '../../src/attention/packWeights';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { standaloneHtml } from '../../src/panels/standaloneHtml';
import { violations } from './axe';
import { frames, readout } from './gestures';
import { type PageOptions } from './harness';
import { usePages } from './usePages';
import { croppedPixels, madeUpHead, madeUpLayers, madeUpView, patchPixels, scene } from './madeUpRun';

const [layer, head] = [1, 2];
const n = scene.words.length;
const weight = (query: number, key: number): number => madeUpHead(scene, layer, head)[query * n + key]!;

/** 96 × 80 pixels: green, its patch in row 1, column 3 red. */
function picture(): string {
  const png = new PNG({ width: 96, height: 80 });
  for (let y = 0; y < 80; y++) {
    for (let x = 0; x < 96; x++) {
      const column = Math.floor((x - croppedPixels) / patchPixels);
      const isRed = column === 3 && Math.floor(y / patchPixels) === 1;
      png.data.set(isRed ? [255, 0, 0, 255] : [0, 160, 0, 255], (y * 96 + x) * 4);
    }
  }
  return PNG.sync.write(png).toString('base64');
}

describe('the attention page on a picture', function () {
  this.timeout(60_000);
  const harness = usePages();

  const open = async (options: PageOptions = {}, base64: string | null = picture()): Promise<Page> => {
    const page = await harness.open({ ...options, state: { kind: 'empty' }, saved: { layer, head } });
    await page.evaluate(
      ([made, file]) => {
        window.stub.picture = file === null ? null : { type: 'image/png', base64: file };
        window.stub.show({ kind: 'ready', scenario: made });
      },
      [scene, base64] as const,
    );
    await page.waitForSelector('body[data-state="ready"]');
    await page.locator('.patches canvas[data-scale]').waitFor();
    await page.waitForTimeout(100);
    return page;
  };
  /** Where a patch is on the screen. */
  const middleOf = async (page: Page, row: number, column: number): Promise<[number, number]> => {
    const canvas = page.locator('.patches canvas').first();
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    const scale = Number(await canvas.getAttribute('data-scale'));
    const at = (place: number): number => (place + 0.5) * patchPixels * scale;
    return [box.x + croppedPixels * scale + at(column), box.y + at(row)];
  };
  const pixel = async (page: Page, row: number, column: number): Promise<number[]> => {
    const [x, y] = await middleOf(page, row, column);
    return page.evaluate(
      ([left, top]) => {
        const canvas = document.querySelector<HTMLCanvasElement>('.patches canvas')!;
        const box = canvas.getBoundingClientRect();
        const ratio = canvas.width / box.width;
        const context = canvas.getContext('2d')!;
        return [...context.getImageData((left - box.left) * ratio, (top - box.top) * ratio, 1, 1).data];
      },
      [x, y] as const,
    );
  };

  it('lays the row of [CLS] over it at rest, and says so', async () => {
    const page = await open();
    const caption = (await page.locator('.picture-figure figcaption').first().textContent()) ?? '';
    const strongest = Math.max(...Array.from({ length: 25 }, (_, patch) => weight(0, 1 + patch)));
    assert.ok(caption.includes('What “[CLS]” attends to'), caption);
    assert.ok(
      caption.includes(`strongest: ${strongest.toFixed(4)} · [CLS] ${weight(0, 0).toFixed(4)}`),
      caption,
    );
    assert.deepEqual(await page.locator('.chip').allTextContents(), ['[CLS]']);
  });

  it('shows the picture itself under the colours', async () => {
    const page = await open();
    const coloured = await pixel(page, 1, 3);
    await page.getByRole('button', { name: strings.pictureColours }).click();
    await frames(page);
    assert.deepEqual(await pixel(page, 1, 3), [255, 0, 0, 255]);
    assert.deepEqual(await pixel(page, 2, 2), [0, 160, 0, 255]);
    assert.notDeepEqual(coloured, [255, 0, 0, 255]);
  });

  it('shows what a patch attends to when it is pointed at, and the number when one is pinned', async () => {
    const page = await open();
    const resting = await pixel(page, 1, 4);
    await page.mouse.move(...(await middleOf(page, 1, 3)));
    await frames(page);
    assert.match(await readout(page), /^“r1c3” \(position 9\) attends most to/);
    // The head looks at the next token, so the row of r1c3 is strongest right of it.
    assert.notDeepEqual(await pixel(page, 1, 4), resting);
    await page.mouse.click(...(await middleOf(page, 1, 3)));
    await page.mouse.move(...(await middleOf(page, 2, 0)));
    assert.equal(
      await readout(page),
      `“r1c3” (position 9) attends to “r2c0” (position 11): ${weight(9, 11).toFixed(4)}`,
    );
  });

  it('works by keyboard', async () => {
    const page = await open();
    await page.locator('.patches').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.match(await readout(page), /^“r1c1” \(position 7\)/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    assert.match(await readout(page), /^“r1c1” \(position 7\) attends to “r1c4” \(position 10\)/);
    await page.keyboard.press('Escape');
    assert.equal(await readout(page), strings.pictureHint);
  });

  it('offers what makes sense for patches, and nothing else', async () => {
    const page = await open();
    const button = (name: string): Promise<number> => page.getByRole('button', { name, exact: true }).count();
    for (const name of [strings.hideFirst, strings.hidePunctuation, strings.words, strings.predictionsTab]) {
      assert.equal(await button(name), 0, name);
    }
    assert.equal(await button(strings.editText), 0);
    await page.getByRole('button', { name: strings.patternsTab, exact: true }).click();
    await page.locator('.chip-head').first().waitFor();
    const kinds = (await page.locator('.patterns .kind').allTextContents()).map((kind) => kind.trim());
    assert.deepEqual(kinds, [
      strings.patternSelf,
      strings.patternNear,
      strings.patternSpecial,
      strings.patternBroad,
    ]);
    // Without [CLS] the mean of all patches lies on the picture.
    await page.getByRole('button', { name: strings.hideSpecial, exact: true }).click();
    await frames(page);
    const caption = await page.locator('.picture-figure figcaption').first().textContent();
    assert.ok(caption?.includes(strings.pictureMean), caption ?? '');
  });

  it('shows the patches also where the picture cannot be drawn', async () => {
    const page = await open({}, null);
    await page.getByText(strings.pictureFailed).waitFor();
    await page.mouse.move(...(await middleOf(page, 0, 0)));
    assert.match(await readout(page), /^“r0c0”/);
  });

  it('decodes what only a browser reads, and names what is broken', async () => {
    const page = await open();
    const decode = (type: string, bytes: Buffer): Promise<string> =>
      page.evaluate(([kind, file]) => window.stub.decode(kind, file), [
        type,
        bytes.toString('base64'),
      ] as const);
    const gif = Buffer.from('R0lGODdhAwACAIEAAP8AAAAAAAAAAAAAACwAAAAAAwACAAAIBgABCBwYEAA7', 'base64');
    assert.equal(await decode('image/gif', gif), '3 × 2');
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9"/></svg>';
    assert.equal(await decode('image/svg+xml', Buffer.from(svg)), '1024 × 512');
    assert.match(
      await decode('image/webp', Buffer.from('RIFFxxxxWEBP')),
      /^pictureUnreadable some picture: /,
    );
    assert.match(await decode('image/svg+xml', Buffer.from('<svg')), /^pictureUnreadable some picture: /);
  });

  it('keeps the picture with its weights: SVG, and a file of its own', async () => {
    const page = await open();
    await page.getByRole('button', { name: strings.exportMenu }).click();
    await page.getByRole('menuitem', { name: strings.exportSvg }).click();
    await page.waitForFunction(() => window.stub.exported !== undefined);
    const svg = await page.evaluate(() => new TextDecoder().decode(window.stub.exported));
    assert.ok(svg.includes('href="data:image/png;base64,'));
    assert.ok(svg.includes(`r2c0: ${weight(0, 11).toFixed(4)}`));
    const read = async (file: string): Promise<string> => readFile(join(harness.folder, file), 'utf8');
    const look = {
      theme: 'vscode-dark',
      style: { '--vscode-editor-background': '#1f1f1f', '--vscode-foreground': '#cccccc' },
      pictures: { 1: `data:image/png;base64,${picture()}` },
    };
    const state = { kind: 'ready', view: madeUpView(scene, 1) } as const;
    const html = await standaloneHtml(
      { locale: 'en', strings, standalone: false, state, compared: null },
      new Uint8Array(packWeights(madeUpLayers(scene, 'only'))),
      look,
      {
        script: await read('attention.js'),
        style: await read('attention.css'),
        standalone: await read('standalone.js'),
        font: await readFile(join(harness.folder, 'codicon.ttf')),
      },
    );
    const path = join(harness.folder, 'picture.html');
    await writeFile(path, html);
    const kept = await harness.openFile(path);
    await kept.locator('.cell[data-index="6"]').click();
    await kept.waitForSelector('.plots:not(.stale)');
    await kept.getByRole('button', { name: strings.pictureColours }).click();
    await frames(kept);
    assert.deepEqual(await pixel(kept, 1, 3), [255, 0, 0, 255]);
  });

  it('compares two pictures side by side', async () => {
    const page = await open({ width: 1200 });
    await page.getByRole('button', { name: strings.compareMenu, exact: true }).click();
    await page.getByRole('menuitem', { name: strings.comparePicture }).click();
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll<HTMLElement>('.patches')].filter((each) => each.offsetParent).length ===
        2,
    );
    await page.mouse.move(...(await middleOf(page, 1, 3)));
    assert.match(await readout(page), /^“r1c3”/);
    await page.waitForFunction(() =>
      document.querySelectorAll('.picture-figure figcaption')[1]?.textContent?.includes('r1c3'),
    );
  });

  it('fits narrow panels and every theme, without violations', async () => {
    for (const options of [{ width: 300 }, { theme: 'light' }, { theme: 'highContrast' }] as const) {
      const page = await open(options);
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    }
  });
});
