import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { join as nativeJoin } from 'node:path';
import { filesUnder, root } from './sourceTree';

/** The import law of the README's architecture section, seen from the outside. */

const files = [...filesUnder('src'), ...filesUnder('webview')];
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  return targetsIn(file, readFileSync(nativeJoin(root, file), 'utf8'));
}

function targetsIn(file: string, text: string): string[] {
  // Also what is only loaded when it is needed.
  const importing = /^\s*(?:import|export)\b[^;]*?from\s+'([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(importing)].map((match) => {
    const target = (match[1] ?? match[2] ?? match[3]) as string;
    return target.startsWith('.') ? `${join(dirname(file), target)}.ts` : target;
  });
}

/** Without those of types alone, which nothing is loaded for. */
function valueImportsOf(file: string): string[] {
  const text = readFileSync(nativeJoin(root, file), 'utf8').replace(/^import type [^;]*;/gm, '');
  return targetsIn(file, text);
}

/** Libraries without Node and DOM, which pure folders may use. */
const libraries = new Set([
  'vscode-jsonrpc',
  '@huggingface/jinja',
  'ajv',
  'ajv/dist/standalone',
  'papaparse',
  'yaml',
]);

describe('the import law', () => {
  it('keeps pure folders pure', () => {
    for (const [file, targets] of imports) {
      if (
        !/^src\/(protocol|onnx|attention|prompts|suites|compare|report|learn|text|scratch|train)\//.test(file)
      ) {
        continue;
      }
      for (const target of targets) {
        const folder = target.split('/').slice(0, 2).join('/');
        const allowed =
          libraries.has(target) ||
          [
            'src/protocol',
            'src/onnx',
            'src/attention',
            'src/prompts',
            'src/suites',
            'src/compare',
            'src/report',
            'src/learn',
            'src/text',
            'src/scratch',
            'src/train',
          ].includes(folder);
        assert.ok(allowed, `${file} imports ${target}`);
      }
    }
  });

  it('lets the hub know Node, the graphs and the protocol, and nobody else', () => {
    for (const [file, targets] of imports) {
      for (const target of file.startsWith('src/hub/') ? targets : []) {
        assert.match(target, /^(node:|src\/(hub|onnx|protocol)\/)/, `${file} imports ${target}`);
      }
    }
  });

  it('lets the workbench without a screen and the command line know no screen', () => {
    for (const [file, targets] of imports) {
      for (const target of /^src\/(study|cli)\//.test(file) ? targets : []) {
        const isKnown =
          /^(node:|vscode-jsonrpc|papaparse$|src\/(archive|attention|cli|prompts|protocol|providers|report|study|suites|worker)\/)/;
        assert.match(target, isKnown, `${file} imports ${target}`);
        assert.ok(file.startsWith('src/cli/') || !target.startsWith('src/cli/'), `${file} imports ${target}`);
      }
    }
  });

  it('lets only the host side import vscode, and one file the runtime', () => {
    for (const [file, targets] of imports) {
      if (targets.includes('vscode')) {
        assert.match(file, /^src\/(extension\.ts|host\/|panels\/|web\/)/, file);
      }
      if (targets.some((target) => target.startsWith('onnxruntime'))) {
        assert.equal(file, 'src/inference/runtime.ts');
      }
      if (targets.includes('@vscode/webview-ui-toolkit')) {
        assert.equal(file, 'webview/common/controls.ts');
      }
    }
  });

  it('lets nothing reach Node from the entries of the browser', () => {
    const entries = ['src/web/extension.ts', 'src/web/worker.ts', 'src/web/trainer.ts'];
    const standIns = JSON.parse(
      readFileSync(nativeJoin(root, 'src', 'web', 'standIns.json'), 'utf8'),
    ) as Readonly<Record<string, string>>;
    for (const [file, stand] of Object.entries(standIns)) {
      assert.ok(imports.has(file) && imports.has(stand), `${file}, ${stand}`);
    }
    const reached = new Set<string>();
    const reach = (file: string): void => {
      if (!reached.has(file)) {
        reached.add(file);
        for (const target of valueImportsOf(file)) {
          assert.ok(!target.startsWith('node:'), `${file} imports ${target}`);
          if (imports.has(target)) {
            reach(standIns[target] ?? target);
          }
        }
      }
    };
    entries.forEach(reach);
    assert.ok(reached.size > 300, `${reached.size} files`);
    // What works on the inside of a worker cannot ask the editor anything.
    reached.clear();
    entries.slice(1).forEach(reach);
    for (const file of reached) {
      assert.ok(!imports.get(file)?.includes('vscode'), `${file} imports vscode`);
    }
  });

  it('has no cycles', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      assert.ok(!path.includes(file), [...path, file].join(' → '));
      if (done.has(file)) {
        return;
      }
      for (const target of imports.get(file) ?? []) {
        visit(target, [...path, file]);
      }
      done.add(file);
    };
    files.forEach((file) => visit(file, []));
  });

  it('keeps files small', () => {
    for (const file of files) {
      const lines = readFileSync(nativeJoin(root, file), 'utf8').split('\n').length;
      assert.ok(lines <= 500, `${file} has ${lines} lines`);
    }
  });
});
