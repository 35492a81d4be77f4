import { chromium, type Browser, type Page } from 'playwright-core';
import * as vscode from 'vscode';

const center = '.notifications-center';

/** The workbench's window, driven as a person does; only where VS Code runs in a browser. */
export class Workbench {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  static async connect(address: string): Promise<Workbench> {
    const browser = await chromium.connectOverCDP(address);
    const page = browser.contexts().flatMap((context) => context.pages())[0];
    if (!page) {
      throw new Error('The browser shows no page.');
    }
    return new Workbench(browser, page);
  }

  /** Ends the connection, not the browser. */
  async disconnect(): Promise<void> {
    await this.browser.close();
  }

  /** Waits for a list whose title has the words, narrows it and takes what is first then. */
  async pick(title: RegExp, typed = '', wanted?: RegExp): Promise<void> {
    await this.page.locator('.quick-input-widget .quick-input-title', { hasText: title }).waitFor();
    if (typed !== '') {
      await this.page.locator('.quick-input-widget .quick-input-box input').fill(typed);
    }
    if (wanted) {
      await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: wanted }).waitFor();
    } else {
      await this.page.locator('.quick-input-list .monaco-list-row.focused').first().waitFor();
    }
    await this.page.keyboard.press('Enter');
  }

  /** Writes into the input box whose title has the words. */
  async enter(title: RegExp, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget .quick-input-title', { hasText: title }).waitFor();
    await this.page.locator('.quick-input-widget .quick-input-box input').fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The text of a message that has the words, progress included: toasts are not shown while tests run. */
  async message(words: RegExp): Promise<string> {
    const message = this.page.locator(`${center} .notification-list-item`, { hasText: words }).first();
    for (let tries = 0; !(await message.isVisible()); tries++) {
      if (tries === 100) {
        throw new Error(`No message has ${words}: ${await this.page.locator(center).allTextContents()}`);
      }
      // The list closes itself when it is empty.
      await vscode.commands.executeCommand('notifications.showList');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return (await message.textContent()) ?? '';
  }

  /** Presses a button on a message. */
  async press(label: string): Promise<void> {
    await this.page.locator(`${center} .monaco-button`, { hasText: label }).first().click();
  }
}
