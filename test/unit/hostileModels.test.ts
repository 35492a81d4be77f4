import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { ModelStore } from '../../src/hub/modelStore';
import { applyChatTemplate } from '../../src/inference/chatTemplate';
import { decodeImage } from '../../src/inference/imageDecode';
import { parseImageProcessor } from '../../src/inference/imageProcessor';
import { Tokenizer } from '../../src/inference/tokenizer';
import { parseModel } from '../../src/onnx/parse';
import { bytesField, concat, textField } from '../../src/onnx/wire';
import { ScopeError, isScopeError } from '../../src/protocol/errors';
import type { ErrorData } from '../../src/protocol/errors';
import { CancellationTokenSource, RequestType } from '../../src/protocol/jsonrpc';
import { Tokenize } from '../../src/protocol/language';
import type { InferenceClient } from '../../src/worker/client';
import { noParameters, wrongValues } from './hostileValues';
import { root } from './sourceTree';
import { startClient } from './startClient';

/** Files of models, and what is said to the process that reads them. */

type Json = Record<string, unknown>;
const bert = join(root, 'models', 'scope-bert');
const json = (name: string): Json => JSON.parse(readFileSync(join(bert, name), 'utf8')) as Json;
const definition = json('tokenizer.json');
let folder: string;

/** A model's folder with files of its own; the graph is the bundled one. */
function modelWith(name: string, files: Readonly<Record<string, unknown>>): string {
  const made = join(folder, name);
  mkdirSync(made);
  symlinkSync(join(bert, 'onnx'), join(made, 'onnx'));
  for (const each of readdirSync(bert).filter((file) => file.endsWith('.json'))) {
    cpSync(join(bert, each), join(made, each));
  }
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(made, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return made;
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'transformer-scope-hostile-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function sentence(error: unknown): boolean {
  assert.ok(error instanceof ScopeError, String(error));
  assert.doesNotMatch(error.detail ?? '', /\n\s+at |node:internal/);
  return true;
}

describe('a hostile tokenizer', function () {
  this.timeout(60_000);
  const model = definition['model'] as Json;
  const grown = {
    type: 'Sequence',
    normalizers: Array(30).fill({ type: 'Replace', pattern: { String: 'a' }, content: 'aa' }),
  };
  const broken: Readonly<Record<string, unknown>> = {
    nothing: '',
    text: '"x"',
    list: [],
    deep: '['.repeat(200_000),
    'no model': {},
    'a model of null': { ...definition, model: null },
    'a vocabulary of text': { ...definition, model: { ...model, vocab: 'abc' } },
    'a vocabulary of wrong ids': {
      ...definition,
      model: { ...model, vocab: { '[UNK]': 'x', a: -1, b: 1e300, c: null } },
    },
    'an unknown model': { ...definition, model: { type: '__proto__' } },
    'an unknown normalizer': { ...definition, normalizer: { type: 'constructor' } },
    'an unknown pre-tokenizer': { ...definition, pre_tokenizer: { type: 'toString' } },
    'a broken pattern': {
      ...definition,
      pre_tokenizer: { type: 'Split', pattern: { Regex: '(((' }, behavior: 'Isolated' },
    },
    'a pattern as a space': {
      ...definition,
      pre_tokenizer: { type: 'Metaspace', replacement: '(', prepend_scheme: 'always' },
    },
    'a normalizer that doubles': { ...definition, normalizer: grown },
    'a broken map of signs': {
      ...definition,
      normalizer: { type: 'Precompiled', precompiled_charsmap: btoa('\xff\xff\xff\xff') },
    },
    'a frame without an end': {
      ...definition,
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          ...Array(5000).fill({ SpecialToken: { id: '[CLS]', type_id: 0 } }),
          { Sequence: { id: 'A', type_id: 0 } },
        ],
        pair: [],
        special_tokens: {},
      },
    },
    'tokens of nothing': { ...definition, added_tokens: [null, 7, {}, { id: 1 }, { id: 'x', content: 5 }] },
    'very many tokens': {
      ...definition,
      added_tokens: Array.from({ length: 20_000 }, (_, id) => ({
        id: id + 40_000,
        content: `a${'b'.repeat(id % 50)}${id}`,
        special: false,
        normalized: true,
        single_word: false,
        lstrip: true,
        rstrip: true,
      })),
    },
    'prototype words': `{"__proto__": {"polluted": 1}, "model": {"type": "WordPiece", "vocab": {"__proto__": 1, "constructor": 2, "[UNK]": 0}, "unk_token": "[UNK]"}}`,
  };

  for (const [name, tokenizer] of Object.entries(broken)) {
    it(`with ${name} tokenises, or is refused with a code`, async () => {
      const made = modelWith(`tokenizer ${name}`, { 'tokenizer.json': tokenizer });
      const before = process.cpuUsage();
      try {
        const loaded = await Tokenizer.load(made);
        for (const text of ['a', 'aaaa '.repeat(200), '\0\ud800(', '__proto__ constructor']) {
          const { tokens } = loaded.tokenize(text, 16);
          assert.ok(
            tokens.length <= 16 &&
              tokens.every(({ start, end }) => start >= 0 && end >= start && end <= text.length),
          );
          loaded.decode(tokens.map(({ id }) => id).filter(Number.isSafeInteger));
        }
      } catch (error) {
        sentence(error);
        assert.match(
          (error as ScopeError).code,
          /^(tokenizerFailed|modelCorrupt|modelMissing)$/,
          String(error),
        );
      }
      assert.ok(process.cpuUsage(before).user < 4_000_000);
      assert.equal(({} as { polluted?: number }).polluted, undefined);
    });
  }

  it('renders a conversation, or says why not', async () => {
    const messages = [{ role: 'user', content: '{{ 7 * 7 }} {% for %}' }];
    const templates = [
      '{{ messages.constructor }}',
      '{% for m in messages %}{{ m.content }}{% endfor %}',
      `${' '.repeat(100_000)}x`,
      '{{ raise_exception("\u001b[2J") }}',
      '{% include "/etc/passwd" %}',
      7,
      [{ name: 'default', template: 7 }],
      [null],
      { default: 'x' },
    ];
    for (const [at, chat_template] of templates.entries()) {
      const made = modelWith(`chat ${at}`, {
        'tokenizer_config.json': { chat_template, bos_token: { content: { a: 1 } } },
      });
      const rendered = await applyChatTemplate(made, messages, { addGenerationPrompt: true }).catch(
        (error: unknown) => {
          sentence(error);
          return { text: '' };
        },
      );
      assert.ok(!rendered.text.includes('49') && !rendered.text.includes('function'), rendered.text);
    }
  });
});

