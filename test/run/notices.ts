import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from './build';
import { root } from './paths';

/** What ships with the packages: who wrote the libraries in them, and on which terms. */
export const noticesFile = join(root, 'dist', 'ThirdPartyNotices.txt');

interface Library {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** Builds the extension, and writes the notices of every library that went into it. */
export async function buildWithNotices(): Promise<void> {
  const inputsFile = join(root, 'out', 'inputs.json');
  await mkdir(dirname(inputsFile), { recursive: true });
  build(inputsFile);
  const inputs = JSON.parse(await readFile(inputsFile, 'utf8')) as string[];
  await rm(inputsFile);
  // These are beside the bundles, not in them: WASM is copied, native code is added to some packages.
  const beside = ['onnxruntime-web', 'onnxruntime-node', 'onnxruntime-common'];
  const folders = new Set([...inputs.flatMap(folderOf), ...beside.map((name) => `node_modules/${name}`)]);
  const libraries = [...folders].map(libraryIn).sort((a, b) => (a.name < b.name ? -1 : 1));
  await writeFile(noticesFile, written(libraries));
}

/** The folder of the package that a bundled file comes from. */
function folderOf(input: string): string[] {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'))?.[1];
  return found === undefined ? [] : [found];
}

function libraryIn(folder: string): Library {
  const path = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const file = readdirSync(path).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file === undefined ? '' : readFileSync(join(path, file), 'utf8').trim();
  return { name: name ?? folder, version: version ?? '', license: license ?? '', text };
}

function written(libraries: readonly Library[]): string {
  const rule = '-'.repeat(80);
  const parts = libraries.map(
    ({ name, version, license, text }) =>
      `${rule}\n\n${name} ${version} (${license})\n\n${text || standardText(license, name)}\n`,
  );
  return `Libraries in Transformer Scope, and their licences.\n\n${parts.join('\n')}`;
}

/** Some packages name a well-known licence and leave its text out. */
function standardText(license: string, name: string): string {
  const file = join(root, 'node_modules', 'typescript', 'LICENSE.txt');
  if (license === 'Apache-2.0' && existsSync(file)) {
    return readFileSync(file, 'utf8').trim();
  }
  if (license === 'MIT') {
    return readFileSync(join(root, 'LICENSE'), 'utf8')
      .trim()
      .replace(/^Copyright.*$/m, `Copyright (c) the authors of ${name}`);
  }
  return `(${license}; no licence text in the package)`;
}
