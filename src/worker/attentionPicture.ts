import type { LayerWeights } from '../attention/weights';
import { selfCheck } from '../attention/selfCheck';
import { makeThumbnails } from '../attention/thumbnails';
import { readConfig } from '../inference/modelConfig';
import { type JsonObject, readJson } from '../inference/modelFolder';
import type { AttentionRun } from '../protocol/attention';
import { ScopeError, isScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import type { PatchGrid, Picture } from '../protocol/picture';
import type { AttendPictureParams, Phase } from '../protocol/worker';
import { breathe, warningsOf } from './attentionFacts';
import type { AttentionRuns } from './attentionRuns';
import type { WorkerModels } from './models';
import { patchTokens } from './patchTokens';

/** Runs a picture through a vision transformer, or through CLIP's picture tower, and keeps its attention. */
export async function attendPicture(
  { model: source, picture, owner }: AttendPictureParams,
  token: CancellationToken,
  models: WorkerModels,
  runs: AttentionRuns,
  onPhase: (owner: string, phase: Phase) => void,
): Promise<AttentionRun> {
  await breathe(token);
  const asked = performance.now();
  const { tower, config } = await towerOf(source, owner, models);
  const loaded = performance.now();
  onPhase(owner, 'running');
  await breathe(token);
  const { layers, grid, graphFile, milliseconds } = await tower(picture);
  await breathe(token);
  const check = selfCheck(layers);
  const tokens = patchTokens(grid);
  const { runId } = runs.keep(owner, { layers, tokens, causal: check.causal, grid });
  const { size, data } = makeThumbnails(layers);
  const facts = readConfig(config);
  return {
    runId,
    model: {
      id: source.id,
      modelType: facts.modelType,
      graphFile,
      numLayers: layers.length,
      numHeads: layers[0]?.numHeads ?? 0,
      maxTokens: tokens.length,
      ...(await models.computing()),
      loadMilliseconds: loaded - asked,
    },
    tokens,
    totalTokens: tokens.length,
    totalIsLowerBound: false,
    covered: { start: 0, end: 0 },
    words: [...tokens.keys()],
    causal: check.causal,
    thumbnails: { size, data: data.buffer },
    grid,
    milliseconds: { tokenize: milliseconds.prepare, forward: milliseconds.forward },
    warnings: warningsOf(check, facts, layers.length),
  };
}

interface Attended {
  readonly layers: readonly LayerWeights[];
  readonly grid: PatchGrid;
  readonly graphFile: string;
  readonly milliseconds: { readonly prepare: number; readonly forward: number };
}

/** What reads pictures in a folder, and the part of its configuration that tells of it. */
async function towerOf(
  source: ModelSource,
  owner: string,
  models: WorkerModels,
): Promise<{ tower: (picture: Picture) => Promise<Attended>; config: JsonObject }> {
  const whole = await readJson(source.folder, 'config.json');
  const ofPictures = whole['vision_config'];
  if (typeof ofPictures === 'object' && ofPictures !== null) {
    const clip = await models.clipModel(source, owner);
    return {
      config: { ...ofPictures, model_type: whole['model_type'] },
      tower: async (picture) => ({
        ...(await unreadable(picture, () => clip.attendImage(picture))),
        graphFile: clip.pictureGraphFile,
      }),
    };
  }
  if (whole['patch_size'] === undefined) {
    throw new ScopeError('modelUnsupported', `${source.id} reads no pictures`);
  }
  const vision = await models.visionModel(source, owner);
  return {
    config: whole,
    tower: async (picture) => {
      const started = performance.now();
      const pixels = await unreadable(picture, () => vision.prepare(picture));
      const prepared = performance.now();
      const attention = await vision.attend(pixels);
      const milliseconds = { prepare: prepared - started, forward: performance.now() - prepared };
      return { ...attention, graphFile: vision.graphFile, milliseconds };
    },
  };
}

/** Says of a broken, foreign or enormous file that it is the picture that is at fault. */
async function unreadable<T>(picture: Picture, decode: () => T | Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (error) {
    if (isScopeError(error, 'badRequest')) {
      throw new ScopeError('pictureUnreadable', error.detail ?? picture.name, { cause: error });
    }
    throw error;
  }
}
