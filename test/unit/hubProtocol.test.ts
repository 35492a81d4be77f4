import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { catalogueTasks, readCatalogue } from '../../src/hub/catalogue';
import { checkFolder } from '../../src/hub/checkFolder';
import { Hub } from '../../src/hub/hub';
import { cachedModel, cachedModels, damagedFiles, hubCacheFolder } from '../../src/hub/hubCache';
import { isModelId, isSafePath, parseModelId } from '../../src/hub/modelId';
import { TransferRate } from '../../src/hub/transferRate';
import { variantsOf } from '../../src/hub/variants';
import { graphNames } from '../../src/protocol/graphNames';
import { seq2seqFiles } from '../../src/inference/seq2seqFiles';
import { isScopeError } from '../../src/protocol/errors';
import { clientOf, madeUpFiles, temporaryFolder } from '../hub/fixtures';
import { TestHub } from '../hub/testHub';

const root = join(__dirname, '..', '..');

describe('the name of a model', () => {
  it('is read from what people paste', () => {
    for (const [typed, id, revision] of [
      ['Xenova/bert-base-uncased', 'Xenova/bert-base-uncased', 'main'],
      ['  gpt2 ', 'gpt2', 'main'],
      ['org/name@v1.0', 'org/name', 'v1.0'],
      ['https://huggingface.co/Xenova/gpt2', 'Xenova/gpt2', 'main'],
      ['https://huggingface.co/Xenova/gpt2/', 'Xenova/gpt2', 'main'],
      ['https://hf-mirror.com/Xenova/gpt2/tree/main/onnx?x=1#top', 'Xenova/gpt2', 'main'],
      ['https://huggingface.co/org/name/blob/refs%2Fpr%2F1/config.json', 'org/name', 'refs/pr/1'],
      ['https://huggingface.co/org/name/resolve/abc123/onnx/model.onnx', 'org/name', 'abc123'],
      ['hf://org/name', 'org/name', 'main'],
      ['huggingface.co/org/name', 'org/name', 'main'],
    ] as const) {
      assert.deepEqual(parseModelId(typed), { id, revision }, typed);
    }
  });

  it('is refused when it would leave its folder or is no model', () => {
    for (const typed of [
      '',
      '../x',
      'a/../b',
      'a/b/c',
      '/etc/passwd',
      'C:\\models',
      'org/na me',
      'org/.hidden',
      'nul/x',
      'org/name@../x',
      'https://huggingface.co/datasets/org/name',
      'https://example.org',
    ]) {
      assert.throws(
        () => parseModelId(typed),
        (error) => isScopeError(error, 'badModelId'),
        typed,
      );
    }
  });

  it('never gives a path out of the folder, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (typed) => {
        try {
          const { id } = parseModelId(typed);
          assert.ok(isModelId(id) && !id.includes('..') && !id.startsWith('/'));
        } catch (error) {
          assert.ok(isScopeError(error, 'badModelId'));
        }
      }),
    );
    assert.ok(
      isSafePath('onnx/model.onnx') && !isSafePath('../x') && !isSafePath('a//b') && !isSafePath('a\\b'),
    );
  });
});

