import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes VS Code's server believe that a language pack is installed, for packs come from a marketplace. Without
 * one it falls back to English, and with it every extension: `vscode.env.language` would not be the language
 * asked for. `messages` are the workbench's own strings; those it lacks stay English.
 */
export async function writeLanguagePack(
  userDataDir: string,
  locale: string,
  messages: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Promise<void> {
  const messagesFile = join(userDataDir, `messages.${locale}.json`);
  const content = JSON.stringify({ version: '1.0.0', contents: messages });
  await writeFile(messagesFile, content);
  const pack = {
    hash: createHash('sha256').update(content).digest('hex').slice(0, 32),
    extensions: [{ extensionIdentifier: { id: `transformer-scope.language-${locale}` }, version: '1.0.0' }],
    translations: { vscode: messagesFile },
    label: locale,
  };
  await writeFile(join(userDataDir, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}
