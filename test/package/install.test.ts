import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../run/codeServer';
import { installVsix, installedExtensions, uninstallExtension } from '../run/installVsix';
import { buildWithNotices, noticesFile } from '../run/notices';
import { builtBudgets, packageBudget } from '../run/packageBudget';
import { sampleDir } from '../run/paths';
import { connectWorkbench } from '../run/vscodePage';
import { writeVsix } from '../run/vsix';

/** The file that people install, in a clean profile of a real VS Code, from the first launch to the last. */

const id = 'transformer-scope.transformer-scope';

describe('the package', function () {
  this.timeout(180_000);
  let folder: string;
  let dataDir: string;
  let first: string;
  let second: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'transformer-scope-package-'));
    dataDir = join(folder, 'server');
    first = join(folder, 'first.vsix');
    second = join(folder, 'second.vsix');
    await mkdir(dataDir);
    await buildWithNotices();
    await Promise.all([writeVsix('universal', first), writeVsix('universal', second, '99.0.0')]);
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

  it('keeps to its budget', () => {
    for (const { name, bytes, limit } of [...builtBudgets(), packageBudget('universal', first)]) {
      assert.ok(bytes <= limit, `${name}: ${bytes} of ${limit} bytes`);
    }
  });

  it('carries the licence of every library in it', async () => {
    const text = await readFile(noticesFile, 'utf8');
    for (const name of ['lit', 'onnxruntime-web', '@huggingface/transformers', '@vscode/codicons', 'yaml']) {
      assert.ok(text.includes(`\n${name} `), name);
    }
    assert.doesNotMatch(text, /no licence text/);
  });

  it('is installed, does its main job, is updated in place, and leaves nothing behind', async () => {
    const homeBefore = await readdir(homedir());
    await installVsix(dataDir, first);
    const [installed = ''] = await installedExtensions(dataDir);
    assert.ok(installed.startsWith(`${id}@`), installed);
    await showAttention();
    await runSuite();

    await installVsix(dataDir, second);
    assert.deepEqual(await installedExtensions(dataDir), [`${id}@99.0.0`]);
    await showAttention();

    await uninstallExtension(dataDir, id);
    assert.deepEqual(await installedExtensions(dataDir), []);
    assert.deepEqual(processesOf(dataDir), []);
    assert.deepEqual(await readdir(homedir()), homeBefore);
    const storage = join(dataDir, 'data', 'User', 'globalStorage');
    const left = (await readdir(storage)).filter((name) => name.startsWith('transformer-scope'));
    assert.ok(left.length <= 1 && (left[0] ?? id) === id, left.join(', '));
  });

  /** The command of the package, run by whatever Node there is, on the bundled model with WASM. */
  async function runSuite(): Promise<void> {
    const [name = ''] = (await readdir(join(dataDir, 'extensions'))).filter((each) => each.startsWith(id));
    const suite = join(folder, 'sums.prompts.yaml');
    await writeFile(
      suite,
      'transformerScope: 1\ntask:\n  kind: solve\n  items:\n    - { input: "Sam has 2 chairs. Sam finds 7 more. Sam gives away 4. How many chairs does Sam have now?", expected: "5" }\nstrategies: [zero-shot+reasoning]\n',
    );
    const cli = join(dataDir, 'extensions', name, 'dist', 'cli.js');
    const out = execFileSync(process.execPath, [cli, 'run', suite, '--runtime', 'wasm'], {
      encoding: 'utf8',
    });
    assert.match(out, /sums\.prompts\.yaml: passed/);
  }

  /** What the README promises, with WASM, for the universal package has nothing else, and no way to a network. */
  async function showAttention(): Promise<void> {
    const server = await startServer({
      dataDir,
      env: { http_proxy: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' },
    });
    const vscode = await connectWorkbench(server, sampleDir);
    try {
      await vscode.openFile('english.md');
      await vscode.selectText('The cat sat on the mat');
      await vscode.runCommand('Transformer Scope: Visualize Attention of Selection');
      const page = await vscode.webviewFrame();
      assert.equal(await page.locator('header strong').textContent(), 'scope-bert');
      assert.ok((await page.locator('header [title*=WASM]').count()) > 0, 'it was not WASM that computed');
    } finally {
      await vscode.close();
    }
    assert.deepEqual(processesOf(dataDir), []);
  }
});

/** Processes that were started from a folder. */
function processesOf(folder: string): string[] {
  const list = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(folder) && !line.startsWith('ps '));
}
