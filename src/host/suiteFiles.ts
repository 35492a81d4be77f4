import * as vscode from 'vscode';
import type { Schema } from '../suites/schemaWalk';

/** Which documents are suites, as every registration has it. */
export const suiteSelector: vscode.DocumentSelector = { pattern: '**/*.prompts.{yaml,yml}' };
export const suiteGlob = '**/*.prompts.{yaml,yml}';

export function isSuite({ path }: vscode.Uri): boolean {
  return /\.prompts\.ya?ml$/.test(path);
}

/** The schema that comes with the extension, and what it says in the reader's language. */
export class SuiteSchema {
  private schema: Promise<Schema> | undefined;
  private words: Promise<Readonly<Record<string, string>>> | undefined;

  constructor(private readonly extensionUri: vscode.Uri) {}

  read(): Promise<Schema> {
    this.schema ??= this.json('prompts.schema.json') as Promise<Schema>;
    return this.schema;
  }

  /** A description of the schema in the reader's language. */
  async translated(description: string): Promise<string> {
    if (!vscode.env.language.toLowerCase().startsWith('zh')) {
      return description;
    }
    this.words ??= this.json('descriptions.zh-cn.json') as Promise<Readonly<Record<string, string>>>;
    return (await this.words)[description] ?? description;
  }

  private async json(name: string): Promise<unknown> {
    const uri = vscode.Uri.joinPath(this.extensionUri, 'media', 'suite', name);
    return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
  }
}
