import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LayerOperands, type OperandTensor, headOperands } from '../../src/attention/headOperands';
import { oneNumber, readingOf } from '../../src/attention/oneNumber';
import { readScores } from '../../src/attention/readScores';
import {
  type InputTensor,
  type OutputTensor,
  configureRuntime,
  createSession,
} from '../../src/inference/runtime';
import type { AttentionBlock, Operand } from '../../src/onnx/attentionBlock';
import { ElementType } from '../../src/onnx/graph';
import { type Tap, tapModel } from '../../src/onnx/tapModel';
import { type GraphCase, decodeFloats, graphCases } from '../fixtures/graphCases';

const taps: ReadonlySet<Tap> = new Set<Tap>(['scores', 'qkv']);

describe('explore', function () {
  this.timeout(600_000);
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );
  for (const fixture of graphCases()) {
    it(fixture.name, async () => {
      const file = new Uint8Array(readFileSync(fixture.file));
      const { blocks, bytes, graph } = tapModel(file, file.length, taps);
      const session = await createSession(bytes);
      const given = new Set(graph.inputs.map((input) => input.name));
      const names = blocks.flatMap(({ scores, queries, keys, values }) => [
        scores,
        queries?.tensor,
        keys?.tensor,
        values?.tensor,
      ]);
      const wanted = [...new Set(names)].filter((n) => n !== undefined && !given.has(n)) as string[];
      const feeds = new Map(
        Object.entries(fixture.inputs).map(([name, { type, dims, data }]): [string, InputTensor] => [
          name,
          type === 'int64'
            ? { elementType: ElementType.int64, data: BigInt64Array.from(data, BigInt), dims }
            : type === 'bool'
              ? { elementType: ElementType.bool, data: Uint8Array.from(data), dims }
              : { elementType: ElementType.float32, data: Float32Array.from(data), dims },
        ]),
      );
      const results = await session.run(feeds, wanted);
      await session.release();
      const out: string[] = [];
      const stack = fixture.stacks[0]!;
      const [, batch = 1, heads = 1, nq = 1, nk = 1] = stack.attentions.dims;
      const expected = decodeFloats(stack.attentions.data);
      if (fixture.stacks.length > 1) { console.log(fixture.name, 'stacks', fixture.stacks.map((s) => s.name).join()); }
      let at = 0;
      for (const [layer, block] of blocks.filter((b) => b.kind === 'self' || b.kind === 'encoderSelf').entries()) {
        const read = (o?: Operand): OperandTensor | undefined => {
          const r = o && results.get(o.tensor);
          return r && o ? { layout: o.layout, dims: r.dims, data: r.data.slice(0, r.data.length / batch) } : undefined;
        };
        const [queries, keys, values] = [read(block.queries), read(block.keys), read(block.values)];
        if (!queries || !keys || !values || nq !== nk) { out.push(`hidden/${nq}x${nk}`); continue; }
        const s = results.get(block.scores!)!;
        const scores = s.data.slice(0, s.data.length / batch);
        for (let head = 0; head < heads; head++) {
          const operands = headOperands({ queries, keys, values, scores }, head, heads, nq);
          if (!operands) { out.push(`shape ${queries.dims} ${keys.dims} ${keys.layout} ${values.dims}`); continue; }
          const reading = readingOf(operands, fixture.causal);
          const from = ((layer * batch) * heads + head) * nq * nk;
          const own = expected.subarray(from, from + nq * nk);
          let worst = 0;
          for (let q = 0; q < nq; q++) {
            try {
            worst = Math.max(worst, oneNumber(operands, reading, own, q, 0).largestDifference);
            } catch (e) { out.push(String(e)); }
          }
          out.push(`${reading.scaleKind}(${reading.scale.toFixed(3)})+${reading.openKind} ${worst.toExponential(1)} x${operands.sharedBy}`);
        }
      }
      console.log(fixture.name, 'd', nq, [...new Set(out)].join(' | '));
    });
  }
});
