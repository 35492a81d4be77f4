import type { RuntimeKind } from '../../src/inference/runtime';
import { type ForwardFigures, inChild } from './cases';
import type { Precision } from './graphWriter';
import { type Shape, makeModel } from './makeModel';
import type { Plan } from './plan';
import { pytorchForward } from './pytorch';
import { printTable } from './table';
import type { Target } from './targets';

/** Forward passes of one model: both precisions and runtimes, and PyTorch, into a table and its targets. */
export function benchForward(
  shape: Shape,
  folder: string,
  plan: Plan,
): { figures: object; targets: Target[] } {
  const { threads, rounds, lengths, bundled } = plan;
  const torch = pytorchForward(shape, threads, rounds, lengths);
  const measured = new Map<string, ForwardFigures>();
  for (const precision of ['fp32', 'int8'] as const) {
    makeModel(shape, folder, bundled, precision);
    for (const runtime of plan.runtimes) {
      const figures = inChild<ForwardFigures>('forward.ts', {
        ...{ runtime, folder, precision, threads, lengths },
        rounds: runtime === 'native' ? rounds : Math.ceil(rounds / 2),
      });
      measured.set(`${runtime} ${precision}`, figures);
    }
  }
  printTable(
    `${shape.name}, forward passes in ms; “picture” is the arithmetic between weights and first picture`,
    ['', 'tokens', 'direct', 'plain', 'all attention', 'ratio', 'transformers.js', 'PyTorch', 'picture'],
    [...measured].flatMap(([name, { rows }]) =>
      rows.map(({ tokens, direct, plain, tapped, transformersJs, picture }) => [
        ...[name, tokens, direct, plain, tapped, (tapped / plain).toFixed(2), transformersJs],
        ...[name.endsWith('fp32') ? (torch?.[tokens] ?? 'not measured') : undefined, picture],
      ]),
    ),
  );
  printTable(
    `${shape.name}, getting ready in ms`,
    ['', 'read file', 'tap the graph', 'create session'],
    [...measured].map(([name, { readMilliseconds, prepareMilliseconds, createMilliseconds }]) => [
      ...[name, readMilliseconds, prepareMilliseconds, createMilliseconds],
    ]),
  );
  return { figures: { ...Object.fromEntries(measured), pytorch: torch }, targets: targetsOf() };

  function targetsOf(): Target[] {
    const rowsOf = (runtime: RuntimeKind, precision: Precision): ForwardFigures['rows'] =>
      measured.get(`${runtime} ${precision}`)?.rows ?? [];
    const most = (name: string, limit: number, figure: number | undefined): Target => ({
      ...{ name: `${shape.name}, ${name}`, limit, bound: 'most', figure },
    });
    return [
      ...plan.runtimes.flatMap((runtime) =>
        rowsOf(runtime, 'fp32').map(({ tokens, plain, tapped }) =>
          most(`all attention / plain, ${runtime}, ${tokens} tokens`, 1.1, tapped / plain),
        ),
      ),
      ...rowsOf('native', 'fp32').flatMap(({ tokens, plain, tapped, direct = NaN }, index) => [
        most(`native / onnxruntime-node, ${tokens} tokens`, 1.05, plain / direct),
        most(`native / PyTorch, ${tokens} tokens`, 0.9, torch && tapped / (torch[tokens] ?? NaN)),
        most(
          `int8 / fp32, native, ${tokens} tokens`,
          0.55,
          (rowsOf('native', 'int8')[index]?.tapped ?? NaN) / tapped,
        ),
      ]),
    ];
  }
}
