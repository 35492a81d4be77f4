import * as vscode from 'vscode';
import type { Schema } from '../suites/schemaWalk';
import { jsonOf } from './fileText';
import { loadedOnce } from './loadedOnce';
import { readersLanguage } from './readersLanguage';

/** Which documents are suites, as every registration has it. */
export const suiteSelector: vscode.DocumentSelector = { pattern: '**/*.prompts.{yaml,yml}' };
export const suiteGlob = '**/*.prompts.{yaml,yml}';

export function isSuite({ path }: vscode.Uri): boolean {
  return /\.prompts\.ya?ml$/.test(path);
}

/** The schema that comes with the extension, and what it says in the reader's language. */
export class SuiteSchema {
  /** What suites are checked against. */
  readonly read = loadedOnce(async () => (await this.json('prompts.schema.json')) as Schema);
  private readonly words = loadedOnce(
    async () => (await this.json('descriptions.zh-cn.json')) as Readonly<Record<string, string>>,
  );

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** A description of the schema in the reader's language. */
  async translated(description: string): Promise<string> {
    return readersLanguage() === 'en' ? description : ((await this.words())[description] ?? description);
  }

  private json(name: string): Promise<unknown> {
    return jsonOf(vscode.Uri.joinPath(this.extensionUri, 'media', 'suite', name));
  }
}
