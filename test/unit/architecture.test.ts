import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeArchitecture } from '../../src/compare/architecture';
import type { Architecture, ParameterPart } from '../../src/protocol/architecture';
import { isScopeError } from '../../src/protocol/errors';
import { WireError } from '../../src/onnx/wire';
import { root } from './sourceTree';

/** What a model's graph shows of its architecture, against what PyTorch and the papers say. */

const fixtures = join(root, 'test', 'fixtures');

interface Expected {
  readonly total: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** By PyTorch, which counts by the names of its parameters; see `fixtures/architecture/generate.py`. */
const expected = JSON.parse(
  readFileSync(join(fixtures, 'architecture', 'expected.json'), 'utf8'),
) as Readonly<Record<string, Expected>>;

function describeFiles(paths: readonly string[], config: Readonly<Record<string, unknown>>): Architecture {
  return describeArchitecture(
    'a model',
    config,
    paths.map((path) => {
      const stored = readFileSync(path);
      const bytes = new Uint8Array(path.endsWith('.gz') ? gunzipSync(stored) : stored);
      return { bytes, fileBytes: bytes.length };
    }),
  );
}

function published(name: string): Architecture {
  return describeFiles([join(fixtures, 'architecture', 'graphs', `${name}.onnx.gz`)], expected[name]!.config);
}

function partsOf(architecture: Architecture): Record<string, number> {
  const parts: Record<string, number> = {};
  for (const { part, count } of architecture.parameters.parts) {
    parts[part] = (parts[part] ?? 0) + count;
  }
  return parts;
}

function assertCounts(architecture: Architecture, { total, parts }: Expected): void {
  assert.deepEqual(sorted(partsOf(architecture)), sorted(parts));
  assert.equal(architecture.parameters.total, total);
  assert.equal(architecture.parameters.unplaced, 0);
}

function sorted(parts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(parts).sort(([a], [b]) => a.localeCompare(b));
}

/** Layers, heads, width, inner width, vocabulary, context, and millions of parameters as the papers round them. */
const papers: Readonly<Record<string, readonly [number, number, number, number, number, number, number]>> = {
  'bert-base': [12, 12, 768, 3072, 30522, 512, 110], // Devlin et al. 2019, section 3
  'bert-large': [24, 16, 1024, 4096, 30522, 512, 340],
  'roberta-base': [12, 12, 768, 3072, 50265, 512, 125], // Liu et al. 2019, appendix A, and fairseq's table of models
  'distilbert-base': [6, 12, 768, 3072, 30522, 512, 66], // Sanh et al. 2019, table 3
  'albert-base': [12, 12, 768, 3072, 30000, 512, 12], // Lan et al. 2020, table 1
  gpt2: [12, 12, 768, 3072, 50257, 1024, 124], // Radford et al. 2019, table 2; counts corrected in OpenAI's repository
  'gpt2-medium': [24, 16, 1024, 4096, 50257, 1024, 355],
  'gpt2-large': [36, 20, 1280, 5120, 50257, 1024, 774],
  'gpt2-xl': [48, 25, 1600, 6400, 50257, 1024, 1558],
};

describe('the architecture of published sizes, read from graphs without weights', () => {
  for (const [name, [layers, heads, width, inner, vocabulary, context, millions]] of Object.entries(papers)) {
    it(`is that of the paper and has PyTorch's parameters, part by part: ${name}`, () => {
      const found = published(name);
      assertCounts(found, expected[name]!);
      assert.deepEqual(
        [
          ...[found.layers, found.numHeads, found.hiddenSize, found.feedForwardSize],
          ...[found.vocabularySize, found.maxTokens, found.numKeyValueHeads, found.headSize],
        ],
        [layers, heads, width, inner, vocabulary, context, heads, 64],
      );
      assert.ok(Math.abs(found.parameters.total / 1e6 / millions - 1) < 0.03, `${found.parameters.total}`);
      assert.deepEqual(found.disagreements, []);
      assert.equal(found.positions, 'learned');
    });
  }

  it('tells an encoder with norms behind from a decoder with norms in front', () => {
    const bert = published('bert-base');
    const gpt = published('gpt2');
    assert.deepEqual(
      [bert.kind, bert.causal, bert.normalization, bert.activation, bert.heads],
      [
        'encoder',
        false,
        { kind: 'LayerNorm', placement: 'post' },
        'gelu',
        ['maskedLanguageModel', 'nextSentence'],
      ],
    );
    assert.deepEqual(
      [gpt.kind, gpt.causal, gpt.normalization, gpt.activation, gpt.heads],
      ['decoder', true, { kind: 'LayerNorm', placement: 'pre' }, 'gelu_tanh', ['languageModel']],
    );
    assert.deepEqual([bert.tokenTypes, gpt.tokenTypes], [2, 0]);
  });

  it('sees that ALBERT has one set of weights for all layers and a narrow embedding', () => {
    const albert = published('albert-base');
    assert.deepEqual([albert.sharedLayers, albert.embeddingSize, albert.layers], [true, 128, 12]);
    assert.ok(!published('bert-base').sharedLayers);
  });

  it('counts the operations of a forward pass as Hoffmann et al. 2022, appendix F, do', () => {
    const [layers, width, vocabulary] = [12, 768, 50257];
    const { flopsPerToken } = published('gpt2');
    const n = flopsPerToken.at;
    // Per token: queries, keys, values; queries · keys; weights · values; the output projection.
    const attention = 2 * 3 * width * width + 2 * n * width + 2 * n * width + 2 * width * width;
    assert.equal(n, 512);
    assert.equal(flopsPerToken.attention, layers * attention);
    assert.equal(flopsPerToken.feedForward, layers * 2 * (width * 4 * width + 4 * width * width));
    assert.equal(flopsPerToken.embeddingOut, 2 * width * vocabulary);
    // Kaplan et al. 2020: about 2 N for the N parameters that are no embedding, plus what grows with the text.
    const nonEmbedding = layers * 12 * width * width;
    const grown = flopsPerToken.attention + flopsPerToken.feedForward - layers * 4 * n * width;
    assert.equal(grown, 2 * nonEmbedding);
  });

  it('counts shared layers as often as they run', () => {
    const share = (name: string): number => published(name).flopsPerToken.attention;
    assert.equal(share('albert-base'), share('bert-base'));
  });
});

/** What is known of each family, by its configuration in `fixtures/python/families.py` and its paper. */
const families: Readonly<Record<string, Partial<Architecture>>> = {
  bert: { positions: 'learned', activation: 'gelu', tiedEmbeddings: true, heads: ['maskedLanguageModel'] },
  distilbert: { positions: 'learned', activation: 'gelu', tiedEmbeddings: null, heads: ['classification'] },
  roberta: { positions: 'learned', activation: 'gelu', tiedEmbeddings: null, heads: [], maxTokens: 30 },
  albert: { sharedLayers: true, embeddingSize: 16, activation: 'gelu_tanh', heads: ['maskedLanguageModel'] },
  electra: { embeddingSize: 16, activation: 'gelu', heads: ['replacedTokenDetection'], tiedEmbeddings: null },
  gpt2: { positions: 'learned', activation: 'gelu_tanh', tiedEmbeddings: true },
  'gpt-neo': { positions: 'learned', activation: 'gelu_tanh', tiedEmbeddings: true },
  'gpt-neox': { positions: 'rotary', activation: 'gelu', tiedEmbeddings: false },
  opt: { positions: 'learned', activation: 'relu', tiedEmbeddings: true },
  phi: { positions: 'rotary', activation: 'gelu_tanh', tiedEmbeddings: false },
  llama: {
    positions: 'rotary',
    activation: 'silu',
    gatedFeedForward: true,
    numKeyValueHeads: 2,
    tiedEmbeddings: false,
  },
  qwen2: {
    positions: 'rotary',
    activation: 'silu',
    gatedFeedForward: true,
    numKeyValueHeads: 2,
    tiedEmbeddings: false,
  },
  qwen3: {
    positions: 'rotary',
    activation: 'silu',
    gatedFeedForward: true,
    numKeyValueHeads: 2,
    headSize: 8,
  },
  gemma2: { positions: 'rotary', activation: 'gelu_tanh', gatedFeedForward: true, tiedEmbeddings: true },
  gemma3: { positions: 'rotary', activation: 'gelu_tanh', gatedFeedForward: true, numKeyValueHeads: 1 },
  t5: {
    positions: 'relative',
    activation: 'relu',
    kind: 'encoder-decoder',
    decoderLayers: 2,
    tiedEmbeddings: true,
  },
  bart: {
    positions: 'learned',
    activation: 'gelu',
    kind: 'encoder-decoder',
    decoderLayers: 2,
    tiedEmbeddings: true,
  },
  marian: { positions: 'learned', activation: 'gelu', kind: 'encoder-decoder', decoderLayers: 2 },
};
const encoders = ['bert', 'distilbert', 'roberta', 'albert', 'electra'];
const rms = ['llama', 'qwen2', 'qwen3', 'gemma2', 'gemma3', 't5'];
const post = [...encoders, 'bart', 'marian'];

describe('the architecture of each family and export', () => {
  for (const folder of readdirSync(join(fixtures, 'graphs'))) {
    const family = folder.replace(/-(legacy|dynamo|merged).*$/, '');
    const known = families[family];
    if (!known) {
      continue;
    }
    it(folder, () => {
      const own = expected[`graphs/${family}`]!;
      const found = describeFiles([join(fixtures, 'graphs', folder, 'model.onnx')], own.config);
      assertCounts(found, own);
      const all: Partial<Architecture> = {
        layers: 2,
        numHeads: 4,
        headSize: 6,
        numKeyValueHeads: /gemma2/.test(family) ? 2 : 4,
        hiddenSize: 24,
        feedForwardSize: 16,
        vocabularySize: 64,
        kind: encoders.includes(family) ? 'encoder' : 'decoder',
        causal: !encoders.includes(family),
        normalization: {
          kind: rms.includes(family) ? 'RMSNorm' : 'LayerNorm',
          placement: post.includes(family) ? 'post' : 'pre',
        },
        sharedLayers: false,
        gatedFeedForward: false,
        weightFormat: 'fp32',
        disagreements: [],
        ...known,
      };
      for (const [key, value] of Object.entries(all)) {
        assert.deepEqual(found[key as keyof Architecture], value, key);
      }
    });
  }
});

describe('the architecture of a quantised model', () => {
  // Towers of pictures have no place in a comparison of texts.
  const ofText = /^(?!clip|vit).*\.onnx$/;
  for (const file of readdirSync(join(fixtures, 'quantised')).filter((name) => ofText.test(name))) {
    it(`counts its weights and not their scales: ${file}`, () => {
      const family = file.replace(/-.*$/, '');
      const form = file.replace(/^.*-|\.onnx$/g, '');
      const own = expected[`quantised/${family}`]!;
      const found = describeFiles([join(fixtures, 'quantised', file)], own.config);
      assertCounts(found, own);
      assert.equal(found.weightFormat, { fp16: 'fp16', q4: '4-bit' }[form] ?? 'int8');
      const counted = found.formats.reduce((sum, { parameters }) => sum + parameters, 0);
      assert.equal(counted, own.total);
      assert.deepEqual(found.disagreements, []);
    });
  }
});

describe('the architecture of a model in 4-bit codes', () => {
  it('takes the shape from the operator, and from the configuration that the output is the embedding', () => {
    const own = expected['graphs/bert']!;
    const found = describeFiles([join(fixtures, 'architecture', 'graphs', 'bnb4-bert.onnx.gz')], own.config);
    assertCounts(found, own);
    assert.equal(found.weightFormat, '4-bit');
    assert.equal(found.tiedEmbeddings, true);
  });
});

describe('the architecture of an optimised graph', () => {
  for (const family of ['bert', 'gpt2', 'bart']) {
    it(`counts biases and norms that were merged into other operators: ${family}`, () => {
      const own = expected[`graphs/${family}`]!;
      const path = join(fixtures, 'architecture', 'graphs', `optimised-${family}.onnx.gz`);
      const found = describeFiles([path], own.config);
      assertCounts(found, own);
      assert.equal(found.activation, family === 'gpt2' ? 'gelu_tanh' : 'gelu');
      assert.equal(found.normalization.placement, family === 'gpt2' ? 'pre' : 'post');
      assert.equal(found.feedForwardSize, 16);
      assert.deepEqual(found.disagreements, []);
    });
  }
});

describe('the architecture of the bundled models', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8')) as {
    models: readonly { readonly id: string; readonly parameters: number; readonly maxTokens: number }[];
  };
  const files: Readonly<Record<string, readonly (readonly string[])[]>> = {
    'scope-bert': [['model']],
    'scope-gpt': [['model_quantized']],
    'scope-gpt-instruct': [['model_quantized']],
    'scope-seq2seq': [
      ['encoder_model', 'decoder_model'],
      ['encoder_model_quantized', 'decoder_model_merged_quantized'],
    ],
  };
  for (const [id, variants] of Object.entries(files)) {
    for (const names of variants) {
      it(`has the parameters that training counted: ${id} (${names.join(', ')})`, () => {
        const folder = join(root, 'models', id);
        const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<
          string,
          unknown
        >;
        const found = describeFiles(
          names.map((name) => join(folder, 'onnx', `${name}.onnx`)),
          config,
        );
        const stated = manifest.models.find((model) => model.id === id)!;
        assert.equal(found.parameters.total, stated.parameters);
        assert.equal(found.parameters.unplaced, 0);
        assert.equal(found.maxTokens, stated.maxTokens);
        assert.equal(found.tiedEmbeddings, true);
        assert.deepEqual(found.disagreements, []);
        if (id === 'scope-seq2seq') {
          assert.deepEqual([found.kind, found.layers, found.decoderLayers], ['encoder-decoder', 3, 2]);
          assert.equal(found.positions, 'sinusoidal');
          const cross = found.parameters.parts.find(({ part }) => part === 'crossAttention');
          assert.equal(cross?.stack, 'decoder');
        }
      });
    }
  }
});

