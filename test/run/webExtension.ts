import { cp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths';

/** The extension as a VS Code without any machine sees it. */
export const webExtensionDir = join(root, 'out', 'webExtension');

/**
 * Makes the extension's folder without its entry for Node: a VS Code that has a server would choose that one. Everything
 * else is what was built.
 */
export async function makeWebExtension(): Promise<void> {
  await rm(webExtensionDir, { recursive: true, force: true });
  await mkdir(webExtensionDir, { recursive: true });
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  delete manifest['main'];
  await writeFile(
    join(webExtensionDir, 'package.json'),
    JSON.stringify({ ...manifest, extensionKind: ['web'] }, undefined, 2),
  );
  for (const name of await readdir(root)) {
    if (/^package\.nls.*\.json$/.test(name)) {
      await cp(join(root, name), join(webExtensionDir, name));
    }
  }
  for (const folder of ['dist', 'media', 'models']) {
    await symlink(join(root, folder), join(webExtensionDir, folder), 'junction');
  }
}