describe('the kinds of weights in a repository', () => {
  const of = (...paths: string[]): string[] =>
    variantsOf(paths.map((path) => ({ path }))).map(({ dtype }) => dtype);

  it('are found by the names of their files, int8 first', () => {
    assert.deepEqual(
      of('onnx/model.onnx', 'onnx/model_q4f16.onnx', 'onnx/model_quantized.onnx', 'onnx/model_fp16.onnx'),
      ['q8', 'fp32', 'fp16', 'q4f16'],
    );
    assert.deepEqual(of('model.onnx', 'onnx/other.onnx'), ['fp32']);
    assert.deepEqual(of('pytorch_model.bin', 'config.json'), []);
  });

  it('take weights that lie beside a graph with it', () => {
    const [variant] = variantsOf(
      [
        'config.json',
        'onnx/model.onnx',
        'onnx/model.onnx_data',
        'onnx/model.onnx_data_1',
        'onnx/model_q4.onnx_data',
      ].map((path) => ({ path, size: 10 })),
    );
    assert.deepEqual(
      variant?.files.map(({ path }) => path),
      ['config.json', 'onnx/model.onnx', 'onnx/model.onnx_data', 'onnx/model.onnx_data_1'],
    );
  });

  it('take the smaller of two exports of the same network', () => {
    // Sizes of Xenova/gpt2 in its listing, in MB.
    const [variant] = variantsOf([
      { path: 'onnx/model_quantized.onnx', size: 281 },
      { path: 'onnx/decoder_model_merged_quantized.onnx', size: 128 },
      { path: 'onnx/decoder_model_quantized.onnx', size: 127 },
    ]);
    assert.deepEqual(variant?.graphs, ['onnx/decoder_model_merged_quantized.onnx']);
  });

  it('keep encoder and decoder together', () => {
    const [q8, fp32] = variantsOf([
      { path: 'onnx/encoder_model_quantized.onnx', size: 53 },
      { path: 'onnx/decoder_model_merged_quantized.onnx', size: 60 },
      { path: 'onnx/decoder_model_quantized.onnx', size: 60 },
      { path: 'onnx/decoder_with_past_model_quantized.onnx', size: 57 },
      { path: 'onnx/encoder_model.onnx', size: 210 },
      { path: 'onnx/decoder_model.onnx', size: 236 },
    ]);
    assert.deepEqual(q8?.graphs, [
      'onnx/encoder_model_quantized.onnx',
      'onnx/decoder_model_merged_quantized.onnx',
    ]);
    assert.deepEqual(fp32?.graphs, ['onnx/encoder_model.onnx', 'onnx/decoder_model.onnx']);
  });

  it('are only those that the inference process looks for', () => {
    const suffixes = ['', '_quantized', '_int8', '_uint8', '_fp16', '_q4', '_q4f16', '_bnb4'];
    const single = new Set(graphNames('int8'));
    const { encoder, decoder } = seq2seqFiles('int8');
    const paired = new Set([...encoder, ...decoder]);
    const everything = suffixes.flatMap((suffix) =>
      ['model', 'decoder_model', 'decoder_model_merged', 'encoder_model', 'decoder_with_past_model'].map(
        (stem) => `onnx/${stem}${suffix}.onnx`,
      ),
    );
    for (const only of everything) {
      for (const { graphs } of variantsOf([{ path: only }])) {
        assert.ok(
          graphs.every((graph) => single.has(graph)),
          only,
        );
      }
    }
    for (const { graphs } of variantsOf(
      everything.filter((path) => !/\/model/.test(path)).map((path) => ({ path })),
    )) {
      if (graphs.some((graph) => graph.includes('encoder_model'))) {
        assert.ok(
          graphs.every((graph) => paired.has(graph) || graph.includes('with_past')),
          graphs.join(),
        );
      }
    }
  });
});

