import tseslint from 'typescript-eslint';

/** The import law: what each folder must not reach. See the README's architecture section. */
const runtime = { group: ['onnxruntime-*'], message: 'Only src/inference/runtime.ts names the runtime.' };
const vscode = { group: ['vscode'], message: 'Only extension.ts, panels, host and web import vscode.' };
const node = { group: ['node:*'], message: 'This folder is pure: no Node, no DOM.' };
const outside = (...names) => ({
  group: names.map((name) => `**/${name}/**`),
  message: 'The import law forbids this direction.',
});
const law = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [runtime, ...patterns] }] },
});

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.vscode-test/', 'node_modules/', '.venv/'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
      // `noUncheckedIndexedAccess` makes every read in a numeric loop possibly undefined; `!` says it is not.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  law(['src/**', 'webview/**']),
  law(
    ['src/{protocol,onnx,attention,prompts,suites,compare,report,text,scratch,train}/**'],
    vscode,
    node,
    outside('inference', 'worker', 'panels', 'host', 'webview'),
  ),
  law(['src/inference/**'], vscode, outside('worker', 'panels', 'host', 'web', 'webview')),
  law(['src/hub/**'], vscode, outside('inference', 'worker', 'panels', 'host', 'webview')),
  law(
    ['src/providers/**'],
    vscode,
    outside('inference', 'onnx', 'study', 'panels', 'host', 'cli', 'webview'),
  ),
  law(['src/worker/**'], vscode, outside('panels', 'host', 'web', 'webview')),
  law(['src/cli/**'], vscode, outside('inference', 'onnx', 'panels', 'host', 'webview')),
  law(['src/study/**'], vscode, outside('inference', 'onnx', 'panels', 'host', 'cli', 'webview')),
  law(['src/archive/**'], vscode, outside('inference', 'onnx', 'worker', 'panels', 'host', 'cli', 'webview')),
  law(['src/web/**'], node),
  law(['src/host/**'], outside('inference', 'onnx', 'panels', 'web')),
  law(['src/panels/**'], outside('inference', 'onnx', 'web')),
  law(['webview/**'], vscode, node, outside('inference', 'worker', 'panels', 'host', 'onnx')),
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['src/inference/runtime.ts'], rules: { 'no-restricted-imports': 'off' } },
);
