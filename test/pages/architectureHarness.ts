import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import esbuild from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../run/chromium';
import type { ArchitectureStart } from './architecturePage';
import { type ThemeName, bodyAttributes, themeCss } from './themes';

/** Opens the architecture and the history as a page of their own, under the content security policy of VS Code. */
export class ArchitectureHarness {
  readonly problems: string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<ArchitectureHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'scope-architecture-'));
    await esbuild.build({
      entryPoints: {
        page: 'test/pages/architecturePage.ts',
        common: 'webview/common/common.css',
        architecture: 'webview/compare/architecture.css',
        codicon: 'node_modules/@vscode/codicons/dist/codicon.css',
      },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      target: 'chrome120',
      loader: { '.ttf': 'file' },
      assetNames: '[name]',
      outdir: folder,
      logLevel: 'error',
      tsconfig: 'tsconfig.browser.json',
    });
    return new ArchitectureHarness(folder, await launchChromium());
  }

  async open(start: ArchitectureStart, theme: ThemeName, width: number): Promise<Page> {
    const { bodyClass, kind } = bodyAttributes(theme);
    const file = join(this.folder, `${theme}.html`);
    await writeFile(join(this.folder, `${theme}.css`), `${themeCss(theme)} .page { padding: 6px 12px; }`);
    await writeFile(
      file,
      `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Architecture</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; script-src file:; style-src file:; font-src file:">
${[theme, 'codicon', 'common', 'architecture'].map((name) => `<link rel="stylesheet" href="${name}.css">`).join('')}</head>
<body class="${bodyClass}" data-vscode-theme-kind="${kind}"><div id="root"></div><script src="page.js"></script></body></html>`,
    );
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, bypassCSP: false });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      // axe asks for the style sheets once more, which the policy forbids.
      if (message.type() === 'error' && !message.text().includes('connect-src')) {
        this.problems.push(message.text());
      }
    });
    await page.addInitScript((data) => {
      window.architectureStart = data as ArchitectureStart;
    }, start);
    await page.goto(`file://${file}`);
    await page.waitForSelector('body[data-state="ready"]');
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