describe('the hub', () => {
  let server: TestHub;
  before(async () => {
    server = (await TestHub.start())
      .add({ id: 'org/one', files: madeUpFiles(10), task: 'fill-mask', license: 'apache-2.0' })
      .add({ id: 'org/two', files: madeUpFiles(10), access: 'gated' });
  });
  after(() => server.stop());
  afterEach(() => {
    server.fault = () => undefined;
  });

  it('is searched by name', async () => {
    const found = await clientOf(server).search('ORG', 10);
    assert.deepEqual(found, [
      { id: 'org/one', downloads: 1000, isGated: false, task: 'fill-mask' },
      { id: 'org/two', downloads: 1000, isGated: true },
    ]);
  });

  it('lists a model with licence, sizes and hashes', async () => {
    const model = await clientOf(server).model({ id: 'org/one', revision: 'main' });
    assert.equal(model.license, 'apache-2.0');
    assert.equal(model.task, 'fill-mask');
    const graph = model.files.find(({ path }) => path.endsWith('.onnx'));
    assert.equal(graph?.size, 10);
    assert.match(graph.sha256 ?? '', /^[0-9a-f]{64}$/);
  });

  it('tells nonsense from an answer', async () => {
    for (const body of ['<html>sign in</html>', '{', '[]', 'null', '{"id":"../x","sha":"a","siblings":[]}']) {
      server.fault = () => ({ status: 200, body });
      await assert.rejects(clientOf(server).model({ id: 'org/one', revision: 'main' }), (error) =>
        isScopeError(error, 'hubPretender'),
      );
    }
    server.fault = () => ({
      status: 200,
      body: JSON.stringify({ sha: 'a', siblings: [{ rfilename: '../../x' }, 3] }),
    });
    assert.deepEqual((await clientOf(server).model({ id: 'org/one', revision: 'main' })).files, []);
    server.fault = () => ({ status: 200, body: '[{"id":"a/../b"},{"id":5},null,{"id":"a/b"}]' });
    assert.deepEqual(
      (await clientOf(server).search('', 5)).map(({ id }) => id),
      ['a/b'],
    );
  });

  it('does not run in circles or to other kinds of addresses', async () => {
    server.fault = () => ({ status: 302, headers: { location: '/api/models/org/one' } });
    await assert.rejects(clientOf(server).search('x', 1), (error) => isScopeError(error, 'hubFailed'));
    server.fault = () => ({ status: 302, headers: { location: 'file:///etc/passwd' } });
    await assert.rejects(clientOf(server).search('x', 1), (error) => isScopeError(error, 'hubFailed'));
    assert.throws(() => new Hub({ endpoint: 'ftp://x', fetch, token: () => Promise.resolve(undefined) }));
  });
});

describe('a folder of a model', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => {
    const temporary = temporaryFolder();
    ({ remove } = temporary);
    folder = join(temporary.folder, 'model');
    cpSync(join(root, 'models', 'scope-bert'), folder, { recursive: true });
  });
  afterEach(() => remove());
  const problems = async (): Promise<string[]> =>
    (await checkFolder(folder)).problems.map(({ path, kind }) => `${path} ${kind}`);

  it('has nothing to complain of when it is whole', async () => {
    assert.deepEqual(await checkFolder(folder), { problems: [], dtypes: ['fp32'] });
    assert.deepEqual((await checkFolder(join(root, 'models', 'scope-gpt'))).dtypes, ['q8']);
    assert.deepEqual((await checkFolder(join(root, 'models', 'scope-seq2seq'))).problems, []);
  });

  it('names every file that is missing', async () => {
    assert.deepEqual(
      (await checkFolder(join(folder, 'nowhere'))).problems.map(({ path }) => path),
      ['config.json', 'tokenizer.json', 'onnx/model.onnx'],
    );
    cpSync(
      join(root, 'test', 'fixtures', 'external', 'onnx', 'model.onnx'),
      join(folder, 'onnx', 'model.onnx'),
    );
    assert.deepEqual(await problems(), ['onnx/model.onnx_data missing']);
  });

  it('names what only looks like the file', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
    writeFileSync(join(folder, 'onnx', 'model.onnx'), pointer);
    writeFileSync(join(folder, 'tokenizer.json'), '<!doctype html><p>Sign in');
    writeFileSync(join(folder, 'config.json'), '{"model_type":');
    assert.deepEqual(await problems(), ['config.json notJson', 'tokenizer.json html', 'onnx/model.onnx lfs']);
  });

  it('sees wherever a graph was cut short', async () => {
    const path = join(folder, 'onnx', 'model.onnx');
    const { length } = readFileSync(path);
    for (const left of [length - 1, length >> 1, 1000, 5, 1]) {
      truncateSync(path, left);
      assert.deepEqual(await problems(), ['onnx/model.onnx truncated'], `${left} bytes`);
    }
    truncateSync(path, 0);
    assert.deepEqual(await problems(), ['onnx/model.onnx empty']);
  });
});