describe('a hostile processor of pictures, and hostile pictures', function () {
  this.timeout(60_000);

  it('states sizes that are some, or is refused', () => {
    const sizes = [
      0,
      -1,
      1.5,
      1e9,
      NaN,
      null,
      'x',
      [],
      {},
      { height: 1e9, width: 1e9 },
      { shortest_edge: -1 },
      { shortest_edge: 1e300 },
      { height: 1 },
      { __proto__: 1 },
    ];
    for (const size of sizes) {
      for (const stated of [
        { do_center_crop: true, crop_size: size },
        { size },
        { size, image_mean: size, image_std: [0, 0, 0], rescale_factor: size, resample: size },
      ]) {
        try {
          const { crop } = parseImageProcessor(stated);
          assert.ok(!crop || crop.width * crop.height <= 64 * 1024 * 1024);
        } catch (error) {
          sentence(error);
        }
      }
    }
  });

  it('never takes more memory than the size that was checked', () => {
    const images = join(root, 'test', 'fixtures', 'vision', 'images');
    const jpeg = readFileSync(join(images, 'rotated.jpg'));
    const start = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    const from = start < 0 ? jpeg.indexOf(Buffer.from([0xff, 0xc2])) : start;
    const frame = Buffer.from(jpeg.subarray(from, from + 2 + jpeg.readUInt16BE(from + 2)));
    frame.writeUInt16BE(9500, 5);
    frame.writeUInt16BE(9500, 7);
    const end = jpeg.lastIndexOf(Buffer.from([0xff, 0xd9]));
    const second = Buffer.concat([jpeg.subarray(0, end), frame, jpeg.subarray(end)]);
    const before = process.memoryUsage().arrayBuffers;
    assert.throws(() => decodeImage({ name: 'two.jpg', bytes: second }), sentence);
    assert.ok(process.memoryUsage().arrayBuffers - before < 200e6);
    for (const head of [
      '<svg onload=alert(1)>',
      'GIF89a',
      'RIFF\0\0\0\0WEBP',
      'BM',
      '%PDF',
      '\0'.repeat(100),
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8',
      '\xff\xd8\xff\xc0\0\x02\xff\xda',
    ]) {
      for (const tail of [
        '',
        '\0'.repeat(50),
        '\xff'.repeat(5000),
        deflateSync(Buffer.alloc(1000)).toString('latin1'),
      ]) {
        assert.throws(
          () => decodeImage({ name: 'x.png', bytes: Buffer.from(head + tail, 'latin1') }),
          sentence,
        );
      }
    }
  });
});

