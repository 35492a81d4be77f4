import * as vscode from 'vscode';
import { type SuiteContext, checkSuite, mostWhileTyping } from '../suites/checkSuite';
import { completeSuite } from '../suites/completeSuite';
import { hoverSuite } from '../suites/hoverSuite';
import { type SuiteProblem, problemText } from '../suites/problems';
import { commandIds } from './ids';
import type { Models } from './models';
import { type SuiteSchema, isSuite, suiteSelector } from './suiteFiles';

/** Somebody who types is not corrected at every letter. */
const typingMilliseconds = 300;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Information,
} as const;

/** Completion, hovers, problems and lenses in the text of suites. Needs no YAML extension. */
export class SuiteLanguage implements vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('transformerScope.suites');
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly schema: SuiteSchema,
    private readonly models: Models,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.problems,
      vscode.languages.registerCompletionItemProvider(
        suiteSelector,
        { provideCompletionItems: (document, position) => this.complete(document, position) },
        ' ',
        '-',
        '[',
        '{',
        ',',
      ),
      vscode.languages.registerHoverProvider(suiteSelector, {
        provideHover: (document, position) => this.hover(document, position),
      }),
      vscode.languages.registerCodeLensProvider(suiteSelector, { provideCodeLenses: lenses }),
      vscode.workspace.onDidOpenTextDocument((document) => this.soon(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.soon(document, typingMilliseconds)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
    );
    vscode.workspace.textDocuments.forEach((document) => this.soon(document, 0));
  }

  dispose(): void {
    this.timers.forEach((timer) => clearTimeout(timer));
    this.subscriptions.dispose();
  }

  private soon(document: vscode.TextDocument, milliseconds: number): void {
    if (isSuite(document.uri)) {
      const key = document.uri.toString();
      clearTimeout(this.timers.get(key));
      this.timers.set(
        key,
        setTimeout(() => void this.check(document), milliseconds),
      );
    }
  }

  private forget({ uri }: vscode.TextDocument): void {
    clearTimeout(this.timers.get(uri.toString()));
    this.timers.delete(uri.toString());
    this.problems.delete(uri);
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const context = await this.context();
    const { version } = document;
    if (document.isClosed) {
      return;
    }
    const found = checkSuite(document.getText(), context);
    if (document.version === version) {
      this.problems.set(
        document.uri,
        found.map((problem) => diagnostic(document, problem)),
      );
    }
  }

  private async complete(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const text = document.getText();
    if (text.length > mostWhileTyping) {
      return [];
    }
    const offered = completeSuite(text, document.offsetAt(position), await this.context());
    return Promise.all(
      offered.map(async ({ label, insert, start, kind, description, isRequired }, index) => {
        const item = new vscode.CompletionItem(
          label,
          kind === 'key' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value,
        );
        item.insertText = new vscode.SnippetString(kind === 'key' ? insert : escaped(insert));
        item.range = new vscode.Range(document.positionAt(start), position);
        item.sortText = `${isRequired ? 0 : 1}${String(index).padStart(3, '0')}`;
        if (description !== undefined) {
          item.documentation = await this.schema.translated(description);
        }
        if (kind === 'key') {
          // What may stand behind a name is offered at once.
          item.command = { command: 'editor.action.triggerSuggest', title: '' };
        }
        return item;
      }),
    );
  }

  private async hover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const text = document.getText();
    const found =
      text.length > mostWhileTyping
        ? undefined
        : hoverSuite(text, document.offsetAt(position), await this.schema.read());
    if (!found) {
      return undefined;
    }
    const usual =
      found.usual === undefined ? [] : [asMarkdown(vscode.l10n.t('If left out: {0}', found.usual))];
    const values = found.values.map((value) => `\`${value}\``).join(' · ');
    const said = [
      `**${asMarkdown(found.name)}**`,
      asMarkdown(await this.schema.translated(found.description)),
    ];
    const told = new vscode.MarkdownString([...said, ...usual, values].join('\n\n'));
    return new vscode.Hover(
      told,
      new vscode.Range(document.positionAt(found.start), document.positionAt(found.end)),
    );
  }

  private async context(): Promise<SuiteContext> {
    const known = await this.models.promptModels();
    return {
      schema: await this.schema.read(),
      models: known.map(({ id }) => id),
      mostCharacters: mostWhileTyping,
    };
  }
}

function diagnostic(document: vscode.TextDocument, problem: SuiteProblem): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(problem.start), document.positionAt(problem.end));
  const text = problemText(problem, (english, ...args) => vscode.l10n.t(english, ...args));
  const made = new vscode.Diagnostic(range, text, severities[problem.severity]);
  made.source = 'Transformer Scope';
  made.code = problem.kind;
  return made;
}

/** Above the first line: the same file as a grid. */
function lenses(): vscode.CodeLens[] {
  return [
    new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
      title: `$(table) ${vscode.l10n.t('Open as Grid')}`,
      command: commandIds.openSuiteAsGrid,
    }),
  ];
}

function asMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~&-]/g, '\\$&');
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
