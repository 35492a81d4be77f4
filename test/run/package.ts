/**
 * `npm run package`: writes the packages that people install into `out/packages`, and holds their sizes against
 * the budget.
 *
 *     npm run package -- [universal|linux-x64|linux-arm64|darwin-arm64|win32-x64|win32-arm64…]
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, step } from './log';
import { buildWithNotices } from './notices';
import { type Budget, builtBudgets, packageBudget } from './packageBudget';
import { root } from './paths';
import { type VsixTarget, isNativeTarget, nativeTargets, writeVsix } from './vsix';

async function main(): Promise<void> {
  const targets = targetsOf(process.argv.slice(2));
  const folder = join(root, 'out', 'packages');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await buildWithNotices();
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const budgets = builtBudgets();
  for (const target of targets) {
    const file = `${name}-${version}${target === 'universal' ? '' : `-${target}`}.vsix`;
    step(`Packing ${file}`);
    await writeVsix(target, join(folder, file));
    budgets.push(packageBudget(file, join(folder, file)));
  }
  step(`Written to ${folder}`);
  budgets.forEach(print);
  const over = budgets.filter(({ bytes, limit }) => bytes > limit);
  if (over.length > 0) {
    throw new Error(`Over budget: ${over.map(({ name: each }) => each).join(', ')}`);
  }
}

function targetsOf(names: readonly string[]): VsixTarget[] {
  const targets = names.filter((name): name is VsixTarget => name === 'universal' || isNativeTarget(name));
  if (targets.length < names.length) {
    throw new Error(`Known platforms: universal, ${Object.keys(nativeTargets).join(', ')}.`);
  }
  return targets.length > 0 ? targets : ['universal', ...Object.keys(nativeTargets).filter(isNativeTarget)];
}

function print({ name, bytes, limit }: Budget): void {
  const megabytes = (size: number): string => (size / 1e6).toFixed(2).padStart(6);
  const mark = bytes > limit ? '  over' : '';
  console.log(`  ${name.padEnd(44)} ${megabytes(bytes)} MB of ${megabytes(limit)} MB${mark}`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