describe('hostile files of a model', function () {
  this.timeout(60_000);

  it('never name weights outside of their folder', () => {
    const entry = (key: string, value: string): Uint8Array =>
      bytesField(13, concat([textField(1, key), textField(2, value)]));
    const outside = [
      '../secret',
      '/etc/passwd',
      'a/../../x',
      '..\\x',
      'C:\\x',
      '\\\\server\\share',
      'file:///etc/passwd',
      '',
    ];
    for (const location of outside) {
      const tensor = concat([textField(8, 'w'), Uint8Array.of(0x70, 1), entry('location', location)]);
      const bytes = bytesField(7, bytesField(5, tensor));
      assert.throws(() => parseModel(bytes), /WireError|outside|folder/, location);
    }
  });

  it('never make a store write or delete outside of itself', async () => {
    const store = new ModelStore(join(folder, 'store'));
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    writeFileSync(join(kept, 'file'), 'x');
    const good = { id: 'a/b', dtype: 'q8', commit: 'main', files: [{ path: 'config.json', size: 1 }] };
    const plans: readonly unknown[] = [
      { ...good, dtype: '../../kept' },
      { ...good, dtype: '../../../../../../kept' },
      { ...good, commit: '..' },
      { ...good, id: '../kept' },
      { ...good, files: [{ path: '../../../kept/file', size: 1 }] },
      { ...good, files: [{ path: 'a', size: -1 }] },
      { ...good, files: 7 },
      { ...good, files: [null] },
      { ...good, license: { a: 1 } },
      [],
      null,
      '['.repeat(100_000),
    ];
    for (const [at, plan] of plans.entries()) {
      for (const place of [
        join(store.root, '.downloads', `x${at}`),
        join(store.root, `owner${at}`, 'name', 'q8'),
      ]) {
        mkdirSync(place, { recursive: true });
        writeFileSync(
          join(place, '.transformer-scope.json'),
          typeof plan === 'string' ? plan : JSON.stringify(plan),
        );
      }
    }
    assert.deepEqual(await store.paused(), []);
    assert.deepEqual(await store.models(), []);
    for (const each of ['../kept', kept, '/', '', join(store.root, '..', 'kept')]) {
      await store.remove(each);
    }
    assert.ok(existsSync(join(kept, 'file')));
  });
});