describe('the Hugging Face cache', () => {
  it('lies where its own libraries put it', () => {
    const home = join(tmpdir(), 'somebody');
    assert.equal(hubCacheFolder({}, home), join(home, '.cache/huggingface/hub'));
    assert.equal(hubCacheFolder({ XDG_CACHE_HOME: '/c' }, home), join('/c/huggingface/hub'));
    assert.equal(hubCacheFolder({ HF_HOME: '~/hf', XDG_CACHE_HOME: '/c' }, home), join(home, 'hf/hub'));
    assert.equal(hubCacheFolder({ HF_HUB_CACHE: '/a', HF_HOME: '/b' }, home), '/a');
  });

  it('gives its models in place, and notices damage', async function () {
    if (process.platform === 'win32') {
      // Links need a privilege there; the cache makes copies then, which name no hash.
      this.skip();
    }
    const { folder: cache, remove } = temporaryFolder();
    try {
      const repository = join(cache, 'models--org--name');
      const snapshot = join(repository, 'snapshots', 'c0ffee');
      mkdirSync(join(snapshot, 'onnx'), { recursive: true });
      mkdirSync(join(repository, 'blobs'));
      mkdirSync(join(repository, 'refs'));
      mkdirSync(join(cache, 'models--org--torch-only', 'snapshots', 'a'), { recursive: true });
      writeFileSync(join(repository, 'refs', 'main'), 'c0ffee');
      const source = join(root, 'models', 'scope-bert');
      for (const path of ['config.json', 'tokenizer.json', 'onnx/model.onnx']) {
        const content = readFileSync(join(source, path));
        const name = createHash('sha256').update(content).digest('hex');
        writeFileSync(join(repository, 'blobs', name), content);
        symlinkSync(join(repository, 'blobs', name), join(snapshot, path));
      }
      const model = await cachedModel(cache, 'org/name');
      assert.deepEqual(model, { id: 'org/name', folder: snapshot, dtypes: ['fp32'] });
      assert.deepEqual(await cachedModels(cache), [model]);
      assert.deepEqual(await cachedModels(join(cache, 'nowhere')), []);
      assert.deepEqual(await damagedFiles(model), []);
      const bytes = readFileSync(join(snapshot, 'onnx', 'model.onnx'));
      bytes[bytes.length - 100]! ^= 1;
      writeFileSync(join(snapshot, 'onnx', 'model.onnx'), bytes);
      assert.deepEqual(await damagedFiles(model), ['onnx/model.onnx']);
    } finally {
      remove();
    }
  });
});

describe('the catalogue', () => {
  const models = readCatalogue(readFileSync(join(root, 'media', 'catalogue.json'), 'utf8'));

  it('has models for every task, each once', () => {
    assert.equal(new Set(models.map(({ id }) => id)).size, models.length);
    for (const task of catalogueTasks) {
      assert.ok(
        models.some((model) => model.task === task),
        task,
      );
    }
  });
});

describe('the rate of a transfer', () => {
  it('is that of the last seconds', () => {
    const rate = new TransferRate(1000);
    assert.equal(rate.bytesPerSecond, undefined);
    for (let time = 0; time <= 2000; time += 100) {
      rate.add(time, time * 10);
    }
    assert.equal(rate.bytesPerSecond, 10_000);
    assert.equal(rate.secondsLeft(30_000), 1);
    for (let time = 2100; time <= 4000; time += 100) {
      rate.add(time, 20_000);
    }
    assert.equal(rate.bytesPerSecond, 0);
    assert.equal(rate.secondsLeft(30_000), undefined);
  });
});
