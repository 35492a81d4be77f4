/**
 * `npm run screenshots`: takes the README's pictures from a running VS Code.
 *
 *     npm run screenshots -- [name…]
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from './build';
import { messageOf, step } from './log';
import { root, sampleDir } from './paths';
import type { Shot } from './shot';
import { shots } from './shots';
import { openWorkbench } from './vscodePage';
import { makeWebExtension, webExtensionDir } from './webExtension';

const folder = join(root, 'media', 'screenshots');

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !shots.some((shot) => shot.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no picture "${unknown}": ${shots.map((shot) => shot.name).join(', ')}.`);
  }
  build();
  await makeWebExtension();
  await mkdir(folder, { recursive: true });
  for (const shot of shots) {
    if (wanted.length === 0 || wanted.includes(shot.name)) {
      await take(shot);
    }
  }
}

async function take(shot: Shot): Promise<void> {
  const { theme, viewport } = shot;
  step(`${shot.name} (${theme}, ${shot.locale ?? 'en'}, ${viewport.width} × ${viewport.height})`);
  const vscode = await openWorkbench({
    folder: sampleDir,
    extensionDir: shot.inBrowser ? webExtensionDir : root,
    theme,
    viewport,
    ...(shot.settings === undefined ? {} : { settings: shot.settings }),
    ...(shot.locale === undefined ? {} : { locale: shot.locale }),
  });
  try {
    await shot.steps(vscode);
    if (!shot.atOnce) {
      await vscode.settle();
    }
    await vscode.screenshot(join(folder, `${shot.name}.png`));
  } catch (error) {
    const file = join(root, 'out', `${shot.name}-failed.png`);
    await vscode.screenshot(file);
    throw new Error(`${shot.name}: ${messageOf(error)}\nWhat the window showed then is in ${file}`);
  } finally {
    await vscode.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