describe('an architecture that cannot be told whole', () => {
  const bert = join(fixtures, 'graphs', 'bert-legacy17', 'model.onnx');

  it('says where the configuration states other numbers, and believes the graph', () => {
    const config = { ...expected['graphs/bert']!.config, num_hidden_layers: 3, hidden_size: 48 };
    const found = describeFiles([bert], config);
    assert.equal(found.layers, 2);
    assert.deepEqual(found.disagreements, [
      { what: 'layers', graph: 2, config: 3 },
      { what: 'hiddenSize', graph: 24, config: 48 },
    ]);
  });

  it('goes by the graph alone where the configuration says nothing', () => {
    const found = describeFiles([bert], {});
    assert.deepEqual(
      [found.family, found.kind, found.layers, found.numHeads, found.parameters.total],
      ['unknown', 'encoder', 2, 4, expected['graphs/bert']!.total],
    );
  });

  it('takes the word of the configuration for what lies in files beside the graph', () => {
    const part: ParameterPart = 'outputHead';
    const config = expected['gpt2']!.config;
    const path = [join(fixtures, 'architecture', 'graphs', 'gpt2.onnx.gz')];
    // In this export the output layer is the embedding itself, whatever the configuration says.
    assert.equal(describeFiles(path, { ...config, tie_word_embeddings: false }).tiedEmbeddings, true);
    assert.ok(!(part in partsOf(describeFiles(path, config))));
  });

  it('describes or refuses a damaged file, and never fails otherwise', () => {
    const whole = readFileSync(bert);
    const random = randomNumbers(17);
    for (let round = 0; round < 150; round++) {
      const bytes = new Uint8Array(whole);
      for (let flip = 0; flip < 6; flip++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      try {
        const found = describeArchitecture('x', expected['graphs/bert']!.config, [{ bytes, fileBytes: 1 }]);
        assert.ok(found.layers >= 1);
      } catch (error) {
        assert.ok(error instanceof WireError || isScopeError(error), String(error));
      }
    }
  });

  it('refuses what is no model, and a graph without attention', () => {
    const bytes = Uint8Array.from([1, 2, 3]);
    assert.throws(() => describeArchitecture('x', {}, [{ bytes, fileBytes: 3 }]), WireError);
    const empty = new Uint8Array();
    assert.throws(
      () => describeArchitecture('x', {}, [{ bytes: empty, fileBytes: 0 }]),
      (error) => isScopeError(error) && error.code === 'modelUnsupported',
    );
  });
});

/** Numbers in [0, 1) that are the same each time (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
