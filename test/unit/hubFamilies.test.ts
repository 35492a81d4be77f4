import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogueModel, readCatalogue } from '../../src/hub/catalogue';
import { checkFolder } from '../../src/hub/checkFolder';
import { downloadModel, planDownload } from '../../src/hub/downloadModel';
import { ModelStore } from '../../src/hub/modelStore';
import { variantsOf } from '../../src/hub/variants';
import { AllWeights } from '../../src/protocol/worker';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { AttendTower } from '../../src/protocol/vision';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';
import { type GraphCase, decodeFloats, graphCases } from '../fixtures/graphCases';
import { clientOf, temporaryFolder } from '../hub/fixtures';
import { filesOf, TestHub } from '../hub/testHub';

/** Every family of the catalogue with random weights: from the hub to its attention, as the extension does it. */

const root = join(__dirname, '..', '..');
const fixtures = join(root, 'test', 'fixtures');

/** Exports of one network, held against PyTorch's own attention. */
const graphOf: Readonly<Record<string, string>> = {
  bert: 'bert-legacy17',
  roberta: 'roberta-legacy17',
  albert: 'albert-legacy17',
  electra: 'electra-legacy17',
  distilbert: 'distilbert-legacy17',
  gpt2: 'gpt2-merged',
  llama: 'llama-legacy17',
  qwen2: 'qwen2-legacy17',
};
/** The name under which the catalogue's repositories have their first file. */
const fileOf: Readonly<Record<string, string>> = { gpt2: 'onnx/decoder_model_merged_quantized.onnx' };
/** Whole folders. */
const folderOf: Readonly<Record<string, string>> = {
  marian: 'seq2seq/marian',
  t5: 'seq2seq/t5',
  clip: 'vision/clipWhole',
};

describe('families of the catalogue', function () {
  this.timeout(60_000);
  const models = readCatalogue(readFileSync(join(root, 'media', 'catalogue.json'), 'utf8'));
  const families = new Map(models.map((model) => [model.family, model]));
  let server: TestHub;
  let store: ModelStore;
  let remove: () => void;
  let client: InferenceClient;

  before(async () => {
    server = await TestHub.start();
    const temporary = temporaryFolder();
    store = new ModelStore(join(temporary.folder, 'models'));
    ({ remove } = temporary);
    client = new InferenceClient(
      () =>
        forkWorker({
          script: join(root, 'dist', 'worker.js'),
          numThreads: 1,
          runtime: 'auto',
          precision: 'int8',
          modelMegabytes: 1000,
          onOutput: () => undefined,
        }),
      { phase: () => undefined, log: () => undefined },
    );
  });
  after(async () => {
    client.dispose();
    await server.stop();
    remove();
  });

  const download = async ({ id }: CatalogueModel, files: ReadonlyMap<string, Buffer>): Promise<string> => {
    server.add({ id, files });
    const hub = clientOf(server);
    const info = await hub.model({ id, revision: 'main' });
    const [variant] = variantsOf(info.files);
    assert.ok(variant);
    const folder = await downloadModel(hub, store, await planDownload(hub, info, variant));
    assert.deepEqual((await checkFolder(folder)).problems, []);
    return folder;
  };
  const token = new CancellationTokenSource().token;

  it('are all here', () => {
    const here = [...Object.keys(graphOf), ...Object.keys(folderOf)];
    assert.deepEqual([...families.keys()].sort(), here.sort());
  });

  for (const [family, name] of Object.entries(graphOf)) {
    it(`${family}: downloaded, loaded, and its attention is that of PyTorch`, async () => {
      const expected = graphCases().find((each) => each.name === name);
      assert.ok(expected);
      const ids = expected.inputs['input_ids']?.data ?? [];
      const folder = await download(
        families.get(family) as CatalogueModel,
        wholeModel(expected, fileOf[family] ?? 'onnx/model_quantized.onnx'),
      );
      // A second text begins where the fixture's second segment does.
      const border = expected.inputs['token_type_ids']?.data.indexOf(1) ?? -1;
      const words = ids.map((id) => `t${id}`);
      const first = words.slice(0, border < 0 ? words.length : border).join(' ');
      const second = words.slice(border < 0 ? words.length : border).join(' ');
      const run = await client.attend(
        {
          model: { id: family, folder },
          text: border < 0 ? first : `${first}\n${second}`,
          ...(border < 0 ? {} : { pair: { firstEnd: first.length, secondStart: first.length + 1 } }),
          owner: 'test',
          textWasCut: false,
        },
        token,
      );
      assert.deepEqual(
        run.tokens.map(({ id }) => id),
        ids,
      );
      assert.deepEqual(run.warnings, []);
      const { data } = await client.request(AllWeights, { runId: run.runId, as: 'npy' });
      const wanted = decodeFloats(expected.stacks[0]!.attentions.data);
      // The file's head is as long as its weights leave.
      const found = new Float32Array(data.slice(data.byteLength - wanted.byteLength));
      found.forEach((weight, index) =>
        assert.ok(Math.abs(weight - wanted[index]!) <= 1e-5, `weight ${index}`),
      );
    });
  }

  for (const family of ['marian', 't5']) {
    it(`${family}: downloaded, loaded, and its three kinds of attention are there`, async () => {
      const files = filesOf(join(fixtures, folderOf[family] as string));
      const folder = await download(families.get(family) as CatalogueModel, files);
      const { text } = JSON.parse(String(files.get('expected.json'))) as { text: string };
      const run = await client.attend(
        { model: { id: family, folder }, text, owner: 'test', textWasCut: false },
        token,
      );
      assert.deepEqual(run.stacks?.map(({ name }) => name).sort(), ['cross', 'decoder', 'encoder']);
      assert.deepEqual(run.warnings, []);
    });
  }

  it('clip: downloaded, loaded, and its text tower has attention', async () => {
    const files = filesOf(join(fixtures, folderOf['clip'] as string));
    const folder = await download(families.get('clip') as CatalogueModel, files);
    const run = await client.request(AttendTower, {
      model: { id: 'clip', folder },
      owner: 'test',
      text: 'a photo of a cat',
    });
    assert.ok(run.numLayers > 0 && run.numHeads > 0 && run.tokens.length > 3);
  });
});

/** A repository around a graph: every id of its vocabulary is a word, so that a text says which ids are read. */
function wholeModel(
  { file, family, numLayers, numHeads, causal }: GraphCase,
  name: string,
): Map<string, Buffer> {
  const vocab = Object.fromEntries(Array.from({ length: 64 }, (_, id) => [`t${id}`, id]));
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: {},
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      unk_token: 't1',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
  const config = {
    model_type: family,
    ...(causal && { architectures: ['LlamaForCausalLM'] }),
    num_hidden_layers: numLayers,
    num_attention_heads: numHeads,
  };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  return new Map([
    ['config.json', json(config)],
    ['tokenizer.json', json(tokenizer)],
    ['tokenizer_config.json', json({ tokenizer_class: 'PreTrainedTokenizerFast' })],
    [name, readFileSync(file)],
  ]);
}
