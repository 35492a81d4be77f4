import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { directEffects } from '../../src/inference/directEffects';
import { EditableModel } from '../../src/inference/editableModel';
import { measureOf, placesOf } from '../../src/inference/effects';
import { configureRuntime } from '../../src/inference/runtime';
import { valueNorms } from '../../src/inference/valueNorms';
import { isScopeError } from '../../src/protocol/errors';
import { type ExpectedTensor, decodeFloats, graphCases } from '../fixtures/graphCases';

/** What heads bring directly, and how long values are, against PyTorch; see `fixtures/effects/generate.py`. */

const fixtures = join(__dirname, '..', 'fixtures');
const expectedCases = JSON.parse(readFileSync(join(fixtures, 'effects', 'expected.json'), 'utf8')) as Record<
  string,
  { position: number; direct?: ExpectedTensor; valueNorms?: ExpectedTensor }
>;
const tolerance = 1e-4;
const options = { cancellation: { isCancellationRequested: false } };

/** The class tells what kind of head a model has. */
const classes: Readonly<Record<string, string>> = {
  ...{ bert: 'BertForMaskedLM', albert: 'AlbertForMaskedLM', gpt2: 'GPT2LMHeadModel' },
};

describe('what each head brings directly', () => {
  let folder = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scope-effects-'));
    await configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const fixture of graphCases().filter(
    ({ name }) => name in expectedCases && !/^t5|dynamo23/.test(name),
  )) {
    const expected = expectedCases[fixture.name]!;
    it(`${fixture.name}: logits by the residual stream, and lengths of values`, async () => {
      const model = await load(join(folder, fixture.name), fixture.file, fixture.family);
      const ids = fixture.inputs['input_ids']!.data.slice(0, expected.position + 1);
      const typeIds = fixture.inputs['token_type_ids']?.data.slice(0, ids.length);
      const reading = await model.read(ids, typeIds, expected.position);
      if (expected.direct) {
        const rows = decodeFloats(expected.direct.data);
        const [count = 0, vocabulary = 0] = expected.direct.dims;
        assert.equal(count, placesOf(reading).length);
        for (const target of [{ targetId: 5, contrastId: 9 }, { targetId: 11 }]) {
          const { heads, measure, rest } = await directEffects(model, reading, target, options);
          heads.forEach((value, at) => {
            const wanted = measureOf(rows.subarray(at * vocabulary, (at + 1) * vocabulary), target);
            assert.ok(Math.abs(value - wanted) <= tolerance, `head ${at}: ${value}, not ${wanted}`);
          });
          assert.ok(Math.abs(heads.reduce((sum, value) => sum + value, rest) - measure) <= tolerance);
        }
      } else {
        const reason = fixture.family === 'gemma2' ? 'normBehind' : 'postNorm';
        await assert.rejects(
          directEffects(model, reading, { targetId: 5 }, options),
          (error) => isScopeError(error, 'modelUnsupported') && error.detail === reason,
        );
      }
      if (expected.valueNorms) {
        const wanted = decodeFloats(expected.valueNorms.data);
        const { norms, weights } = await valueNorms(model, reading, options);
        const found = new Float32Array(norms);
        assert.equal(found.length, wanted.length);
        found.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]!) <= tolerance, `norm ${at}`));
        const row = new Float32Array(weights).subarray(0, ids.length);
        assert.ok(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) <= tolerance);
      }
      await model.release();
    });
  }
});

/** A graph alone is no model yet: a tokenizer and a configuration are put beside it. */
function load(folder: string, graph: string, family: string): Promise<EditableModel> {
  const architecture = classes[family] ?? 'LlamaForCausalLM';
  const tokenizer = join(fixtures, 'language', architecture.endsWith('MaskedLM') ? 'masked' : 'causal');
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  cpSync(graph, join(folder, 'onnx', 'model.onnx'));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    cpSync(join(tokenizer, name), join(folder, name));
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ architectures: [architecture] }));
  return EditableModel.load(folder);
}
