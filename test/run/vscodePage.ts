import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { launchChromium } from './chromium';
import { type CodeServer, startServer } from './codeServer';
import { onInterrupt } from './interrupt';
import { uriPath } from './paths';

export type Theme = 'dark' | 'light' | 'high-contrast';

export interface WorkbenchOptions {
  readonly folder: string;
  /** The extension's folder, built. */
  readonly extensionDir: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The display language, `en` when absent. */
  readonly locale?: string;
  readonly theme?: Theme;
  readonly viewport?: { readonly width: number; readonly height: number };
}

const themeNames: Record<Theme, string> = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
};
const startMs = 60_000;
const commandMs = 30_000;

/** Opens VS Code in a browser without a window, with the extension installed, and waits until it can be used. */
export async function openWorkbench(options: WorkbenchOptions): Promise<VscodePage> {
  const server = await startServer({
    extensionDir: options.extensionDir,
    settings: { 'workbench.colorTheme': themeNames[options.theme ?? 'dark'], ...options.settings },
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  });
  return connectWorkbench(server, options.folder, options.viewport);
}

/** The same with a server that was started by itself; closing the workbench stops it. */
export async function connectWorkbench(
  server: CodeServer,
  folder: string,
  viewport = { width: 1400, height: 900 },
): Promise<VscodePage> {
  let browser: Browser | undefined;
  const close = onInterrupt(async () => {
    await browser?.close();
    await server.stop();
  });
  try {
    browser = await launchChromium();
    const page = await browser.newPage({ viewport });
    await page.goto(`${server.origin}/?folder=${encodeURIComponent(uriPath(folder))}`);
    await page
      .locator('.monaco-workbench .explorer-folders-view, .monaco-workbench .editor')
      .first()
      .waitFor({ timeout: startMs });
    return new VscodePage(page, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** VS Code's workbench as a person uses it: by its keys, menus and what can be read. */
export class VscodePage {
  constructor(
    readonly page: Page,
    readonly close: () => Promise<void>,
  ) {}

  /** Opens a file of the folder by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.editor().locator('.view-line').first().waitFor();
  }

  /** Opens a picture that lies in a folder of the folder. */
  async openPicture(folder: string, name: string): Promise<void> {
    const row = (label: string): Locator =>
      this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: label }).first();
    await row(folder).click();
    await row(name).dblclick();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Picks an entry of the list that is open. */
  async pick(label: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
  }

  /** Selects the first place where this text, of one line, stands in the active editor. */
  async selectText(text: string): Promise<void> {
    await this.editor().locator('.view-line').first().click();
    await this.page.keyboard.press('Control+Home');
    await this.page.keyboard.press('Control+KeyF');
    const find = this.page.locator('.find-widget.visible .find-part textarea');
    await find.fill(text);
    await this.page.keyboard.press('Enter');
    await this.page.keyboard.press('Escape');
    await this.page.locator('.find-widget.visible').waitFor({ state: 'hidden' });
    await this.page.locator('.selected-text').first().waitFor({ state: 'attached' });
  }

  /** Runs a command by its title, in English also where VS Code speaks another language. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input');
    const found = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    await this.openUntil(found, async () => {
      await this.page.keyboard.press('F1');
      await input.fill(`>${title}`);
    });
    await found.click();
  }

  /** Opens the editor's context menu and follows the labels through its submenus. */
  async contextMenu(...labels: readonly string[]): Promise<void> {
    const items = labels.map((label) =>
      this.page.locator('.monaco-menu .action-item', { hasText: label }).last(),
    );
    const [first, ...others] = items;
    if (first === undefined) {
      return;
    }
    await this.openUntil(first, () => this.page.keyboard.press('Shift+F10'));
    let item = first;
    for (const next of others) {
      await item.hover();
      item = next;
    }
    await item.click();
  }

  /** Chooses from the menu that a right click on something opens. */
  async chooseIn(target: Locator, label: RegExp): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-item', { hasText: label });
    await this.openUntil(item, () => target.click({ button: 'right' }));
    await item.click();
  }

  /**
   * The page inside an extension's webview, when it says that it is ready (`<body data-state="ready">`). VS Code
   * puts it into two frames: the outer one's address names the extension.
   */
  async webviewFrame(extensionId = 'transformer-scope.transformer-scope', title = ''): Promise<Frame> {
    const deadline = Date.now() + commandMs;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        const outer = frame.parentFrame()?.url() ?? '';
        if (outer.includes(`extensionId=${extensionId}`) && (await isShown(frame, title))) {
          await frame.locator('body[data-state="ready"]').waitFor({ timeout: startMs });
          return frame;
        }
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No webview of ${extensionId} ${title && `called "${title}" `}appeared.`);
  }

  /** Shows or hides the side bar with the files. */
  async toggleSideBar(): Promise<void> {
    await this.page.keyboard.press('Control+KeyB');
  }

  /** Waits until nothing moves any more and nothing covers the window: for pictures. */
  async settle(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page.locator('.notification-toast').waitFor({ state: 'detached', timeout: 20_000 });
    await this.page.waitForTimeout(1000);
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }

  /** An extension that was just installed is not in lists and menus at once: opens them until it is. */
  private async openUntil(found: Locator, open: () => Promise<void>): Promise<void> {
    const deadline = Date.now() + commandMs;
    for (;;) {
      await open();
      try {
        await found.waitFor({ timeout: 2000 });
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
        await this.page.keyboard.press('Escape');
      }
    }
  }

  private editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor').first();
  }
}

async function isShown(frame: Frame, title: string): Promise<boolean> {
  try {
    const element = await frame.frameElement();
    return (await element.isVisible()) && (await frame.title()).includes(title);
  } catch {
    // Frames come and go while a page loads.
    return false;
  }
}
