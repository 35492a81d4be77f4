import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describeArchitecture } from '../../src/compare/architecture';
import { timeline } from '../../src/compare/timeline';
import { variants } from '../../src/compare/variants';
import type { Architecture } from '../../src/protocol/architecture';
import {
  type ArchitectureStrings,
  architectureStringsEnglish as strings,
} from '../../src/protocol/architectureStrings';
import { root } from '../run/paths';
import { ArchitectureHarness } from './architectureHarness';
import type { ArchitectureStart } from './architecturePage';
import { violations } from './axe';
import type { ThemeName } from './themes';

const json = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;

function bundled(id: string, ...names: readonly string[]): Architecture {
  const files = names.map((name) => {
    const bytes = new Uint8Array(readFileSync(join(root, 'models', id, 'onnx', `${name}.onnx`)));
    return { bytes, fileBytes: bytes.length };
  });
  return describeArchitecture(id, json(`models/${id}/config.json`), files);
}

function published(name: string): Architecture {
  const { config } = json<Record<string, { config: Record<string, unknown> }>>(
    'test/fixtures/architecture/expected.json',
  )[name]!;
  const file = readFileSync(join(root, 'test/fixtures/architecture/graphs', `${name}.onnx.gz`));
  return describeArchitecture(name, config, [{ bytes: new Uint8Array(gunzipSync(file)), fileBytes: 438e6 }]);
}

const column = (model: Architecture): ArchitectureStart['left'] => ({ name: model.name, model });
const bert = bundled('scope-bert', 'model');
const gpt = bundled('scope-gpt', 'model_quantized');
const translator = bundled('scope-seq2seq', 'encoder_model', 'decoder_model');
const scaling = {
  tokens: 2_000_000,
  sizes: [
    { layers: 1, width: 48, heads: 2, parameters: 250_000, nonEmbedding: 28_000, heldOutLoss: 3.4 },
    { layers: 2, width: 96, heads: 3, parameters: 660_000, nonEmbedding: 224_000, heldOutLoss: 2.6 },
    { layers: 4, width: 192, heads: 6, parameters: 2_660_000, nonEmbedding: 1_780_000, heldOutLoss: 2.1 },
  ],
  fit: { a: 41.2, b: 0.3, c: 1.55 },
};
const plain: ArchitectureStart = {
  ...{ left: column(bert), right: column(gpt), others: [], scaling, strings, locale: 'en' },
};

function chinese(): ArchitectureStrings {
  const bundle = json<Record<string, string>>('media/l10n/bundle.l10n.zh-cn.json');
  return Object.fromEntries(
    Object.entries(strings).map(([key, english]) => [key, bundle[english] ?? english]),
  ) as ArchitectureStrings;
}

