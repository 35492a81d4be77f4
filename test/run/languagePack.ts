import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workbenchMessages } from './workbenchMessages';

/**
 * Makes VS Code's server believe that a language pack is installed, for packs come from a marketplace. Without
 * one it falls back to English, and with it every extension: `vscode.env.language` would not be the language
 * asked for. Strings of the workbench that the pack lacks stay English.
 */
export async function writeLanguagePack(userDataDir: string, locale: string): Promise<void> {
  const messagesFile = join(userDataDir, `messages.${locale}.json`);
  const content = JSON.stringify({ version: '1.0.0', contents: await workbenchMessages(locale) });
  await writeFile(messagesFile, content);
  const pack = {
    hash: createHash('sha256').update(content).digest('hex').slice(0, 32),
    // The server looks a pack up by its extension; it need not exist.
    extensions: [{ extensionIdentifier: { id: `transformer-scope.language-${locale}` }, version: '1.0.0' }],
    translations: { vscode: messagesFile },
    label: locale,
  };
  await writeFile(join(userDataDir, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}
