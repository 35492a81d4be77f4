import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesUnder, root } from './sourceTree';

/** Attributes whose value a person reads or hears. */
const spokenAttributes =
  /\s(?:title|aria-label|aria-description|aria-valuetext|placeholder|alt|label)="([^"]*)"/g;

/** Properties of pick lists, tree items, status items and notices that a person reads. */
const spokenProperties = new Set(
  'title label placeHolder detail description tooltip prompt openLabel saveLabel message'.split(' '),
);

/** Functions of VS Code whose first argument a person reads. */
const spokenCalls = new Set([
  'showInformationMessage',
  'showWarningMessage',
  'showErrorMessage',
  'setStatusBarMessage',
]);

/** Names, formats and samples that are the same in every language. */
const names = new Set([
  ...['Transformer Scope', 'Transformer Scope:', 'Markdown', 'HTML', 'YAML', 'pass@', 'pass^'],
  ...['Xenova/bert-base-uncased', 'hf_…', 'promptfooconfig.yaml', 'tests.csv'],
]);

interface Stray {
  readonly file: string;
  readonly text: string;
}

/** A word that would have to be translated: two letters in a row, icons of VS Code left out. */
function isWords(text: string): boolean {
  const plain = text.replace(/\$\([\w~-]+\)|&nbsp;/g, '').trim();
  return /\p{L}{2}/u.test(plain) && !names.has(plain);
}

/** A template as one text; what is filled in is a hole. */
const hole = '\uFFFC';

/** Of a template: the attributes that are read and the text between its tags. */
function spokenIn(template: string): string[] {
  const attributes = [...template.matchAll(spokenAttributes)].map((match) => match[1] as string);
  const between = template
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(?:[^<>"]|"[^"]*")*>/g, hole)
    .split(hole);
  return [...attributes.flatMap((value) => value.split(hole)), ...between].filter(isWords);
}

function eachNode(file: string, visit: (node: ts.Node, source: ts.SourceFile) => void): void {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  const walk = (node: ts.Node): void => {
    visit(node, source);
    ts.forEachChild(node, walk);
  };
  walk(source);
}

/** What a Lit template of a page says by itself. */
function straysInTemplates(file: string): Stray[] {
  const found: Stray[] = [];
  eachNode(file, (node, source) => {
    if (ts.isTaggedTemplateExpression(node) && /^(html|svg)$/.test(node.tag.getText(source))) {
      const { template } = node;
      const text = ts.isNoSubstitutionTemplateLiteral(template)
        ? template.text
        : template.head.text + template.templateSpans.map(({ literal }) => hole + literal.text).join('');
      found.push(...spokenIn(text).map((each) => ({ file, text: each })));
    }
  });
  return found;
}

/** The literal parts of an expression that becomes a text. */
function literalsOf(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) {
    return [node.text];
  }
  if (ts.isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  }
  if (ts.isConditionalExpression(node)) {
    return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  }
  return [];
}

/** What the host says through VS Code without `l10n.t`. */
function straysInHost(file: string): Stray[] {
  const found: Stray[] = [];
  const add = (node: ts.Expression): void => {
    found.push(
      ...literalsOf(node)
        .filter(isWords)
        .map((text) => ({ file, text })),
    );
  };
  eachNode(file, (node, source) => {
    if (ts.isPropertyAssignment(node) && spokenProperties.has(node.name.getText(source))) {
      add(node.initializer);
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      spokenProperties.has(node.left.name.text)
    ) {
      add(node.right);
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [first] = node.arguments;
      if (first && spokenCalls.has(node.expression.name.text)) {
        add(first);
      }
    }
  });
  return found;
}

describe('words in the code', () => {
  it('are found in attributes, between tags, and beside what is filled in', () => {
    assert.deepEqual(spokenIn(`<button title="Go on" class="x y">${hole} Stop</button>`), ['Go on', ' Stop']);
    assert.deepEqual(spokenIn(`<p aria-label="${hole} of all">×</p><i class="codicon"></i>`), [' of all']);
    assert.deepEqual(spokenIn(`<a href="command:look" @click="${hole}">${hole} · ${hole}</a>`), []);
  });

  it('are not in the templates of the pages, whose texts the host hands over', () => {
    assert.deepEqual(filesUnder('webview').flatMap(straysInTemplates), []);
  });

  it('are not in what the host shows, but in what it translates', () => {
    const folders = ['src/host', 'src/panels', 'src/web'];
    assert.deepEqual(['src/extension.ts', ...folders.flatMap(filesUnder)].flatMap(straysInHost), []);
  });
});
