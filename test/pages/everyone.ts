import type { CDPSession, Page } from 'playwright-core';
import { contrastViolations, violations } from './axe';
import { frames } from './gestures';
import { type ThemeName, bodyAttributes } from './themes';

/** An editor of 1400 × 900 pixels at 200 % zoom, and a side bar. */
const sizes = [
  { width: 700, height: 450 },
  { width: 300, height: 700 },
];
/** Besides dark; high contrast is what the states are walked through in Chinese with. */
const otherThemes: readonly ThemeName[] = ['light', 'highContrastLight'];

/** Checks every state into which a page is brought, and gathers what is wrong instead of stopping at the first. */
export class Everyone {
  readonly problems: string[] = [];
  private readonly toggled = new Set<string>();
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  /** Of a page that was opened in dark colours. */
  static async on(page: Page): Promise<Everyone> {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    return new Everyone(page, await page.context().newCDPSession(page));
  }

  /** Everything that a state must be, in English: read at any size and theme, used without a mouse. */
  async check(state: string): Promise<void> {
    for (const size of sizes) {
      await this.resize(size);
      this.note(`${state}, ${size.width} px`, await this.ask('reflowProblems'));
    }
    await this.resize(sizes[0]!);
    this.note(state, await this.ask('reachProblems'));
    this.note(state, await this.nameless());
    this.note(state, await this.tabThrough());
    this.note(state, await this.escape());
    this.note(`${state}, dark`, await violations(this.page));
    for (const theme of otherThemes) {
      await this.wear(theme);
      this.note(`${state}, ${theme}`, await contrastViolations(this.page, theme));
    }
    await this.wear('dark');
  }

  /** What another language can break: where the words end, and which have no name. */
  async checkWords(state: string): Promise<void> {
    for (const size of sizes) {
      await this.resize(size);
      this.note(`${state}, ${size.width} px`, await this.ask('reflowProblems'));
    }
    this.note(state, await violations(this.page));
  }

  private async resize(size: { width: number; height: number }): Promise<void> {
    await this.page.setViewportSize(size);
    await frames(this.page);
    await frames(this.page);
  }

  private note(where: string, problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `${where}: ${problem}`));
  }

  private ask(what: 'reflowProblems' | 'reachProblems' | 'tabbingProblems'): Promise<string[]> {
    return this.page.evaluate((asked) => window.inPage[asked](), what);
  }

  /** As the page wears another theme of VS Code while it is open. */
  private async wear(theme: ThemeName): Promise<void> {
    const { bodyClass, kind } = bodyAttributes(theme);
    await this.page.evaluate(
      async ([name, className, themeKind]) => {
        const link = document.querySelector<HTMLLinkElement>('link[href*="theme.css"]')!;
        await new Promise((resolve) => {
          link.addEventListener('load', resolve, { once: true });
          link.href = `/theme.css?theme=${name}`;
        });
        document.body.className = className;
        document.body.dataset['vscodeThemeKind'] = themeKind;
      },
      [theme, bodyClass, kind] as const,
    );
    await frames(this.page);
    await frames(this.page);
  }

  /** What can have the focus and is called nothing, as the browser tells screen readers. */
  private async nameless(): Promise<string[]> {
    const { nodes } = await this.session.send('Accessibility.getFullAXTree');
    const found = nodes.filter(
      ({ ignored, role, name, properties = [] }) =>
        !ignored &&
        role?.value !== 'RootWebArea' &&
        properties.some((each) => each.name === 'focusable' && each.value.value === true) &&
        !name?.value,
    );
    return Promise.all(
      found.map(async ({ role, backendDOMNodeId }) => {
        const { node } = await this.session.send('DOM.describeNode', { backendNodeId: backendDOMNodeId! });
        return `without a name: ${role?.value} ${node.localName} ${(node.attributes ?? []).join(' ')}`;
      }),
    );
  }

  /** Tab from the beginning to the end, and once around. */
  private async tabThrough(): Promise<string[]> {
    await this.page.evaluate(() => window.inPage.beginTabbing());
    do {
      for (let press = 0; press < 20; press++) {
        await this.page.keyboard.press('Tab');
      }
    } while (await this.page.evaluate(() => window.inPage.isOnTheWay()));
    return this.ask('tabbingProblems');
  }

  /** Opens whatever a button opens by Enter; Escape must close it and leave the focus on the button. */
  private async escape(): Promise<string[]> {
    const problems: string[] = [];
    const toggles = await this.page.$$('[aria-haspopup=menu], vscode-button[aria-expanded=false]');
    for (const toggle of toggles) {
      if (!(await toggle.isVisible())) {
        continue;
      }
      const name = (await toggle.getAttribute('aria-label')) ?? '';
      if (this.toggled.has(name)) {
        continue;
      }
      this.toggled.add(name);
      const isOpen = (): Promise<boolean> =>
        toggle.evaluate((button) => button.getAttribute('aria-expanded') === 'true');
      await toggle.focus();
      await this.page.keyboard.press('Enter');
      await frames(this.page);
      if (!(await isOpen())) {
        problems.push(`not opened by Enter: ${name}`);
      }
      await this.page.keyboard.press('Escape');
      await frames(this.page);
      if (await isOpen()) {
        problems.push(`not closed by Escape: ${name}`);
      } else if (!(await toggle.evaluate((button) => button === document.activeElement))) {
        problems.push(`the focus is lost when it is closed by Escape: ${name}`);
      }
    }
    return problems;
  }
}
