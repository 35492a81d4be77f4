import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import esbuild from 'esbuild';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { launchChromium } from '../run/chromium';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { CompareStart } from './compareStub';
import type { ImageStart } from './imageStub';
import type { PromptStart } from './promptStub';
import type { SideStart } from './sideStub';
import type { StubState } from './stubHost';
import type { TrainStart } from './trainStub';
import { type ThemeName, bodyAttributes, themeCss } from './themes';

export interface PageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  /** The page can be asked whether everyone can use it: {@link Everyone}. */
  readonly forEveryone?: boolean;
}

export interface OpenOptions extends PageOptions {
  readonly state: StubState;
  readonly locale?: string;
  readonly strings?: AttentionStrings;
  readonly saved?: unknown;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

/** What plays the host of each page. */
const stubs = new Map([
  ['attention', 'stubHost'],
  ['compare', 'compareStub'],
  ['images', 'imageStub'],
  ['prompts', 'promptStub'],
  ['inspect', 'sideStub'],
  ['learn', 'sideStub'],
  ['train', 'trainStub'],
]);

/** Builds the pages, serves them under the content security policy that they have in VS Code, and opens them in Chromium. */
export class Harness {
  readonly problems: string[] = [];
  /** Where the built pages lie once one was opened. */
  readonly folder = mkdtempSync(join(tmpdir(), 'scope-pages-'));
  private readonly contexts: BrowserContext[] = [];
  private started: Promise<{ server: Server; browser: Browser }> | undefined;

  /** With the first page that is opened. */
  private start(): Promise<{ server: Server; browser: Browser }> {
    return (this.started ??= (async () => {
      await build(this.folder);
      const server = createServer((request, response) => {
        void respond(this.folder, request.url ?? '/', request.headers.host ?? '').then(
          ({ status, headers, body }) => {
            response.writeHead(status, headers).end(body);
          },
        );
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { server, browser: await launchChromium() };
    })());
  }

  /** Opens a file from disk, as a person does who was sent it: with no network at all. */
  async openFile(path: string): Promise<Page> {
    const { browser } = await this.start();
    const context = await browser.newContext({ viewport: { width: 900, height: 850 }, offline: true });
    this.contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.problems.push(message.text());
      }
    });
    await page.goto(`file://${path}`);
    await page.waitForSelector('body[data-state="ready"]');
    return page;
  }

  async open(options: OpenOptions): Promise<Page> {
    const { state, locale = 'en', strings, saved } = options;
    const page = await this.blank(options);
    await page.addInitScript(
      (start) => {
        window.stubStart = start as Window['stubStart'];
      },
      { state, locale, strings, saved },
    );
    await page.goto(await this.address('attention', options.theme));
    await page.waitForSelector(`body[data-state="${state.kind}"]`);
    return page;
  }

  /** Opens the prompt workbench. */
  async openPrompts(options: PromptStart & PageOptions): Promise<Page> {
    const { scenario, locale, strings, saved, suite } = options;
    const page = await this.blank(options);
    await page.addInitScript(
      (start) => {
        window.promptStart = start as Window['promptStart'];
      },
      { scenario, locale, ...(strings ? { strings } : {}), saved, ...(suite ? { suite } : {}) },
    );
    await page.goto(await this.address('prompts', options.theme));
    const state = scenario ? 'ready' : suite?.problems.length ? 'broken' : 'empty';
    await page.waitForSelector(`body[data-state="${state}"]`);
    return page;
  }

  /** Opens the page of pictures and words. */
  async openImages(options: ImageStart & PageOptions): Promise<Page> {
    const { numPictures, locale, strings } = options;
    const page = await this.blank(options);
    await page.addInitScript(
      (start) => {
        window.imageStart = start as Window['imageStart'];
      },
      { numPictures, locale, ...(strings ? { strings } : {}) },
    );
    await page.goto(await this.address('images', options.theme));
    await page.waitForSelector('body[data-state="ready"]');
    return page;
  }

  /** Opens the comparison of two models. */
  async openCompare(options: CompareStart & PageOptions): Promise<Page> {
    const { scenario, locale, strings, saved } = options;
    const page = await this.blank(options);
    await page.addInitScript(
      (start) => {
        window.compareStart = start as Window['compareStart'];
      },
      { scenario, locale, ...(strings ? { strings } : {}), saved },
    );
    await page.goto(await this.address('compare', options.theme));
    await page.waitForSelector(`body[data-state="${scenario ? 'ready' : 'empty'}"]`);
    return page;
  }

