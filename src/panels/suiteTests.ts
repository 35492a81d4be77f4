import * as vscode from 'vscode';
import { suiteGlob } from '../host/suiteFiles';
import { notifyFailure } from '../host/notify';
import type { CellAddress, CellResult } from '../protocol/prompts';
import { askCells } from './suiteAsk';
import { type Outcome, reportItem } from './suiteOutcome';
import type { SuiteSession } from './suiteSession';
import type { SuiteSessions } from './suiteSessions';
import { SuiteTree } from './suiteTree';

/** How many items ended how; for tests. */
export type RunCounts = Record<Outcome, number>;

/** Suites in the Testing view: found, opened and run there, on the sessions that the grids show. */
export class SuiteTests implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController(
    'transformerScope.suites',
    vscode.l10n.t('Prompt Suites'),
  );
  private readonly tree = new SuiteTree(this.controller);
  private readonly watcher = vscode.workspace.createFileSystemWatcher(suiteGlob);
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly sessions: SuiteSessions,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const { controller, watcher } = this;
    controller.resolveHandler = (test) => (test ? this.resolve(test) : this.discover());
    controller.refreshHandler = () => this.discover();
    const profile = (label: string, isDefault: boolean): vscode.TestRunProfile =>
      controller.createRunProfile(
        label,
        vscode.TestRunProfileKind.Run,
        async (request, token) => {
          await this.run(request, token, isDefault);
        },
        isDefault,
      );
    profile(vscode.l10n.t('Ask Every Item'), true);
    profile(vscode.l10n.t('Ask Unanswered Items'), false);
    this.subscriptions = vscode.Disposable.from(
      controller,
      watcher,
      watcher.onDidCreate((uri) => this.tree.suite(uri)),
      watcher.onDidDelete((uri) => this.tree.forget(uri)),
      watcher.onDidChange((uri) => {
        const test = controller.items.get(uri.toString());
        // What nobody has opened is read when somebody does.
        if (test && (test.children.size > 0 || test.error)) {
          void this.resolve(test);
        }
      }),
    );
    void this.discover();
  }

  /** Lists the suites of the workspace, without reading one. */
  async discover(): Promise<void> {
    const found = await vscode.workspace.findFiles(suiteGlob, '**/node_modules/**');
    const keys = new Set(found.map(String));
    found.forEach((uri) => this.tree.suite(uri));
    this.controller.items.forEach((test) => {
      if (test.uri && !keys.has(test.id)) {
        this.tree.forget(test.uri);
      }
    });
  }

  /**
   * Runs what was chosen, one suite after the other.
   * @param isAnew also what has an answer already
   */
  async run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    isAnew: boolean,
  ): Promise<RunCounts> {
    const counts: RunCounts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
    const chosen = request.include ?? topOf(this.controller.items);
    const run = this.controller.createTestRun(request);
    try {
      const bySuite = grouped(chosen, (test) => test.uri?.toString() ?? '');
      for (const tests of bySuite.values()) {
        if (!token.isCancellationRequested) {
          await this.runSuite(run, tests, new Set(request.exclude ?? []), token, isAnew, counts);
        }
      }
    } catch (error) {
      notifyFailure(error, this.log);
    } finally {
      run.end();
    }
    return counts;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async resolve(test: vscode.TestItem): Promise<void> {
    const node = this.tree.node(test);
    if (!node || node.kind === 'item') {
      return;
    }
    await this.holding(node.uri, (suite) => {
      const { study } = suite.session;
      if (node.kind === 'suite') {
        this.tree.fill(test, suite);
      } else if (study) {
        this.tree.fillWay(test, study, suite.document);
      }
    });
  }

  private async runSuite(
    run: vscode.TestRun,
    tests: readonly vscode.TestItem[],
    excluded: ReadonlySet<vscode.TestItem>,
    token: vscode.CancellationToken,
    isAnew: boolean,
    counts: RunCounts,
  ): Promise<void> {
    const uri = tests[0]?.uri;
    if (!uri) {
      return;
    }
    await this.holding(uri, async (suite) => {
      const { session } = suite;
      this.tree.fill(this.tree.suite(uri), suite);
      const { study } = session;
      if (!study || suite.problems.length > 0) {
        tests.forEach((test) =>
          run.errored(test, new vscode.TestMessage(String(suite.problems[0]?.message ?? ''))),
        );
        return;
      }
      const leaves = new Map(
        tests
          .flatMap((test) => this.leaves(test, suite, excluded))
          .flatMap((leaf) => {
            const node = this.tree.node(leaf);
            return node?.kind === 'item' ? [[groupKey(node), leaf] as const] : [];
          }),
      );
      const groups = grouped(session.testCells(), groupKey);
      const open = new Map<string, CellAddress[]>();
      for (const [key, leaf] of leaves) {
        const cells = groups.get(key) ?? [];
        const known = isAnew ? [] : cells.flatMap((cell) => answered(session.result(cell)));
        if (cells.length > 0 && known.length === cells.length) {
          counts[reportItem(run, leaf, study, known)]++;
        } else {
          run.enqueued(leaf);
          open.set(key, cells);
        }
      }
      const given = new Map<string, CellResult[]>();
      await askCells(suite, [...open.values()].flat(), token, {
        started: (cell) => {
          const leaf = leaves.get(groupKey(cell));
          if (leaf) {
            run.started(leaf);
          }
        },
        answered: (result) => {
          const key = groupKey(result);
          const results = [...(given.get(key) ?? []), result];
          given.set(key, results);
          const leaf = leaves.get(key);
          if (leaf && results.length === open.get(key)?.length) {
            counts[reportItem(run, leaf, study, results)]++;
          }
        },
      });
    });
  }

  /** The items below a test, made where nobody has opened it yet. */
  private leaves(
    test: vscode.TestItem,
    suite: SuiteSession,
    excluded: ReadonlySet<vscode.TestItem>,
  ): vscode.TestItem[] {
    const node = this.tree.node(test);
    const { study } = suite.session;
    if (!node || !study || excluded.has(test)) {
      return [];
    }
    if (node.kind === 'item') {
      return [test];
    }
    if (node.kind === 'way' && test.children.size !== study.task.items.length) {
      this.tree.fillWay(test, study, suite.document);
    }
    return topOf(test.children).flatMap((child) => this.leaves(child, suite, excluded));
  }

  private async holding(uri: vscode.Uri, work: (suite: SuiteSession) => Promise<void> | void): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const { suite, release } = await this.sessions.hold(document);
    try {
      await suite.update();
      await work(suite);
    } finally {
      release();
    }
  }
}

/** Names an item of one way of asking one model, whichever of its repeats is meant. */
function groupKey({ strategy, item, model }: CellAddress): string {
  return `${strategy}|${item}|${model}`;
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) {
      group.push(value);
    } else {
      groups.set(key, [value]);
    }
  }
  return groups;
}

function topOf(items: vscode.TestItemCollection): vscode.TestItem[] {
  const found: vscode.TestItem[] = [];
  items.forEach((test) => found.push(test));
  return found;
}

/** An answer that need not be asked for again. */
function answered(result: CellResult | undefined): CellResult[] {
  return result && result.failure !== 'error' ? [result] : [];
}
