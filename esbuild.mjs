/**
 * Bundles every output of the extension into `dist/`. `--watch` rebuilds, `--analyze` prints what weighs, `--inputs FILE`
 * writes a JSON list of the files that went in.
 */
import { copyFile, cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const analyze = process.argv.includes('--analyze');
const inputsFile = process.argv.includes('--inputs')
  ? process.argv[process.argv.indexOf('--inputs') + 1]
  : undefined;
const require = createRequire(import.meta.url);
const ortDist = dirname(require.resolve('onnxruntime-web'));
const quickJs = '@jitl/quickjs-wasmfile-release-sync';
const transformersWeb = join(dirname(require.resolve('@huggingface/transformers')), 'transformers.web.js');

/** @type {esbuild.BuildOptions} */
const common = {
  bundle: true,
  minify: !watch,
  sourcemap: watch ? 'linked' : false,
  metafile: analyze || inputsFile !== undefined,
  // The licences are in ThirdPartyNotices.txt.
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
};

/** @type {esbuild.BuildOptions} */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

/**
 * esbuild copies every name of what `require` gave into a new object, for each file that imports it. VS Code's API has
 * hundreds of names, and each `require` of it looks for the extension that asks: once is enough.
 * @param {string} code CommonJS
 */
function withOneApi(code) {
  const once = code.replace(/[\w$]+\(require\("vscode"\)(?:, ?1)?\)/g, 'vscodeApi');
  return once === code ? code : `const vscodeApi=require("vscode");${once}`;
}

/**
 * What is imported by `import()` gets files of its own, which are loaded when they are needed. esbuild splits only
 * modules, and VS Code loads an extension as CommonJS, so each file that it made is turned into that. What the start
 * needs is put together again: esbuild has a file for whatever two parts share, and every file costs the start time.
 * @type {esbuild.Plugin}
 */
const commonJs = {
  name: 'commonJs',
  setup(build) {
    Object.assign(build.initialOptions, { write: false, metafile: true });
    const compiled = { ...node, minify: common.minify, supported: { 'dynamic-import': false } };
    build.onEnd(async ({ outputFiles = [], metafile }) => {
      const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
      const start = resolve('dist', 'extension.js');
      const atStart = new Set([start]);
      for (const path of atStart) {
        for (const { path: imported, kind, external } of metafile?.outputs[named(path)]?.imports ?? []) {
          if (kind === 'import-statement' && !external) {
            atStart.add(resolve(imported));
          }
        }
      }
      const shared = [...atStart].filter((path) => path !== start);
      const { outputFiles: whole } = await esbuild.build({
        ...compiled,
        stdin: {
          contents: [
            `export * from ${JSON.stringify(start)};`,
            ...shared.map((path, index) => `import * as part${index} from ${JSON.stringify(path)};`),
            `export const shared = {${shared.map((path, index) => `${JSON.stringify(basename(path))}: part${index}`).join()}};`,
          ].join('\n'),
          resolveDir: '.',
        },
        write: false,
        metafile: false,
        external: ['vscode'],
        plugins: [fromMemory(texts, atStart)],
      });
      await mkdir(join('dist', 'parts'), { recursive: true });
      await writeFile(start, withOneApi(whole?.[0]?.text ?? ''));
      for (const [path, text] of texts) {
        if (shared.includes(path)) {
          await writeFile(
            path,
            `module.exports=require("../extension.js").shared[${JSON.stringify(basename(path))}];\n`,
          );
        } else if (path !== start) {
          const { format, platform, target, charset, minify, supported } = { ...compiled };
          const { code } = await esbuild.transform(text, {
            format,
            platform,
            target,
            charset,
            minify,
            supported,
          });
          await writeFile(path, withOneApi(code));
        }
      }
    });
  },
};

/** A path as esbuild's metafile has it. */
function named(path) {
  return relative('.', path).replaceAll('\\', '/');
}

/**
 * Bundles files that were never written; files that are loaded later stay outside.
 * @param {ReadonlyMap<string, string>} texts @param {ReadonlySet<string>} within
 * @returns {esbuild.Plugin}
 */
function fromMemory(texts, within) {
  return {
    name: 'fromMemory',
    setup(build) {
      build.onResolve({ filter: /^[./]/ }, ({ path, importer }) => {
        const found = importer === '<stdin>' ? path : resolve(dirname(importer), path);
        return within.has(found)
          ? { path: found, namespace: 'memory' }
          : { path: `./${named(found).replace(/^dist\//, '')}`, external: true };
      });
      build.onLoad({ filter: /.*/, namespace: 'memory' }, ({ path }) => ({
        contents: texts.get(path) ?? '',
      }));
    },
  };
}

/** @type {esbuild.BuildOptions} */
const page = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome120',
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
};

/**
 * In the browser some files stand in for others, which need Node.
 * @type {esbuild.Plugin}
 */
const browserFiles = {
  name: 'browserFiles',
  async setup(build) {
    const standIns = JSON.parse(await readFile('src/web/standIns.json', 'utf8'));
    build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const file = relative('.', `${resolve(resolveDir, path)}.ts`).replaceAll('\\', '/');
      return file in standIns ? { path: resolve(standIns[file]) } : undefined;
    });
  },
};

