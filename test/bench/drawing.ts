import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packWeights } from '../../src/attention/packWeights';
import { standaloneHtml } from '../../src/panels/standaloneHtml';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { Harness } from '../pages/harness';
import { type Scenario, madeUpLayers, madeUpView } from '../pages/madeUpRun';
import { median } from './median';
import { printTable } from './table';
import type { Target } from './targets';

/** Milliseconds that the page's own code takes, and until the frame after it. */
interface Drawn {
  readonly script: number;
  readonly frame: number;
}

interface DrawingFigures {
  readonly tokens: number;
  readonly overview: Drawn;
  readonly hover: Drawn;
  readonly open: Drawn;
  readonly htmlBytes: number | undefined;
}

/** BertViz 1.4.1's own JavaScript, 12 × 12 heads at 128 tokens, on a 2-core machine: see the README. */
const bertViz = { overview: 47_300, hover: 1600, open: 5200, htmlBytes: 107e6 };

/** Drawing of 12 × 12 heads in the browser that the page tests use; software rendering. */
export async function benchDrawing(quick: boolean, targets: Target[]): Promise<object> {
  const harness = new Harness();
  try {
    const rows: DrawingFigures[] = [];
    for (const tokens of quick ? [128] : [128, 512]) {
      rows.push(await measure(harness, tokens, quick ? 9 : 21));
    }
    const cells = rows.map(({ tokens, overview, hover, open, htmlBytes }) => [
      ...[`ours, ${tokens} tokens`, overview.script, overview.frame, hover.script, hover.frame],
      ...[open.script, open.frame, htmlBytes === undefined ? '–' : (htmlBytes / 1e6).toFixed(2)],
    ]);
    printTable(
      '12 × 12 heads in the browser, ms (script: the page’s own code; frame: until the frame is drawn)',
      ['', 'all heads', 'frame', 'hover', 'frame', 'open a head', 'frame', 'HTML in MB'],
      [
        ...cells,
        [
          ...['BertViz, 128 tokens (noted)', '–', bertViz.overview, '–', bertViz.hover, '–', bertViz.open],
          (bertViz.htmlBytes / 1e6).toFixed(0),
        ],
      ],
    );
    targets.push(...rows.flatMap(targetsOf));
    return rows;
  } finally {
    await harness.stop();
  }
}

function targetsOf({ tokens, overview, hover, open, htmlBytes }: DrawingFigures): Target[] {
  const small = tokens <= 128;
  const target = (name: string, limit: number, figure: number): Target => ({
    ...{ name: `${name} at ${tokens} tokens`, limit, bound: 'most', figure },
  });
  return [
    target('drawing all heads, ms', small ? 100 : 500, overview.script),
    target('hovering, ms', small ? 16 : 50, hover.script),
    target('opening a head until it is drawn, ms', 50, open.frame),
    ...(htmlBytes === undefined ? [] : [target('HTML file in bytes', 3e6, htmlBytes)]),
  ];
}

async function measure(harness: Harness, tokens: number, rounds: number): Promise<DrawingFigures> {
  const scenario: Scenario = {
    words: Array.from({ length: tokens }, (_, index) => `word${index % 40}`),
    layers: 12,
    heads: 12,
  };
  const page = await harness.open({ state: { kind: 'ready', scenario }, width: 1400, height: 900 });
  page.setDefaultTimeout(300_000);
  // What the heads do is measured in the page's own thread here; wait until that is over.
  await page.getByRole('button', { name: strings.patternsTab, exact: true }).click();
  await page.locator('.chip-head').first().waitFor();
  await page.getByRole('button', { name: strings.pairsTab, exact: true }).click();
  await page.waitForTimeout(500);
  await watchFrames(page);
  const overview: Drawn[] = [];
  const hover: Drawn[] = [];
  const open: Drawn[] = [];
  for (let round = 0; round < rounds; round++) {
    // Other colours: nothing that was painted before can be used again.
    overview.push(await timed(page, { does: 'recolour', step: round }));
    hover.push(await timed(page, { does: 'pointermove', at: `#token-${(round * 7) % tokens}` }));
    // A head that was not shown before: it is asked for over the wire.
    open.push(await timed(page, { does: 'click', at: `.cell[data-index="${(round * 5 + 1) % 144}"]` }));
  }
  const htmlBytes = tokens <= 128 ? await htmlSize(harness, scenario) : undefined;
  await harness.closePages();
  return { tokens, overview: middle(overview), hover: middle(hover), open: middle(open), htmlBytes };
}

/** Counts the time that the page's frame callbacks take. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const request = window.requestAnimationFrame.bind(window);
    const bench = { script: 0, request };
    Object.assign(window, { bench });
    window.requestAnimationFrame = (callback) =>
      request((time) => {
        const begin = performance.now();
        callback(time);
        bench.script += performance.now() - begin;
      });
  });
}

type Action =
  | { readonly does: 'recolour'; readonly step: number }
  | { readonly does: 'pointermove' | 'click'; readonly at: string };

/** Does something in the page and waits until it is drawn; after a click, until weights have come too. */
async function timed(page: Page, action: Action): Promise<Drawn> {
  return page.evaluate(async (wanted) => {
    const { bench } = window as unknown as {
      bench: { script: number; request: typeof requestAnimationFrame };
    };
    await new Promise((resolve) => bench.request(resolve));
    bench.script = 0;
    const begin = performance.now();
    if (wanted.does === 'recolour') {
      const { style } = document.documentElement;
      style.setProperty('--vscode-editor-background', `rgb(${wanted.step}, 20, 20)`);
    } else if (wanted.does === 'click') {
      document.querySelector<HTMLElement>(wanted.at)?.click();
    } else {
      const event = new PointerEvent(wanted.does, { bubbles: true });
      document.querySelector(wanted.at)?.dispatchEvent(event);
    }
    bench.script += performance.now() - begin;
    // The page draws in the next frame; new colours it notices one frame, and reads another, before.
    for (let frame = 0; frame < (wanted.does === 'recolour' ? 3 : 1); frame++) {
      await new Promise((resolve) => bench.request(resolve));
    }
    while (wanted.does === 'click' && document.querySelector('.plots.stale')) {
      await new Promise((resolve) => bench.request(resolve));
    }
    return { script: bench.script, frame: performance.now() - begin };
  }, action);
}

function middle(all: readonly Drawn[]): Drawn {
  return { script: median(all.map((each) => each.script)), frame: median(all.map((each) => each.frame)) };
}

async function htmlSize(harness: Harness, scenario: Scenario): Promise<number> {
  const read = (file: string): Promise<Buffer> => readFile(join(harness.folder, file));
  const parts = {
    script: (await read('attention.js')).toString('utf8'),
    style: (await read('attention.css')).toString('utf8'),
    standalone: (await read('standalone.js')).toString('utf8'),
    font: await read('codicon.ttf'),
  };
  const state = { kind: 'ready', view: madeUpView(scenario, 1) } as const;
  const packed = new Uint8Array(packWeights(madeUpLayers(scenario, 'only')));
  const look = { theme: 'vscode-dark', style: {} };
  const snapshot = { locale: 'en', strings, standalone: false, state, compared: null };
  return Buffer.byteLength(await standaloneHtml(snapshot, packed, look, parts));
}
