import assert from 'node:assert/strict';
import { join } from 'node:path';
import { examplePrompts } from '../../src/attention/effectExamples';
import {
  DirectOfHeads,
  FindTokens,
  NormsOfValues,
  Occlude,
  PredictBase,
  PredictEdited,
  RankHeads,
  ScoreExample,
} from '../../src/protocol/effects';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { PredictAtToken } from '../../src/protocol/worker';
import type { InferenceClient } from '../../src/worker/client';
import { startClient } from './startClient';

/** Effects through the inference process, on the bundled models. */

const models = join(__dirname, '..', '..', 'models');
const source = (id: string): { id: string; folder: string } => ({ id, folder: join(models, id) });

describe('effects in the inference process', function () {
  this.timeout(60_000);
  let client: InferenceClient;
  before(() => {
    client = startClient('native');
  });
  after(() => client.dispose());

  it('scope-bert: every head and layer', async () => {
    const [model, owner] = [source('scope-bert'), 'effects'];
    const token = new CancellationTokenSource().token;
    const text = 'The cat sat on the mat because it was warm.';
    const run = await client.attend({ model, owner, text, textWasCut: false }, token);
    const position = 2;
    const base = await client.request(PredictBase, { model, owner, runId: run.runId, position, topK: 5 });
    console.log(JSON.stringify(base));
    const place = { model, owner, runId: run.runId, position };
    const target = { targetId: base.candidates[0]!.id };
    const t0 = performance.now();
    const progress: number[] = [];
    const ranked = await client.followed(
      RankHeads,
      { ...place, ...target, change: 'zero', onlyAtPosition: false },
      (done) => progress.push(done),
    );
    console.log(
      performance.now() - t0,
      progress,
      ranked.measure,
      new Float32Array(ranked.heads),
      new Float32Array(ranked.layers),
    );
    const occluded = await client.request(Occlude, { ...place, ...target, groups: run.words });
    console.log(occluded.how, new Float32Array(occluded.tokens));
    const norms = await client.request(NormsOfValues, place);
    console.log(new Float32Array(norms.norms).slice(0, 24));
  });

  for (const name of ['ioi', 'words'] as const) {
    it(`scope-gpt ${name}`, async () => {
      const [model, owner] = [source('scope-gpt'), 'effects'];
      const t0 = performance.now();
      const { direct, ...score } = await client.request(ScoreExample, {
        model,
        owner,
        prompts: examplePrompts(name),
      });
      console.log(performance.now() - t0, score, new Float32Array(direct!.heads));
      const [prompt] = examplePrompts(name);
      const run = await client.attend(
        { model, owner, text: prompt!.text, textWasCut: false },
        new CancellationTokenSource().token,
      );
      const position = run.tokens.length - 1;
      const [t, c] = await client.request(FindTokens, {
        model,
        owner,
        texts: [prompt!.target, prompt!.contrast],
      });
      const place = { model, owner, runId: run.runId, position, targetId: t!.id, contrastId: c!.id };
      const ranked = await client.request(RankHeads, { ...place, change: 'zero', onlyAtPosition: false });
      const d = await client.request(DirectOfHeads, place);
      console.log(prompt, ranked.measure, new Float32Array(ranked.heads), new Float32Array(d.heads), d.rest);
    });
  }
});
