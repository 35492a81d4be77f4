import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packWeights } from '../../src/attention/packWeights';
import { standaloneHtml } from '../../src/panels/standaloneHtml';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { frames, hoverCell, readout } from './gestures';
import { type PageOptions } from './harness';
import { usePages } from './usePages';
import { type Scenario, madeUpHead, madeUpLayers, madeUpView } from './madeUpRun';

const words = ['[CLS]', 'the', 'doctor', 'said', 'she', 'slept', '[SEP]'];
const otherText = 'the nurse said that she slept';
const otherWords = ['[CLS]', ...otherText.split(' '), '[SEP]'];
const scenario: Scenario = { words, layers: 3, heads: 4 };
const weight = (list: readonly string[], query: number, key: number, layer = 1, head = 2): number =>
  madeUpHead({ ...scenario, words: list }, layer, head)[query * list.length + key]!;
/** Words that both texts have, as places in each. */
const linked: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [3, 3],
  [4, 5],
  [5, 6],
  [6, 7],
];
const difference = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

describe('comparing runs on the attention page', function () {
  this.timeout(30_000);
  const harness = usePages();

  const compare = async (options: PageOptions = {}): Promise<Page> => {
    const page = await harness.open({
      ...options,
      state: { kind: 'ready', scenario },
      saved: { layer: 1, head: 2 },
    });
    await page.getByRole('button', { name: strings.compareMenu, exact: true }).click();
    await page.getByRole('menuitem', { name: strings.compareText }).click();
    await page.getByRole('textbox', { name: strings.editText }).fill(otherText);
    await page.getByRole('button', { name: strings.compareAction }).click();
    await page.waitForFunction(() => document.querySelectorAll('.plot.matrix').length === 2);
    await page.locator('.plot.matrix').nth(1).waitFor();
    await frames(page);
    return page;
  };

  it('reads out both weights of a pair and their difference', async () => {
    const page = await compare();
    await hoverCell(page.locator('.matrix').first(), 4, 3, words.length);
    const [own, its] = [weight(words, 4, 3), weight(otherWords, 5, 3)];
    const text = await readout(page);
    assert.ok(text.includes(own.toFixed(4)), text);
    assert.ok(text.endsWith(`Compared: ${its.toFixed(4)} (${difference(own - its)})`), text);
    // A word that the other does not have is told alone.
    await hoverCell(page.locator('.matrix').first(), 2, 3, words.length);
    assert.ok((await readout(page)).endsWith(weight(words, 2, 3).toFixed(4)));
  });

  it('links the axes the other way too, and follows to another head', async () => {
    const page = await compare();
    await hoverCell(page.locator('.matrix').nth(1), 5, 3, otherWords.length);
    assert.match(await readout(page), /“she” \(position 4\) attends to “said” \(position 3\)/);
    await page.locator('.cell[data-index="0"]').click();
    await page.waitForSelector('.plots:not(.stale)');
    await page.waitForTimeout(100);
    await hoverCell(page.locator('.matrix').first(), 4, 3, words.length);
    const its = weight(otherWords, 5, 3, 0, 0);
    assert.ok((await readout(page)).includes(its.toFixed(4)), await readout(page));
  });

  it('lists the largest differences', async () => {
    const page = await compare();
    await page.getByRole('button', { name: strings.differencesTab, exact: true }).click();
    const all = linked.flatMap(([query, otherQuery]) =>
      linked.map(([key, otherKey]) => weight(words, query, key) - weight(otherWords, otherQuery, otherKey)),
    );
    const expected = all.sort((a, b) => Math.abs(b) - Math.abs(a)).slice(0, 10);
    assert.deepEqual(await page.locator('.ranks .number').allTextContents(), expected.map(difference));
  });

  const kept = async (page: Page, label: string): Promise<string> => {
    await page.getByRole('button', { name: strings.exportMenu }).click();
    await page.getByRole('menuitem', { name: label }).click();
    await page.waitForFunction(() => window.stub.exported !== undefined);
    return page.evaluate(() => {
      const text = new TextDecoder().decode(window.stub.exported);
      window.stub.exported = undefined;
      return text;
    });
  };

  it('keeps both runs in SVG, CSV and JSON', async () => {
    const page = await compare();
    const [own, its] = [weight(words, 4, 3), weight(otherWords, 5, 3)];
    const svg = await kept(page, strings.exportSvg);
    assert.ok(svg.includes(`<title>she → said: ${own.toFixed(4)}</title>`));
    assert.ok(svg.includes(`<title>she → said: ${its.toFixed(4)}</title>`));
    const json = JSON.parse(await kept(page, strings.exportJson)) as {
      weights: number[][];
      compared: { weights: number[][]; layer: number; tokens: { text: string }[] };
    };
    assert.equal(json.weights[4]?.[3], own);
    assert.equal(json.compared.weights[5]?.[3], its);
    assert.deepEqual(
      json.compared.tokens.map(({ text }) => text),
      otherWords,
    );
    const csv = (await kept(page, strings.exportCsv)).split('\r\n');
    const place = csv.findIndex((line) => line.startsWith(`"${strings.comparedWith}`));
    assert.equal(place, words.length + 2);
    assert.equal(Number(csv[place + 2 + 5]?.split(',')[4]), its);
  });

  it('keeps both runs in one HTML file that works offline', async () => {
    const read = (file: string): Promise<string> => readFile(join(harness.folder, file), 'utf8');
    const other = { ...scenario, words: otherWords };
    const html = await standaloneHtml(
      {
        locale: 'en',
        strings,
        standalone: false,
        state: { kind: 'ready', view: madeUpView(scenario, 1) },
        compared: { kind: 'ready', view: madeUpView(other, 2) },
      },
      Buffer.concat([scenario, other].map((each) => new Uint8Array(packWeights(madeUpLayers(each, 'only'))))),
      {
        theme: 'vscode-dark',
        style: { '--vscode-editor-background': '#1f1f1f', '--vscode-foreground': '#cccccc' },
      },
      {
        script: await read('attention.js'),
        style: await read('attention.css'),
        standalone: await read('standalone.js'),
        font: await readFile(join(harness.folder, 'codicon.ttf')),
      },
    );
    const path = join(harness.folder, 'compared.html');
    await writeFile(path, html);
    const page = await harness.openFile(path);
    await page.locator('.cell[data-index="6"]').click();
    await page.locator('.plot.matrix').nth(1).waitFor();
    await page.waitForTimeout(300);
    await hoverCell(page.locator('.matrix').first(), 4, 3, words.length);
    const shown = Number(/Compared: ([\d.]+)/.exec(await readout(page))?.[1]);
    assert.ok(Math.abs(shown - weight(otherWords, 5, 3)) <= 0.01, await readout(page));
  });

  it('stops, and asks the host for another model', async () => {
    const page = await compare();
    await page.getByRole('button', { name: strings.compareMenu, exact: true }).click();
    await page.getByRole('menuitem', { name: strings.compareStop }).click();
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll<HTMLElement>('.plot.matrix')].filter((each) => each.offsetParent)
          .length === 1,
    );
    await page.getByRole('button', { name: strings.compareMenu, exact: true }).click();
    await page.getByRole('menuitem', { name: strings.compareModel }).click();
    await page.waitForFunction(() => window.stub.calls.includes('compare model'));
  });
});
