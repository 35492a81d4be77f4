import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readGraphFile } from '../../src/inference/modelFolder';
import {
  type InputTensor,
  type OutputTensor,
  type Session,
  configureRuntime,
  createSession,
} from '../../src/inference/runtime';
import { Tokenizer } from '../../src/inference/tokenizer';
import { ElementType } from '../../src/onnx/graph';
import { tapModel } from '../../src/onnx/tapModel';

interface Encoded {
  readonly dims: readonly number[];
  readonly data: string;
}

interface GoldenCase {
  readonly text: string;
  readonly sourceIds: readonly number[];
  readonly targetIds: readonly number[];
  readonly translation: string;
  readonly encoderStates: Encoded;
  readonly lastLogits: Encoded;
  readonly crossAttentions: Encoded;
}

const root = join(__dirname, '..', '..');
const folder = join(root, 'models', 'scope-seq2seq');
const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'scopeSeq2seq', `${name}.json`), 'utf8')) as T;

/** The bundled translator, run by our engine, against PyTorch's figures for the same weights. */
describe('scope-seq2seq', function () {
  this.timeout(60_000);
  let tokenizer: Tokenizer;
  let encoder: Session;
  let decoder: Session;
  let crossNames: string[];

  before(async () => {
    await configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    });
    tokenizer = await Tokenizer.load(folder);
    const encoderFile = await readGraphFile(folder, ['onnx/encoder_model.onnx']);
    encoder = await createSession(encoderFile.bytes.subarray(0, encoderFile.length));
    const file = await readGraphFile(folder, ['onnx/decoder_model.onnx']);
    const tapped = tapModel(file.bytes, file.length);
    crossNames = tapped.blocks.filter((block) => block.kind === 'cross').map((block) => block.probabilities);
    decoder = await createSession(tapped.bytes);
  });
  after(() => Promise.all([encoder.release(), decoder.release()]));

  async function encode(ids: readonly number[]): Promise<OutputTensor> {
    const feeds = new Map([
      ['input_ids', integers(ids)],
      ['attention_mask', integers(ids.map(() => 1))],
    ]);
    return (await encoder.run(feeds, ['last_hidden_state'])).get('last_hidden_state') as OutputTensor;
  }

  function decode(
    states: OutputTensor,
    ids: readonly number[],
    fetches: readonly string[],
  ): Promise<Map<string, OutputTensor>> {
    const mask = new Array<number>(states.dims[1] as number).fill(1);
    const feeds = new Map<string, InputTensor>([
      ['encoder_attention_mask', integers(mask)],
      ['input_ids', integers(ids)],
      [
        'encoder_hidden_states',
        { elementType: ElementType.float32, data: states.data, dims: [...states.dims] },
      ],
    ]);
    return decoder.run(feeds, fetches);
  }

  async function translate(text: string): Promise<{ ids: number[]; text: string }> {
    const states = await encode(tokenizer.tokenize(text, 128).tokens.map(({ id }) => id));
    const end = tokenizer.idOf('</s>') as number;
    const ids = [tokenizer.idOf('<pad>') as number];
    while (ids.length < 128 && ids.at(-1) !== end) {
      const logits = (await decode(states, ids, ['logits'])).get('logits') as OutputTensor;
      const width = logits.dims[2] as number;
      const last = logits.data.subarray(-width);
      ids.push(last.indexOf(last.reduce((best, value) => Math.max(best, value), -Infinity)));
    }
    return { ids, text: tokenizer.decode(ids) };
  }

  it('computes what PyTorch computes: tokens, states, logits and cross attention', async () => {
    for (const golden of fixture<GoldenCase[]>('golden')) {
      const ids = tokenizer.tokenize(golden.text, 128).tokens.map(({ id }) => id);
      assert.deepEqual(ids, golden.sourceIds, golden.text);
      const states = await encode(ids);
      assertClose(states.data, golden.encoderStates, 1e-4);
      const outputs = await decode(states, golden.targetIds.slice(0, -1), ['logits', ...crossNames]);
      const logits = outputs.get('logits') as OutputTensor;
      assertClose(logits.data.subarray(-(logits.dims[2] as number)), golden.lastLogits, 1e-3);
      const attention = crossNames.flatMap((name) => [...(outputs.get(name) as OutputTensor).data]);
      assertClose(Float32Array.from(attention), golden.crossAttentions, 1e-5);
    }
  });

  it('translates as PyTorch does', async () => {
    for (const golden of fixture<GoldenCase[]>('golden')) {
      const translated = await translate(golden.text);
      assert.deepEqual(translated.ids, golden.targetIds, golden.text);
      assert.equal(translated.text, golden.translation);
    }
  });

  it('translates nine held-out sentences of ten, each way', async () => {
    const pairs = fixture<{ en: string; zh: string }[]>('heldout').slice(0, 30);
    let forth = 0;
    let back = 0;
    for (const { en, zh } of pairs) {
      forth += Number((await translate(`>>zho<< ${en}`)).text === zh);
      back += Number((await translate(`>>eng<< ${zh}`)).text === en);
    }
    assert.ok(forth >= 0.9 * pairs.length, `${forth} of ${pairs.length} into Chinese`);
    assert.ok(back >= 0.9 * pairs.length, `${back} of ${pairs.length} into English`);
  });
});

function integers(values: readonly number[]): InputTensor {
  return {
    elementType: ElementType.int64,
    data: BigInt64Array.from(values, BigInt),
    dims: [1, values.length],
  };
}

function assertClose(found: Float32Array, expected: Encoded, tolerance: number): void {
  const bytes = new Uint8Array(Buffer.from(expected.data, 'base64'));
  const wanted = new Float32Array(bytes.buffer, 0, bytes.length / 4);
  assert.equal(found.length, wanted.length);
  const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - (wanted[i] as number))), 0);
  assert.ok(worst <= tolerance, `differs by ${worst}`);
}