  /** Opens the page on which a model is trained. */
  async openTrain(start: TrainStart & PageOptions): Promise<Page> {
    const { locale, remembered, strings } = start;
    const page = await this.blank(start);
    await page.addInitScript(
      (given) => {
        window.trainStart = given as Window['trainStart'];
      },
      { locale, ...(remembered ? { remembered } : {}), ...(strings ? { strings } : {}) },
    );
    await page.goto(await this.address('train', start.theme));
    await page.waitForSelector('body[data-state="ready"]');
    return page;
  }

  /** Opens a page of the side bar. */
  async openSide(name: 'inspect' | 'learn', start: SideStart, options: PageOptions): Promise<Page> {
    const page = await this.blank(options);
    await page.addInitScript((given) => {
      window.sideStart = given as Window['sideStart'];
    }, start);
    await page.goto(await this.address(name, options.theme));
    await page.waitForSelector('body[data-state]');
    return page;
  }

  private async address(name: string, theme: ThemeName = 'dark'): Promise<string> {
    const { server } = await this.start();
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/?page=${name}&theme=${theme}`;
  }

  private async blank(options: PageOptions): Promise<Page> {
    const { browser } = await this.start();
    const context = await browser.newContext({
      viewport: { width: options.width ?? 700, height: options.height ?? 850 },
      deviceScaleFactor: options.scale ?? 1,
    });
    this.contexts.push(context);
    const page = await context.newPage();
    if (options.forEveryone === true) {
      await page.addInitScript({ path: join(this.folder, 'inPage.js') });
    }
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.problems.push(message.text());
      }
    });
    return page;
  }

  /** Closes the pages of one test. */
  async closePages(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  async stop(): Promise<void> {
    const started = await this.started;
    await started?.browser.close();
    started?.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function build(outdir: string): Promise<void> {
  const stub = (name: string): string => `test/pages/${name}.ts`;
  const page = (name: string): string => `webview/${name}/main.ts`;
  const pages = [...stubs.keys(), 'effects', 'standalone', 'steps'];
  await esbuild.build({
    entryPoints: Object.fromEntries([
      ...pages.map((name) => [name, page(name)]),
      ...[...new Set(stubs.values())].map((name) => [name, stub(name)]),
      ['inPage', stub('inPage')],
    ]),
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    outdir,
    logLevel: 'error',
    tsconfig: 'tsconfig.browser.json',
  });
}

async function respond(
  folder: string,
  url: string,
  host: string,
): Promise<{ status: number; headers: Record<string, string>; body: string | Buffer }> {
  const { pathname, searchParams } = new URL(url, `http://${host}`);
  const theme = (searchParams.get('theme') ?? 'dark') as ThemeName;
  const origin = `http://${host}`;
  if (pathname === '/') {
    const name = stubs.has(searchParams.get('page') ?? '')
      ? (searchParams.get('page') as string)
      : 'attention';
    const stub = stubs.get(name) as string;
    const { bodyClass, kind } = bodyAttributes(theme);
    return {
      status: 200,
      headers: {
        'content-type': 'text/html',
        'content-security-policy': `default-src 'none'; script-src 'nonce-n0'; style-src ${origin} 'nonce-n0'; font-src ${origin}; img-src data:`,
      },
      body: `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta property="csp-nonce" content="n0"><title>Attention</title>
<link rel="stylesheet" href="/theme.css?theme=${theme}"><link rel="stylesheet" href="/${name}.css"></head>
<body class="${bodyClass}" data-vscode-theme-kind="${kind}"><div id="root"></div>
<script nonce="n0" src="/${stub}.js"></script><script nonce="n0" src="/${name}.js"></script></body></html>`,
    };
  }
  if (pathname === '/theme.css') {
    return { status: 200, headers: { 'content-type': 'text/css' }, body: themeCss(theme) };
  }
  try {
    const name = pathname.slice(1).replace(/[^\w.-]/g, '');
    return {
      status: 200,
      headers: { 'content-type': types[extname(name)] ?? 'text/plain' },
      body: await readFile(join(folder, name)),
    };
  } catch {
    return { status: 404, headers: {}, body: '' };
  }
}
