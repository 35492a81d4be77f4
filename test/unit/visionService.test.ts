import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { join } from 'node:path';
import { ClipModel } from '../../src/inference/clipModel';
import { VisionModel } from '../../src/inference/visionModel';
import { isScopeError } from '../../src/protocol/errors';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { type Transport, ask, createRpc } from '../../src/protocol/rpc';
import * as vision from '../../src/protocol/vision';
import { JobQueue } from '../../src/worker/jobQueue';
import { answerVision } from '../../src/worker/visionService';
import {
  floats,
  imageFile,
  largestDifference,
  useWasm,
  visionFolder,
  visionJson,
} from '../fixtures/vision/models';

/** Over a real channel, so that what is sent must survive structured clone. */
function overPort(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', listener);
      return { dispose: () => port.off('message', listener) };
    },
  };
}

describe('requests about pictures', function () {
  this.timeout(30_000);
  const channel = new MessageChannel();
  const source = (folder: string): { model: { id: string; folder: string }; owner: string } => ({
    model: { id: folder, folder: join(visionFolder, folder) },
    owner: 'test',
  });
  const loaded: { release(): Promise<void> }[] = [];
  const once = <M extends { release(): Promise<void> }>(load: (folder: string) => Promise<M>) => {
    let model: Promise<M> | undefined;
    return ({ folder }: { folder: string }): Promise<M> =>
      (model ??= load(folder).then((each) => {
        loaded.push(each);
        return each;
      }));
  };
  let client: MessageConnection;
  before(async () => {
    await useWasm();
    const server = createRpc(overPort(channel.port1));
    answerVision(server, new JobQueue(), {
      visionModel: once((folder) => VisionModel.load(folder)),
      clipModel: once((folder) => ClipModel.load(folder)),
    });
    server.listen();
    client = createRpc(overPort(channel.port2));
    client.listen();
  });
  after(async () => {
    client.dispose();
    channel.port1.close();
    await Promise.all(loaded.map((model) => model.release()));
  });
  const image = imageFile('scene.png');

  it('classify a picture', async () => {
    const expected = visionJson<{ probabilities: number[] }>('vit/expected');
    const labels = await ask(client, vision.ClassifyImage, { ...source('vit'), image });
    const sorted = [...expected.probabilities].sort((a, b) => b - a);
    assert.ok(
      largestDifference(
        labels.map(({ probability }) => probability),
        sorted,
      ) <= 1e-5,
    );
  });

  it('attend to its patches and keep the weights', async () => {
    const expected = visionJson<{ attention: { values: string } }>('vit/expected');
    const run = await ask(client, vision.AttendImage, { ...source('vit'), image });
    assert.deepEqual(
      run.tokens.map(({ piece }) => piece),
      ['[CLS]', 'r0c0', 'r0c1', 'r0c2', 'r1c0', 'r1c1', 'r1c2'],
    );
    assert.deepEqual([run.numLayers, run.numHeads, run.causal, run.grid?.rows], [2, 4, false, 2]);
    const { weights } = await ask(client, vision.VisionHead, { runId: run.runId, layer: 1, head: 2 });
    const cells = run.tokens.length ** 2;
    const wanted = floats(expected.attention.values).subarray(6 * cells, 7 * cells);
    assert.ok(largestDifference(new Float32Array(weights), wanted) <= 1e-5);
    await ask(client, vision.ReleaseVision, { owner: 'test' });
    await assert.rejects(ask(client, vision.VisionHead, { runId: run.runId, layer: 0, head: 0 }), (error) =>
      isScopeError(error, 'runExpired'),
    );
  });

  it('match, embed and search with CLIP', async () => {
    const expected = visionJson<{
      texts: string[];
      textEmbeds: number[][];
      probabilities: number[][];
      logitScale: number;
      cosines: number[][];
    }>('clip');
    const clip = source('clipWhole');
    const { vector } = await ask(client, vision.EmbedText, { ...clip, text: expected.texts[0]! });
    assert.ok(largestDifference(new Float32Array(vector), expected.textEmbeds[0]!) <= 1e-5);
    const several = await ask(client, vision.EmbedTexts, { ...clip, texts: expected.texts });
    assert.ok(largestDifference(new Float32Array(several.vectors), expected.textEmbeds.flat()) <= 1e-5);
    assert.deepEqual(several.readings[0], { unknown: [], isCut: false });
    const facts = await ask(client, vision.DescribeClip, { ...clip, texts: expected.texts.slice(0, 2) });
    assert.ok(Math.abs(facts.scale.value - expected.logitScale) <= 1e-3 * expected.logitScale);
    assert.deepEqual([facts.scale.source, facts.graphFiles], ['graph', ['onnx/model.onnx']]);
    const match = await ask(client, vision.MatchImageText, {
      ...clip,
      images: [image],
      texts: expected.texts,
    });
    assert.ok(largestDifference(match.probabilities[0]!, expected.probabilities[0]!) <= 1e-4);
    assert.equal(match.scale.source, 'graph');
    const found = await ask(client, vision.RetrieveTexts, {
      ...clip,
      query: image,
      texts: expected.texts,
      topK: 1,
    });
    assert.equal(found[0]?.index, expected.cosines[0]!.indexOf(Math.max(...expected.cosines[0]!)));
    const run = await ask(client, vision.AttendTower, { ...clip, text: expected.texts[1]! });
    assert.deepEqual([run.causal, run.grid, run.tokens[0]?.piece], [true, undefined, '<|startoftext|>']);
  });

  it('say what is wrong with a picture', async () => {
    const broken = { name: 'half.png', bytes: image.bytes.slice(0, 500) };
    await assert.rejects(ask(client, vision.ClassifyImage, { ...source('vit'), image: broken }), (error) => {
      return isScopeError(error, 'badRequest') && /half\.png: a broken PNG/.test(error.detail ?? '');
    });
  });
});
