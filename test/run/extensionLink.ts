import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Puts an extension among a server's installed ones by linking to where it is built, so that reloading the window
 * after a build shows the new one. The list of installed extensions is made anew from the folder when absent.
 */
export async function linkExtension(dataDir: string, extensionDir: string): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile(join(extensionDir, 'package.json'), 'utf8'));
  const { publisher, name, version } = manifest as Record<string, string>;
  const extensionsDir = join(dataDir, 'extensions');
  await rm(extensionsDir, { recursive: true, force: true });
  await mkdir(extensionsDir, { recursive: true });
  await symlink(extensionDir, join(extensionsDir, `${publisher}.${name}-${version}`), 'junction');
}
