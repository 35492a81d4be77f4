import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { type AttentionStrings, attentionStringsEnglish } from '../../src/protocol/attentionStrings';
import { frames, hoverCell, readout } from './gestures';
import { usePages } from './usePages';
import { type Scenario, madeUpHead, sentence } from './madeUpRun';

const scenario: Scenario = { words: sentence, layers: 3, heads: 4 };
const ready = { kind: 'ready', scenario } as const;
const saved = { layer: 1, head: 2 };

async function savedPlace(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const { layer, head, pinned } = window.stub.saved as Record<string, unknown>;
    return { layer, head, pinned };
  });
}

describe('attention page', function () {
  this.timeout(60_000);
  const harness = usePages();

  it('reads out the exact weight of the cell under the pointer', async () => {
    const page = await harness.open({ state: ready, saved });
    const weights = madeUpHead(scenario, 1, 2);
    const n = sentence.length;
    for (const [query, key] of [
      [2, 9],
      [9, 2],
      [17, 22],
      [0, 0],
    ] as const) {
      await hoverCell(page, query, key, n);
      const text = await readout(page);
      assert.match(text, new RegExp(`position ${query}\\).*position ${key}\\)`));
      assert.ok(text.endsWith(weights[query * n + key]!.toFixed(4)), text);
    }
  });

  it('opens a head of the layer that was asked for, once', async () => {
    const asked = { kind: 'ready', scenario: { ...scenario, openLayer: 2 } } as const;
    const page = await harness.open({ state: asked, saved });
    const layer = page.locator('vscode-dropdown').first();
    const showing = (value: string): Promise<unknown> =>
      page.waitForFunction(
        (wanted) => (document.querySelector('vscode-dropdown') as HTMLInputElement | null)?.value === wanted,
        value,
      );
    await showing('2');
    await layer.click();
    await page.getByRole('option', { name: 'Layer 1' }).click();
    await showing('1');
    await frames(page);
    assert.equal(((await savedPlace(page)) as { layer: number }).layer, 1);
  });

  it('pins the query of a clicked cell and releases it on Escape', async () => {
    const page = await harness.open({ state: ready, saved });
    await hoverCell(page, 5, 7, sentence.length);
    await page.mouse.down();
    await page.mouse.up();
    await page.mouse.move(2, 2);
    await page.waitForSelector('#token-5.pinned');
    assert.deepEqual(await savedPlace(page), { layer: 1, head: 2, pinned: [5] });
    assert.match(await readout(page), /Pinned: the/);
    const row = [...madeUpHead(scenario, 1, 2).slice(5 * sentence.length, 6 * sentence.length)].sort(
      (a, b) => b - a,
    );
    assert.equal(await page.locator('.ranks .number').first().textContent(), row[0]!.toFixed(4));
    await page.keyboard.press('Escape');
    await page.waitForSelector('#token-5:not(.pinned)');
    assert.equal(await readout(page), attentionStringsEnglish.pinHint);
    assert.deepEqual(await savedPlace(page), { layer: 1, head: 2, pinned: undefined });
  });

  it('previews a hovered token, pins a clicked one, and reads pairs against the pin', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.locator('#token-2').hover();
    await frames(page);
    assert.match(await readout(page), /^“cat” \(position 2\) attends most to/);
    await page.locator('#token-2').click();
    await page.locator('#token-9').hover();
    await frames(page);
    const weight = madeUpHead(scenario, 1, 2)[2 * sentence.length + 9]!;
    assert.ok((await readout(page)).endsWith(weight.toFixed(4)));
    assert.equal(await page.locator('.strip [aria-selected=true]').getAttribute('id'), 'token-2');
  });

  it('moves between heads with the arrow keys and fetches each once', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.locator('.overview-grid').focus();
    await page.keyboard.press('ArrowRight');
    await settled(page, 1, 3);
    await page.keyboard.press('ArrowDown');
    await settled(page, 2, 3);
    await page.keyboard.press('Home');
    await settled(page, 2, 0);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await settled(page, 2, 0);
    const calls = await page.evaluate(() => window.stub.calls);
    assert.deepEqual(calls.slice(0, 4), ['head 1/2', 'head 1/3', 'head 2/3', 'head 2/0']);
    assert.equal(calls.filter((call) => call === 'head 2/0').length, 1);
    await page.keyboard.press('Enter');
    assert.ok(await page.locator('.matrix').evaluate((element) => element === document.activeElement));
  });

  it('moves a cell cursor by keyboard and says the number', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.locator('.matrix').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight']) {
      await page.keyboard.press(key);
    }
    await frames(page);
    const weight = madeUpHead(scenario, 1, 2)[1 * sentence.length + 3]!.toFixed(4);
    assert.ok((await page.locator('[aria-live=polite]').textContent())?.endsWith(weight));
    await page.keyboard.press('Enter');
    await page.waitForSelector('#token-1.pinned');
  });

  it('opens the head that looks most at other words when none was chosen', async () => {
    const page = await harness.open({ state: ready });
    const calls = await page.evaluate(() => window.stub.calls);
    assert.equal(calls.length, 1);
    const [layer, head] = calls[0]!.slice(5).split('/').map(Number) as [number, number];
    assert.ok([0, 1].includes((layer * 5 + head) % 6), `a head with a pattern, not ${calls[0]}`);
  });

  it('tells what was cut and which self-check failed', async () => {
    const page = await harness.open({
      state: { kind: 'ready', scenario: { ...scenario, totalTokens: 900, warning: 0.0123 } },
    });
    const text = await page.locator('.notices').textContent();
    assert.match(text ?? '', /Kept the first 23 of 900 tokens: lines 12–31 of 40/);
    assert.match(text ?? '', /off by 0\.012/);
  });

  it('offers a retry for a head that could not be read', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.evaluate(() => {
      window.stub.failHeads = true;
    });
    await page.locator('.overview-grid').focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText(attentionStringsEnglish.headFailed).waitFor();
    await page.evaluate(() => {
      window.stub.failHeads = false;
    });
    await page.locator('.head-failure vscode-button').click();
    await settled(page, 1, 1);
    assert.equal(await page.getByText(attentionStringsEnglish.headFailed).count(), 0);
  });

  it('shows a failure with one button that asks the host', async () => {
    const page = await harness.open({
      state: { kind: 'failed', message: 'No model.', detail: 'x.onnx', action: 'chooseModel' },
    });
    assert.equal(await page.locator('vscode-button').count(), 1);
    await page.locator('vscode-button').click();
    await page.waitForFunction(() => window.stub.calls.includes('perform chooseModel'));
    assert.equal(await page.locator('pre').textContent(), 'x.onnx');
  });

  it('keeps the last picture while busy, and Cancel reaches the host', async () => {
    const page = await harness.open({ state: ready, saved });
    await page.evaluate(() => {
      window.stub.show({ kind: 'busy', phase: 'running' });
    });
    await page.waitForSelector('body[data-state=busy]');
    assert.ok(await page.locator('.picture.old').isVisible());
    await page.locator('.message vscode-button').click();
    await page.waitForFunction(() => window.stub.calls.includes('cancel'));
  });

  it('opens the sample from the empty page', async () => {
    const page = await harness.open({ state: { kind: 'empty' } });
    await page.locator('vscode-button').click();
    await page.waitForFunction(() => window.stub.calls.includes('perform openSample'));
  });

  it('shows hostile tokens as text', async () => {
    const words = [
      '[CLS]',
      '</script><img src=x onerror=alert(1)>',
      '😀',
      'שלום',
      '\n',
      '   ',
      'a\u202eb',
      '{0}',
      '[SEP]',
    ];
    const page = await harness.open({ state: { kind: 'ready', scenario: { words, layers: 2, heads: 2 } } });
    const chips = await page.locator('.chip').allTextContents();
    assert.deepEqual(chips, [
      '[CLS]',
      '</script><img·src=x·onerror=alert(1)>',
      '😀',
      'שלום',
      '↵',
      '···',
      'a\\u202eb',
      '{0}',
      '[SEP]',
    ]);
    assert.equal(await page.locator('img').count(), 0);
    await page.locator('#token-7').hover();
    await frames(page);
    assert.match(await readout(page), /^“\{0\}” \(position 7\)/);
  });

  it('draws 512 tokens of 12 × 12 heads and follows the pointer', async () => {
    const scenario: Scenario = {
      words: Array.from({ length: 512 }, (_, i) => `w${i % 40}`),
      layers: 12,
      heads: 12,
    };
    const page = await harness.open({ state: { kind: 'ready', scenario } });
    assert.equal(await page.locator('.chip').count(), 512);
    await page.locator('#token-7').hover();
    assert.match(await readout(page), /7/);
  });

  it('speaks Chinese when the host does', async () => {
    const bundle = JSON.parse(await readFile('media/l10n/bundle.l10n.zh-cn.json', 'utf8')) as Record<
      string,
      string
    >;
    const strings = Object.fromEntries(
      Object.entries(attentionStringsEnglish).map(([key, english]) => {
        assert.ok(bundle[english], `no translation of ${key}`);
        return [key, bundle[english]];
      }),
    ) as unknown as AttentionStrings;
    const page = await harness.open({ state: ready, saved, strings, locale: 'zh-cn' });
    assert.equal(await page.locator('body').getAttribute('lang'), 'zh-cn');
    await page.getByText('第 1 层，第 2 头').first().waitFor();
    assert.match(await readout(page), /[\u4e00-\u9fff]/);
  });

  it('redraws in the colours of another theme', async () => {
    const page = await harness.open({ state: ready, theme: 'dark' });
    const before = await corner(page);
    await page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-editor-background', '#ffffff');
      document.body.className = 'vscode-light';
    });
    await page.waitForTimeout(200);
    const after = await corner(page);
    assert.notDeepEqual(after, before);
  });
});

async function settled(page: Page, layer: number, head: number): Promise<void> {
  await page.waitForSelector(`section.head[aria-label="Layer ${layer}, head ${head}"]`);
  await page.waitForSelector('.plots:not(.stale)');
}

/** The weakest pixel of the first small picture, dark or light as the theme is. */
async function corner(page: Page): Promise<number[]> {
  return page.locator('.overview-canvas').evaluate((canvas) => {
    const context = (canvas as HTMLCanvasElement).getContext('2d');
    return Array.from(context?.getImageData(10, 2, 1, 1).data ?? []);
  });
}
