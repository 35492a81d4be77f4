import { combinedHeads, oneHead, thumbnailsOf } from '../attention/runViews';
import { selfCheck } from '../attention/selfCheck';
import { makeThumbnails } from '../attention/thumbnails';
import type { LayerWeights } from '../attention/weights';
import { refuseCancelled } from '../inference/cancellation';
import type { ClipModel } from '../inference/clipModel';
import type { VisionModel } from '../inference/visionModel';
import type { ErrorData } from '../protocol/errors';
import type { CancellationToken, MessageConnection, RequestType } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import { answer } from '../protocol/rpc';
import type { ToModel } from '../protocol/modelRequest';
import * as vision from '../protocol/vision';
import { AttentionRuns } from './attentionRuns';
import type { JobQueue } from './jobQueue';
import { patchTokens } from './patchTokens';

/** Where the models come from; they stay loaded there. */
export interface VisionModels {
  visionModel(source: ModelSource, owner: string): Promise<VisionModel>;
  clipModel(source: ModelSource, owner: string): Promise<ClipModel>;
}

/** Answers everything of `protocol/vision`: models one job at a time, views of a run in memory at once. */
export function answerVision(connection: MessageConnection, queue: JobQueue, models: VisionModels): void {
  const runs = new AttentionRuns();
  const using =
    <M>(obtain: (source: ModelSource, owner: string) => Promise<M>) =>
    <P extends ToModel, R>(
      type: RequestType<P, R, ErrorData>,
      run: (model: M, params: P, token: CancellationToken) => Promise<R>,
    ): void => {
      answer(connection, type, (params, token) =>
        // Only a request of the same kind makes an owner's waiting one pointless.
        queue.run(`${params.owner} ${type.method}`, async () => {
          refuseCancelled(token);
          const model = await obtain(params.model, params.owner);
          refuseCancelled(token);
          return run(model, params, token);
        }),
      );
    };
  const onVision = using((source, owner) => models.visionModel(source, owner));
  const onClip = using((source, owner) => models.clipModel(source, owner));

  onVision(vision.ClassifyImage, async (model, { image }) => model.classify(await model.prepare(image)));
  onVision(vision.AttendImage, async (model, { image, owner }) => {
    const started = performance.now();
    const pixels = await model.prepare(image);
    const prepared = performance.now();
    const { layers, grid } = await model.attend(pixels);
    const milliseconds = { prepare: prepared - started, forward: performance.now() - prepared };
    return keep(runs, owner, { layers, tokens: patchTokens(grid), grid, milliseconds });
  });

  onClip(vision.EmbedImage, async (model, { image }) => packed(await model.embedImage(image)));
  onClip(vision.EmbedText, async (model, { text }) => packed(await model.embedText(text)));
  onClip(vision.EmbedTexts, async (model, { texts }, token) => {
    const vectors = await model.embedTexts(texts, token);
    return {
      vectors: joined(vectors).buffer,
      readings: texts.map((text) => model.reading(text)),
    };
  });
  onClip(vision.DescribeClip, (model, { texts }) => model.describe(texts));
  onClip(vision.MatchImageText, (model, { images, texts, logitScale }, cancellation) =>
    model.matchImageText(images, texts, { logitScale, cancellation }),
  );
  onClip(vision.ClassifyZeroShot, (model, { image, labels, template, logitScale }, cancellation) =>
    model.zeroShot(image, labels, { template, logitScale, cancellation }),
  );
  onClip(vision.RetrieveImages, (model, { query, images, topK }, token) =>
    model.retrieveImages(query, images, topK, token),
  );
  onClip(vision.RetrieveTexts, (model, { query, texts, topK }, token) =>
    model.retrieveTexts(query, texts, topK, token),
  );
  onClip(vision.AttendTower, async (model, params) => {
    if ('text' in params) {
      const { layers, tokens, milliseconds } = await model.attendText(params.text);
      return keep(runs, params.owner, { layers, tokens, milliseconds });
    }
    const { layers, grid, milliseconds } = await model.attendImage(params.image);
    return keep(runs, params.owner, { layers, tokens: patchTokens(grid), grid, milliseconds });
  });

  answer(connection, vision.VisionHead, (request) => oneHead(runs.find(request.runId), request));
  answer(connection, vision.VisionCombined, (request) => combinedHeads(runs.find(request.runId), request));
  answer(connection, vision.VisionThumbnails, (request) => thumbnailsOf(runs.find(request.runId), request));
  answer(connection, vision.ReleaseVision, ({ owner }) => {
    runs.release(owner);
    return null;
  });
}

type Attended = Pick<vision.VisionRun, 'tokens' | 'grid' | 'milliseconds'> & {
  readonly layers: readonly LayerWeights[];
};

/** Keeps the weights here and says what a page shows first. */
function keep(runs: AttentionRuns, owner: string, { layers, ...told }: Attended): vision.VisionRun {
  const { causal } = selfCheck(layers);
  const { runId } = runs.keep(owner, { layers, tokens: told.tokens, causal });
  const { size, data } = makeThumbnails(layers);
  return {
    ...told,
    runId,
    numLayers: layers.length,
    numHeads: layers[0]?.numHeads ?? 0,
    causal,
    thumbnails: { size, data: data.buffer },
  };
}

/** Copied, because the model keeps its vectors. */
function packed(vector: Float32Array): { vector: ArrayBuffer } {
  return { vector: vector.slice().buffer };
}

function joined(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const size = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * size);
  vectors.forEach((vector, index) => {
    all.set(vector, index * size);
  });
  return all;
}