describe('architecture and history of compared models', function () {
  this.timeout(90_000);
  let harness: ArchitectureHarness;
  const pages: Page[] = [];

  before(async () => {
    harness = await ArchitectureHarness.start();
  });
  after(async () => {
    await harness.stop();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
    assert.deepEqual(harness.problems.splice(0), [], 'the page logged errors');
  });

  const open = async (
    start: Partial<ArchitectureStart> = {},
    theme: ThemeName = 'dark',
    width = 1000,
  ): Promise<Page> => {
    const page = await harness.open({ ...plain, ...start }, theme, width);
    pages.push(page);
    return page;
  };
  const parts = (page: Page, side: string): Promise<(string | null)[]> =>
    page
      .locator(`[data-side="${side}"] [role="button"]`)
      .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-part')));
  const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.architectureCalls);

  it('draws each stack from the text up, norms behind or in front', async () => {
    const page = await open();
    assert.deepEqual(await parts(page, 'left'), [
      ...['tokenEmbedding', 'positionEmbedding', 'tokenTypeEmbedding', 'embeddingNorm'],
      ...['attention', 'layerNorms', 'feedForward', 'layerNorms', 'outputHead', 'pooler'],
    ]);
    assert.deepEqual(await parts(page, 'right'), [
      ...['tokenEmbedding', 'positionEmbedding', 'layerNorms', 'attention', 'layerNorms', 'feedForward'],
      ...['finalNorm', 'outputHead'],
    ]);
    const masks = (side: string): Promise<number> =>
      page.locator(`[data-side="${side}"] .mask .hidden`).count();
    assert.deepEqual([await masks('left'), await masks('right')], [0, 6]);
    assert.match((await page.locator('[data-side="left"] .times').textContent()) ?? '', /4 ×/);
  });

  it('says of a part how many parameters it has, and opens it by key or pointer at the chosen layer', async () => {
    const page = await open();
    const attention = page.locator('[data-side="left"] [data-part="attention"]');
    await attention.focus();
    const said = 'Self-attention: 592,896 parameters, 17.2% of all (scope-bert), 148,224 in each of 4 layers';
    assert.equal(await attention.getAttribute('aria-label'), said);
    assert.equal(await page.locator('[data-side="left"] .pointed').textContent(), said);
    await page.locator('[data-side="left"] select').selectOption('2');
    await attention.press('Enter');
    await page.locator('[data-side="right"] [data-part="tokenEmbedding"]').click();
    assert.deepEqual(await calls(page), ['open left attention 2', 'open right tokenEmbedding -']);
  });

  it('compares properties, marks what differs, and takes further columns', async () => {
    const page = await open({ others: [column(published('albert-base'))] });
    const row = (key: string): ReturnType<Page['locator']> => page.locator(`tr[data-property="${key}"]`);
    const cells = async (key: string): Promise<string[]> =>
      (await row(key).locator('td').allTextContents()).map((text) => text.trim());
    assert.deepEqual(await cells('parameters'), ['3,448,258', '2,664,576', '11,683,584']);
    assert.deepEqual(await cells('shared'), ['no', 'no', 'yes']);
    assert.deepEqual(await cells('mask'), ['all tokens', 'only earlier tokens', 'all tokens']);
    assert.equal(await row('shared').getAttribute('class'), 'differs');
    assert.match((await row('shared').locator('th').textContent()) ?? '', /differs/);
    assert.equal(await row('positions').getAttribute('class'), '');
    await page.getByRole('button', { name: 'Remove albert-base' }).click();
    await page.getByRole('button', { name: strings.archAddColumn }).click();
    assert.deepEqual(await calls(page), ['remove 0', 'add']);
  });

  it('stacks the parameters of all models at one scale', async () => {
    const page = await open();
    const bars = page.locator('.stacked');
    assert.match(
      (await bars.first().getAttribute('aria-label')) ?? '',
      /^scope-bert: 3,448,258 parameters\. Token/,
    );
    const widths = await bars.evaluateAll((all) =>
      all.map((bar) =>
        [...bar.querySelectorAll('rect')].reduce((sum, rect) => sum + Number(rect.getAttribute('width')), 0),
      ),
    );
    assert.ok(Math.abs(widths[0]! - 1000) < 1e-6);
    assert.ok(Math.abs(widths[1]! - (1000 * 2_664_576) / 3_448_258) < 1e-6);
    const total = page.locator('tr.total td');
    assert.match((await total.nth(1).textContent()) ?? '', /2,664,576/);
  });

  it('draws an encoder-decoder as two stacks, joined by cross attention', async () => {
    const page = await open({ right: column(translator) });
    const side = page.locator('[data-side="right"]');
    assert.equal(await side.locator('[data-part="attention"]').count(), 2);
    assert.equal(await side.locator('[data-part="crossAttention"]').count(), 1);
    assert.equal(await side.locator('.memory').count(), 1);
    const embeddings = side.locator('[data-part="tokenEmbedding"]');
    assert.match((await embeddings.nth(1).getAttribute('aria-label')) ?? '', /no parameters of its own/);
  });

  it('says why a model could not be read, and where graph and configuration differ', async () => {
    const odd = { ...bert, disagreements: [{ what: 'layers', graph: 4, config: 6 }] } as const;
    const page = await open({
      left: { name: 'odd', model: odd },
      right: { name: 'gone', model: null, missing: 'no file' },
    });
    assert.match(
      (await page.locator('.disagreement').textContent()) ?? '',
      /Layers: the graph has 4, .* says 6/,
    );
    assert.match(
      (await page.locator('[data-side="right"]').textContent()) ?? '',
      /Could not be read: no file/,
    );
    assert.equal(await page.locator('.part-bar').count(), 1);
  });

  it('lists variants and milestones with their sources', async () => {
    const page = await open();
    assert.equal(await page.locator('.variants [data-variant]').count(), variants.length);
    const gpt3 = page.locator('[data-variant="GPT-3 175B"]');
    assert.deepEqual(
      (await gpt3.locator('td').allTextContents()).map((text) => text.trim()),
      ['96', '12,288', '96', '175 B', '50,257', '2,048'],
    );
    const bertFamily = page.locator('tbody', { has: page.locator('[data-variant="BERT base"]') });
    await bertFamily.locator('summary').click();
    const sources = (await bertFamily.locator('li').allInnerTexts()).join(' ; ');
    assert.match(sources, /^Devlin et al\. 2019, section 3 \(layers, width, heads, Parameters, Vocabulary\)/);
    assert.match((await bertFamily.locator('.point').textContent()) ?? '', /from both sides/);
    assert.equal(await page.locator('.timeline li').count(), timeline.length);
    assert.match((await page.locator('.timeline li').first().textContent()) ?? '', /Jun 2017.*Vaswani/s);
  });

  it('charts the measured losses, each point by keyboard too, and does without them', async () => {
    const page = await open();
    const points = page.locator('.scaling .point');
    assert.equal(await points.count(), 3);
    await points.nth(2).focus();
    assert.equal(
      await points.nth(2).getAttribute('aria-label'),
      '4 layers of width 192: 1,780,000 parameters outside the embeddings, loss 2.100',
    );
    const places = await points
      .locator('circle')
      .evaluateAll((circles) =>
        circles.map((circle) => [Number(circle.getAttribute('cx')), Number(circle.getAttribute('cy'))]),
      );
    // Equal factors are equal distances: 28,000 to 224,000 is ×8, to 1,780,000 another ×8.
    const [one, two, three] = places.map(([x]) => x!);
    assert.ok(Math.abs(two! - one! - (three! - two!)) < 1);
    assert.ok(places[0]![1]! < places[2]![1]!, 'a higher loss stands higher');
    const without = await open({ scaling: null });
    assert.equal(await without.locator('.scaling').count(), 0);
    assert.match((await without.locator('main').textContent()) ?? '', new RegExp(strings.histScalingMissing));
    assert.match((await without.locator('.laws').textContent()) ?? '', /8\.8 · 10¹³.*406\.4/s);
  });

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
    it(`has no violations in ${theme}, wide and at 300 pixels`, async () => {
      const page = await open({ others: [column(translator)] }, theme, 1400);
      assert.deepEqual(await violations(page), []);
      await page.setViewportSize({ width: 300, height: 900 });
      assert.deepEqual(await violations(page), []);
      const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
      assert.ok(fits, 'nothing stands out of a narrow page');
    });
  }

  it('speaks Chinese', async () => {
    const page = await open({ strings: chinese(), locale: 'zh-cn' });
    const text = (await page.locator('main').textContent()) ?? '';
    assert.match(text, /自注意力.*逐项对比.*掩码语言模型.*已发表的定律/s);
    const english = Object.entries(chinese()).filter(([, value]) => /^[A-Za-z ,.]{4,}$/.test(value));
    assert.deepEqual(english, []);
  });
});
