import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { root } from './paths';

/** Platforms for which onnxruntime-node has native code, by the names that VS Code gives them. */
export const nativeTargets = {
  'linux-x64': ['linux', 'x64'],
  'linux-arm64': ['linux', 'arm64'],
  'darwin-arm64': ['darwin', 'arm64'],
  'win32-x64': ['win32', 'x64'],
  'win32-arm64': ['win32', 'arm64'],
} as const;
export type NativeTarget = keyof typeof nativeTargets;
/** WASM alone: runs wherever VS Code does. */
export type VsixTarget = 'universal' | NativeTarget;

/** DirectML is for GPUs, which are not used; it would be half of the package. */
const unused = /DirectML|dxcompiler|dxil/;

export function isNativeTarget(name: string): name is NativeTarget {
  return name in nativeTargets;
}

/**
 * Writes an installable package of what is built in `dist/`.
 * @param version another one than the manifest's, to try an update out
 */
export async function writeVsix(target: VsixTarget, file: string, version?: string): Promise<void> {
  const native = join(root, 'dist', 'node_modules');
  if (target !== 'universal') {
    await copyNative(native, nativeTargets[target]);
  }
  try {
    await createVSIX({
      cwd: root,
      packagePath: file,
      // Everything but native code is bundled.
      dependencies: false,
      allowMissingRepository: true,
      // Pictures of the README are shown where the project is published; see CONTRIBUTING.
      rewriteRelativeLinks: false,
      ...(target === 'universal' ? {} : { target }),
      ...(version === undefined ? {} : { version, updatePackageJson: false }),
    });
  } finally {
    await rm(native, { recursive: true, force: true });
  }
}

/** The runtime's JavaScript and one platform's libraries, where the inference process looks for them. */
async function copyNative(folder: string, [platform, arch]: readonly [string, string]): Promise<void> {
  const from = join(root, 'node_modules');
  const copy = async (path: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await cp(join(from, path), join(folder, path), {
      recursive: true,
      filter: (source) => !unused.test(source) && !/\.(map|d\.ts)$/.test(source),
    });
  };
  const runtime = 'onnxruntime-node';
  for (const path of ['package.json', 'dist', `bin/napi-v6/${platform}/${arch}`]) {
    await copy(`${runtime}/${path}`);
  }
  for (const path of ['package.json', 'dist/cjs']) {
    await copy(`onnxruntime-common/${path}`);
  }
}
