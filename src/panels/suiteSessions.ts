import type * as vscode from 'vscode';
import { SuiteSession, type SuiteServices } from './suiteSession';

/** The sessions on suites: one for each document, shared by whoever shows or runs it. */
export class SuiteSessions {
  private readonly open = new Map<string, { readonly suite: Promise<SuiteSession>; holders: number }>();

  constructor(private readonly services: SuiteServices) {}

  /** @returns the session, and what gives it back; the last one to do so ends it */
  async hold(
    document: vscode.TextDocument,
  ): Promise<{ readonly suite: SuiteSession; readonly release: () => void }> {
    const key = document.uri.toString();
    const held = this.open.get(key) ?? { suite: SuiteSession.open(document, this.services), holders: 0 };
    held.holders++;
    this.open.set(key, held);
    let isHeld = true;
    const release = (): void => {
      if (isHeld && --held.holders === 0) {
        this.open.delete(key);
        held.suite.then(
          (suite) => suite.dispose(),
          () => undefined,
        );
      }
      isHeld = false;
    };
    try {
      return { suite: await held.suite, release };
    } catch (error) {
      release();
      throw error;
    }
  }
}
