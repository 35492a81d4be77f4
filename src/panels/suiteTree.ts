import * as vscode from 'vscode';
import { readersLanguage } from '../host/readersLanguage';
import { strategyName } from '../prompts/sentences';
import { strategyId } from '../prompts/strategy';
import { wordings } from '../prompts/wording';
import type { Study } from '../protocol/prompts';
import { itemPlaces } from '../suites/itemPlaces';
import { itemTitle } from '../suites/suiteRun';
import type { SuiteSession } from './suiteSession';

/** What a node of the Testing view stands for. */
export type SuiteNode =
  | { readonly kind: 'suite'; readonly uri: vscode.Uri }
  | { readonly kind: 'way'; readonly uri: vscode.Uri; readonly strategy: string; readonly model: string }
  | {
      readonly kind: 'item';
      readonly uri: vscode.Uri;
      readonly strategy: string;
      readonly model: string;
      readonly item: number;
    };

/** Suite → way of asking a model → items, each made only when somebody opens or runs what is above it. */
export class SuiteTree {
  private readonly nodes = new WeakMap<vscode.TestItem, SuiteNode>();

  constructor(private readonly controller: vscode.TestController) {}

  node(test: vscode.TestItem): SuiteNode | undefined {
    return this.nodes.get(test);
  }

  suite(uri: vscode.Uri): vscode.TestItem {
    const key = uri.toString();
    const known = this.controller.items.get(key);
    if (known) {
      return known;
    }
    const made = this.controller.createTestItem(key, vscode.workspace.asRelativePath(uri), uri);
    made.canResolveChildren = true;
    this.nodes.set(made, { kind: 'suite', uri });
    this.controller.items.add(made);
    return made;
  }

  forget(uri: vscode.Uri): void {
    this.controller.items.delete(uri.toString());
  }

  /** Brings the ways of a suite up to date, and the items of those that were opened. */
  fill(test: vscode.TestItem, { session, document, problems }: SuiteSession): void {
    const { study } = session;
    const [problem] = problems;
    if (!study || problem) {
      test.error = problem
        ? `${vscode.l10n.t('Line {0}', problem.line)}: ${problem.message}`
        : vscode.l10n.t('This suite is empty');
      test.children.replace([]);
      return;
    }
    test.error = undefined;
    test.description = study.title;
    const words = wordings[readersLanguage()];
    const ways = study.models.flatMap(({ id: model }) =>
      study.strategies.map((each, index) => {
        const strategy = strategyId(each);
        const key = `${strategy}|${model}`;
        const label =
          study.models.length > 1
            ? `${strategyName(strategy, words)} · ${model}`
            : strategyName(strategy, words);
        const way = test.children.get(key) ?? this.controller.createTestItem(key, label, document.uri);
        way.canResolveChildren = true;
        way.sortText = String(index).padStart(3, '0');
        this.nodes.set(way, { kind: 'way', uri: document.uri, strategy, model });
        return way;
      }),
    );
    test.children.replace(ways);
    ways.filter(({ children }) => children.size > 0).forEach((way) => this.fillWay(way, study, document));
  }

  /** Brings the items of a way up to date. */
  fillWay(way: vscode.TestItem, study: Study, document: vscode.TextDocument): void {
    const node = this.nodes.get(way);
    if (node?.kind !== 'way') {
      return;
    }
    const places = this.placesOf(document, study.task.items.length);
    way.children.replace(
      study.task.items.map((_, item) => {
        const test = this.controller.createTestItem(String(item), itemTitle(study, item), document.uri);
        const place = places[item];
        if (place) {
          test.range = place;
        }
        test.sortText = String(item).padStart(6, '0');
        this.nodes.set(test, { ...node, kind: 'item', item });
        return test;
      }),
    );
  }

  private places: { readonly text: string; readonly ranges: readonly vscode.Range[] } | undefined;

  /** All ways of a suite have the same items: the text is read once for them. */
  private placesOf(document: vscode.TextDocument, numItems: number): readonly vscode.Range[] {
    const text = document.getText();
    if (this.places?.text !== text) {
      const ranges = itemPlaces(text, numItems).map(
        ({ start, end }) => new vscode.Range(document.positionAt(start), document.positionAt(end)),
      );
      this.places = { text, ranges };
    }
    return this.places.ranges;
  }
}
