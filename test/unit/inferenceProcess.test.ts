import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttentionRun } from '../../src/protocol/attention';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { Head, type Phase } from '../../src/protocol/worker';
import type { InferenceClient } from '../../src/worker/client';
import { type ExpectedTensor, decodeFloats, graphCases } from '../fixtures/graphCases';
import { startClient } from './startClient';

/** The bundled inference process with the bundled model, driven through the host's own client. */

interface GoldenCase {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly ids: readonly number[];
  readonly attentions: ExpectedTensor;
}

const root = join(__dirname, '..', '..');
const model = { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') };
const golden = (): GoldenCase[] => {
  const file = JSON.parse(
    readFileSync(join(root, 'test', 'fixtures', 'scopeBert', 'golden.json'), 'utf8'),
  ) as GoldenCase[] | { cases: GoldenCase[] };
  return Array.isArray(file) ? file : file.cases;
};

for (const runtime of ['wasm', 'native'] as const) {
  describe(`the inference process (${runtime})`, function () {
    this.timeout(60_000);
    const phases: Phase[] = [];
    let client: InferenceClient;
    before(() => {
      client = startClient(runtime, (phase) => phases.push(phase));
    });
    after(() => client.dispose());

    const attend = (text: string, folder = model.folder, owner = 'test'): Promise<AttentionRun> =>
      client.attend(
        { model: { id: 'x', folder }, text, owner, textWasCut: false },
        new CancellationTokenSource().token,
      );

    for (const expected of golden()) {
      it(`equals PyTorch on “${expected.text.slice(0, 30)}”`, async () => {
        const run = await attend(expected.text);
        assert.deepEqual(
          run.tokens.map((token) => token.id),
          expected.ids,
        );
        const [layers = 0, heads = 0, size = 0] = expected.attentions.dims;
        assert.equal(run.model.numLayers, layers);
        assert.equal(run.model.runtime, runtime);
        const wanted = decodeFloats(expected.attentions.data);
        let worst = 0;
        for (let layer = 0; layer < layers; layer++) {
          for (let head = 0; head < heads; head++) {
            const { weights } = await client.request(Head, { runId: run.runId, layer, head });
            new Float32Array(weights).forEach((weight, index) => {
              worst = Math.max(
                worst,
                Math.abs(weight - wanted[(layer * heads + head) * size * size + index]!),
              );
            });
          }
        }
        assert.ok(worst <= 1e-4, `worst difference ${worst}`);
        assert.deepEqual(run.warnings, []);
        assert.equal(run.causal, false);
      });
    }

    it('says what it is doing', () => {
      assert.deepEqual(phases.slice(0, 3), ['starting', 'loading', 'running']);
    });

    it('gives every token its place in the text', async () => {
      const text = 'The cat\r\n\tsat 🙂 on 那张垫子!';
      const run = await attend(text);
      assert.deepEqual(
        run.tokens.map((token) => token.text),
        ['[CLS]', 'The', 'cat', 'sat', '🙂', 'on', '那', '张', '垫', '子', '!', '[SEP]'],
      );
      assert.deepEqual(run.covered, { start: 0, end: text.length });
    });

    it('gives the same ranges as the reference tokenizer on texts of many scripts', async () => {
      const file = join(root, 'test', 'fixtures', 'scopeBert', 'offsets.json');
      const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
        cases: { text: string; tokens: string[]; offsets: [number, number][] }[];
      };
      for (const { text, tokens, offsets } of cases) {
        const content = (await attend(text)).tokens.slice(1, -1);
        assert.deepEqual(
          content.map((token) => token.piece),
          tokens,
        );
        content.forEach((token, index) => {
          const [start, end] = offsets[index]!;
          assert.equal(token.start, start, `${text}: ${token.piece}`);
          // One thing is better here: a combining mark belongs to the token of its letter.
          assert.match(text.slice(end, token.end), /^\p{M}*$/u, `${text}: ${token.piece}`);
        });
      }
    });

    it('keeps what the model takes of a long text and says how much that is', async () => {
      const text = 'the cat sat. '.repeat(500);
      const run = await attend(text);
      assert.equal(run.tokens.length, run.model.maxTokens);
      assert.equal(run.totalTokens, 2002);
      assert.equal(run.tokens.at(-1)?.piece, '[SEP]');
      assert.equal(run.covered.end, run.tokens.at(-2)?.end);
      assert.ok(run.thumbnails.data.byteLength <= 200_000);
    });

    it('refuses a text that has no tokens', async () => {
      await assert.rejects(attend(' \u200b\n'), (error) => isScopeError(error, 'emptyText'));
    });

    it('refuses a head that does not exist and a run that is gone', async () => {
      const run = await attend('a cat');
      await assert.rejects(client.request(Head, { runId: run.runId, layer: 99, head: 0 }), (error) =>
        isScopeError(error, 'badRequest'),
      );
      await assert.rejects(client.request(Head, { runId: 9999, layer: 0, head: 0 }), (error) =>
        isScopeError(error, 'runExpired'),
      );
    });

    it('takes hostile texts', async () => {
      for (const text of [
        '\uD800 lone',
        '\u202Eabc',
        '<script>alert(1)</script>',
        'a'.repeat(100_000),
        '🙂'.repeat(2000),
      ]) {
        const run = await attend(text);
        assert.ok(run.tokens.every((token) => token.start <= token.end && token.end <= text.length));
      }
    });

    it('looks into all three stacks of an encoder-decoder', async () => {
      const run = await attend('The cat is sitting on the mat now.', join(root, 'models', 'scope-seq2seq'));
      assert.equal(run.model.graphFile, 'onnx/encoder_model.onnx, onnx/decoder_model.onnx');
      assert.equal(run.stacks?.length, 3);
      assert.equal(run.causal, false);
      assert.deepEqual(run.warnings, []);
      assert.ok(run.tokens.length >= 9);
    });

    it('tells when the model is not what its configuration says', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'scope-'));
      try {
        cpSync(model.folder, folder, { recursive: true });
        const file = join(folder, 'config.json');
        const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
        const claimed = { ...config, num_hidden_layers: 12, architectures: ['GPT2LMHeadModel'] };
        writeFileSync(file, JSON.stringify(claimed));
        const { warnings } = await attend('the cat sat on the mat', folder);
        assert.deepEqual(
          warnings.map((each) => each.kind),
          ['layersDiffer', 'notCausal'],
        );
        assert.deepEqual(warnings[0], {
          kind: 'layersDiffer',
          expected: 12,
          found: config['num_hidden_layers'],
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    describe('with broken models', () => {
      let folder: string;
      beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), 'scope-'));
        cpSync(model.folder, folder, { recursive: true });
      });
      afterEach(() => rmSync(folder, { recursive: true, force: true }));

      const refuses = async (code: Parameters<typeof isScopeError>[1]): Promise<void> => {
        await assert.rejects(attend('a cat', folder), (error) => isScopeError(error, code), code);
        assert.ok((await attend('the next try works')).tokens.length > 4);
      };

      it('a missing folder', async () => {
        rmSync(folder, { recursive: true });
        await refuses('modelMissing');
      });
      it('no graph file', async () => {
        rmSync(join(folder, 'onnx'), { recursive: true });
        await refuses('modelMissing');
      });
      it('a graph cut in the middle', async () => {
        truncateSync(join(folder, 'onnx', 'model.onnx'), 1_000_000);
        await refuses('modelCorrupt');
      });
      it('a Git LFS pointer', async () => {
        writeFileSync(
          join(folder, 'onnx', 'model.onnx'),
          'version https://git-lfs.github.com/spec/v1\noid sha256:0\n',
        );
        await refuses('modelCorrupt');
      });
      it('a config that is no JSON', async () => {
        writeFileSync(join(folder, 'config.json'), '<html>');
        await refuses('modelCorrupt');
      });
      it('a tokenizer that is none', async () => {
        writeFileSync(join(folder, 'tokenizer.json'), '{"model":{"type":"Nonsense"}}');
        await refuses('tokenizerFailed');
      });
      it('a graph without attention', async () => {
        writeFileSync(join(folder, 'onnx', 'model.onnx'), '');
        await refuses('modelUnsupported');
      });
      it('a decoder’s graph under this tokenizer: still read by its shape', async () => {
        const gpt2 = graphCases().find((each) => each.name === 'gpt2-legacy17')!;
        cpSync(gpt2.file, join(folder, 'onnx', 'model.onnx'));
        await assert.rejects(attend('a cat', folder), (error) => isScopeError(error));
        assert.ok((await attend('the next try works')).tokens.length > 4);
      });
    });

    it('a run in progress rejects when the process is killed, and the next one works', async () => {
      const before = client.processId;
      const pending = attend('word '.repeat(250));
      process.kill(before!, 'SIGKILL');
      await assert.rejects(pending, (error) => isScopeError(error, 'workerDied'));
      assert.ok((await attend('the cat')).tokens.length > 2);
      assert.notEqual(client.processId, before);
    });

    it('a cancel rejects at once', async () => {
      const source = new CancellationTokenSource();
      const pending = client.attend(
        { model, text: 'word '.repeat(250), owner: 'c', textWasCut: false },
        source.token,
      );
      source.cancel();
      await assert.rejects(pending, (error) => isScopeError(error, 'cancelled'));
      assert.ok((await attend('the cat')).tokens.length > 2);
    });

    it('ends with its host', async () => {
      const pid = client.processId!;
      client.unload();
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.throws(() => process.kill(pid, 0));
    });
  });
}