describe('the inference process', function () {
  this.timeout(120_000);
  let client: InferenceClient;
  before(() => {
    client = startClient('native', undefined, {}, { graceMilliseconds: 300 });
  });
  after(() => client.dispose());
  const attend = (source: string): Promise<unknown> =>
    client.attend(
      {
        model: { id: 'hostile', folder: source },
        text: 'The bread was good.',
        owner: `of ${source}`,
        textWasCut: false,
      },
      new CancellationTokenSource().token,
    );

  it('survives configurations that say anything', async () => {
    const config = json('config.json');
    await attend(bert);
    const process = client.processId;
    const wrong: readonly unknown[] = [
      ...[-5, 0, 1e300, null, 'x', [], {}].map((value) => ({
        ...config,
        max_position_embeddings: value,
        vocab_size: value,
        num_hidden_layers: value,
        num_attention_heads: value,
      })),
      ...['../../x', 7, null, ['x'], 'constructor'].map((value) => ({
        ...config,
        model_type: value,
        architectures: value,
        id2label: value,
      })),
      ...['', '[]', 'null', '{', '['.repeat(100_000), `{"__proto__": {"x": 1}}`],
    ];
    for (const [at, value] of wrong.entries()) {
      await attend(modelWith(`config ${at}`, { 'config.json': value })).catch(sentence);
      assert.equal(client.processId, process, JSON.stringify(value).slice(0, 100));
    }
    for (const missing of [
      '/',
      '',
      '\0',
      '/dev/null',
      'relative/../..',
      '\\\\server\\share',
      'file:///etc',
      'x'.repeat(10_000),
    ]) {
      await assert.rejects(attend(missing), sentence);
    }
    assert.equal(client.processId, process);
  });

  it('answers every request of its protocol that is wrong, with a code, and lives on', async () => {
    await attend(bert);
    const alive = client.processId;
    const methods = new Set<string>();
    for (const name of readdirSync(join(root, 'src', 'protocol')).filter(
      (each) => !/Page|train\.ts/.test(each),
    )) {
      const module = (await import(join(root, 'src', 'protocol', name))) as Json;
      for (const each of Object.values(module)) {
        if (each instanceof RequestType && /\//.test(each.method) && !/^prompts\/runs?/.test(each.method)) {
          methods.add(each.method);
        }
      }
    }
    assert.ok(methods.size > 40, String(methods.size));
    const isSent = (value: unknown): boolean => {
      try {
        structuredClone(value);
        return true;
      } catch {
        return false;
      }
    };
    let numAnswers = 0;
    for (const method of methods) {
      const type = new RequestType<unknown, unknown, ErrorData>(method);
      const model = { id: 'm', folder: join(folder, 'nothing here') };
      const params = [
        ...noParameters.filter(isSent),
        ...wrongValues
          .filter(isSent)
          .map((value) => ({ model, owner: value, runId: value, text: value, position: value })),
        {
          model,
          owner: 'o',
          runId: 2 ** 40,
          layer: -1,
          head: 1e9,
          text: 'x',
          texts: [null],
          picture: { name: 7, bytes: 'x' },
        },
      ];
      const answers = await Promise.all(
        params.map((each) => client.request(type, each).then(() => undefined, sentence)),
      );
      numAnswers += answers.length;
    }
    assert.ok(numAnswers > 1000);
    assert.equal(client.processId, alive, 'the same process');
    await attend(bert);
  });

  it('is ended where a tokenizer’s own pattern computes for ever and somebody cancels, and begins anew', async () => {
    const pattern = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated' };
    const made = modelWith('endless pattern', {
      'tokenizer.json': { ...definition, normalizer: null, pre_tokenizer: pattern },
    });
    const source = new CancellationTokenSource();
    const asked = client.request(
      Tokenize,
      { model: { id: 'm', folder: made }, owner: 'o', text: `${'a'.repeat(60)}!` },
      source.token,
    );
    setTimeout(() => source.cancel(), 500);
    await assert.rejects(asked, (error) => isScopeError(error, 'cancelled'));
    // At any moment of its end: one of these meets it while it goes.
    const words = (): Promise<unknown> =>
      client
        .request(Tokenize, { model: { id: 'm', folder: bert }, owner: 'w', text: 'bread' })
        .catch(sentence);
    for (let round = 0; round < 30; round++) {
      void words();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { tokens } = await client.request(Tokenize, {
      model: { id: 'm', folder: bert },
      owner: 'o',
      text: 'bread',
    });
    assert.ok(tokens.length >= 3);
  });
});