/**
 * {@link withOneApi} for what is written by esbuild itself.
 * @type {esbuild.Plugin}
 */
const oneApi = {
  name: 'oneApi',
  setup(build) {
    build.initialOptions.write = false;
    build.onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, withOneApi(text));
      }
    });
  },
};

/** @type {esbuild.BuildOptions} */
const web = {
  ...common,
  platform: 'browser',
  target: 'chrome120',
  outdir: 'dist/web',
  plugins: [browserFiles],
};

/**
 * What describes a message is loaded at the start, what sends it is not.
 * @type {esbuild.Plugin}
 */
const lightMessages = {
  name: 'lightMessages',
  setup(build) {
    build.onResolve({ filter: /^vscode-jsonrpc$/ }, ({ importer }) =>
      named(importer) === 'src/protocol/requestType.ts'
        ? { path: join(dirname(require.resolve('vscode-jsonrpc')), 'messages.js') }
        : undefined,
    );
  },
};

/** @type {esbuild.BuildOptions[]} */
const outputs = [
  {
    ...node,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    external: ['vscode'],
    format: 'esm',
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    sourcemap: false,
    plugins: [lightMessages, commonJs],
  },
  {
    ...node,
    // The command line shares its code with the extension, but not its files: it starts without any of them.
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...node,
    entryPoints: { worker: 'src/worker/main.ts' },
    outdir: 'dist',
    // The Node build of transformers.js loads sharp and onnxruntime-node at import. The web build
    // does not, but believes itself in Node unless `process.release.name` says otherwise.
    alias: {
      '@huggingface/transformers': transformersWeb,
      'onnxruntime-web': join(ortDist, 'ort.node.min.js'),
      'onnxruntime-web/webgpu': join(ortDist, 'ort.node.min.js'),
      'onnxruntime-web/wasm': join(ortDist, 'ort.node.min.js'),
      // As a module it asks where it lies, which a bundle of CommonJS cannot say.
      [`${quickJs}/emscripten-module`]: join(dirname(require.resolve(quickJs)), 'emscripten-module.cjs'),
    },
    // Native code cannot be bundled; where it is not installed, the worker falls back to WASM.
    external: ['onnxruntime-node'],
    define: { 'process.release.name': '"bundled"' },
  },
  {
    ...node,
    entryPoints: { trainer: 'src/worker/trainMain.ts' },
    outdir: 'dist',
  },
  {
    ...web,
    entryPoints: { extension: 'src/web/extension.ts' },
    format: 'cjs',
    external: ['vscode'],
    plugins: [browserFiles, oneApi],
    define: { bundledTaskFiles: JSON.stringify(await readdir('media/tasks')) },
  },
  {
    ...web,
    entryPoints: { worker: 'src/web/worker.ts', trainer: 'src/web/trainer.ts' },
    format: 'iife',
    alias: {
      '@huggingface/transformers': transformersWeb,
      // The runtime with its glue code in it: a worker that was made of a blob cannot load another script.
      'onnxruntime-web': join(ortDist, 'ort.wasm.bundle.min.mjs'),
      'onnxruntime-web/webgpu': join(ortDist, 'ort.wasm.bundle.min.mjs'),
      'onnxruntime-web/wasm': join(ortDist, 'ort.wasm.bundle.min.mjs'),
    },
    external: ['onnxruntime-node'],
    logOverride: { 'empty-import-meta': 'silent' },
  },
  {
    ...page,
    entryPoints: {
      attention: 'webview/attention/main.ts',
      compare: 'webview/compare/main.ts',
      effects: 'webview/effects/main.ts',
      inspect: 'webview/inspect/main.ts',
      learn: 'webview/learn/main.ts',
      images: 'webview/images/main.ts',
      prompts: 'webview/prompts/main.ts',
      standalone: 'webview/standalone/main.ts',
      train: 'webview/train/main.ts',
      // Comes when “One Number” is opened.
      steps: 'webview/steps/main.ts',
    },
    outdir: 'dist/pages',
  },
];

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
for (const name of ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.mjs']) {
  await copyFile(join(ortDist, name), join('dist', name));
}
// Expressions of prompt studies are computed in QuickJS.
await copyFile(require.resolve(`${quickJs}/wasm`), join('dist', 'quickjs.wasm'));
// SQLite's build looks for its WASM beside the file that its code went into.
await mkdir(join('dist', 'parts'), { recursive: true });
await copyFile(
  require.resolve('node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm'),
  join('dist', 'parts', 'node-sqlite3-wasm.wasm'),
);
// The transformer from scratch is read as it was written: “Show me the code” opens it.
await cp(join('src', 'scratch'), join('dist', 'scratch'), { recursive: true });
if (watch) {
  for (const options of outputs) {
    await (await esbuild.context(options)).watch();
  }
  console.log('Watching for changes…');
} else {
  const results = await Promise.all(outputs.map((options) => esbuild.build(options)));
  if (inputsFile !== undefined) {
    const inputs = results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
    await writeFile(inputsFile, JSON.stringify([...new Set(inputs)]));
  }
  for (const result of results) {
    if (analyze && result.metafile) {
      console.log(await esbuild.analyzeMetafile(result.metafile));
    }
  }
}
