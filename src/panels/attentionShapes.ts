import { exampleNames } from '../attention/effectExamples';
import type { CombinedRequest, HeadRequest, TextRange, ThumbnailsRequest } from '../protocol/attention';
import * as page from '../protocol/attentionPage';
import * as effects from '../protocol/effects';
import { OpenExample, PageEffects, PageExampleScore } from '../protocol/effectsPage';
import type { SamplingOptions } from '../protocol/language';
import type { LayerStepsRequest } from '../protocol/layerSteps';
import { type ExplainRequest, codeSteps } from '../protocol/oneNumber';
import {
  type Shape,
  bytes,
  either,
  fields,
  flag,
  index,
  json,
  listOf,
  maybe,
  nameOf,
  number,
  oneOf,
  orNull,
  text,
  whole,
} from '../protocol/shape';
import { Combine, Patterns, SomeThumbnails } from '../protocol/worker';
import { nothing, shapeOf } from './messageShape';

/** More than a page of this size is not drawn. */
const mostFileBytes = 1_000_000_000;
/** A process begins to count at a random place, so that runs of an earlier one are not taken for its own. */
const runId = whole(0, Number.MAX_SAFE_INTEGER);

export const headRequest = fields<HeadRequest>({ runId, layer: index, head: index });
export const textRange = fields<TextRange>({ start: index, end: index });
/** Where the reader is: a page's own state, which it is given back and nobody else reads. */
export const look = json(200_000);
const ofRun = fields<{ readonly runId: number }>({ runId });
const headPlace = fields<effects.HeadPlace>({ layer: index, head: index });
const example = fields({ example: oneOf(exampleNames) });
const sampling = fields<SamplingOptions>({
  temperature: maybe(number(0, 100)),
  topK: maybe(whole(0)),
  topP: maybe(number(0, 1)),
  minP: maybe(number(0, 1)),
  repetitionPenalty: maybe(number(0.01, 100)),
});

const comparison = either<page.Comparison>(
  fields<{ with: 'model' }>({ with: oneOf(['model']) }),
  fields<{ with: 'picture' }>({ with: oneOf(['picture']) }),
  fields<{ with: 'nothing' }>({ with: oneOf(['nothing']) }),
  fields<{ with: 'text'; text: string; second?: string }>({
    with: oneOf(['text']),
    text: text(),
    second: maybe(text()),
  }),
);

/** What the attention page says. */
export const attentionShapes = [
  shapeOf(page.Ready, nothing),
  shapeOf(page.PageHead, headRequest),
  shapeOf(page.PagePicture, ofRun),
  shapeOf(page.AnalyseText, fields({ text: text(), second: maybe(text()) })),
  shapeOf(page.PageInduction, ofRun),
  shapeOf(page.PagePredict, fields({ runId, position: index, sampling })),
  shapeOf(page.PageLayers, fields({ runId, position: index })),
  shapeOf(
    page.PageExplain,
    fields<ExplainRequest>({ runId, layer: index, head: index, query: index, key: index }),
  ),
  shapeOf(
    page.PageLayerSteps,
    fields<LayerStepsRequest>({ runId, layer: index, query: index, dimension: index }),
  ),
  shapeOf(page.PagePositions, headRequest),
  shapeOf(page.ShowCode, fields({ step: oneOf(codeSteps) })),
  shapeOf(page.Compare, comparison),
  shapeOf(
    page.Perform,
    fields({ action: nameOf({ retry: true, openLog: true, openSample: true, chooseModel: true }) }),
  ),
  shapeOf(
    page.Export,
    fields<page.ExportRequest>({ runId, format: oneOf(page.exportFormats), content: bytes(mostFileBytes) }),
  ),
  shapeOf(page.CancelRun, nothing),
  shapeOf(page.LookChanged, fields({ runId, look })),
  shapeOf(page.PointAt, fields({ runId, range: orNull(textRange) })),
  shapeOf(
    Combine,
    fields<CombinedRequest>({
      runId,
      how: oneOf(['mean', 'max', 'rollout', 'flow']),
      heads: listOf(headPlace),
    }),
  ),
  shapeOf(Patterns, ofRun),
  shapeOf(
    SomeThumbnails,
    fields<ThumbnailsRequest>({
      runId,
      kept: listOf(index),
      keys: maybe(listOf(index)),
      among: maybe(listOf(index)),
      renormalise: flag,
    }),
  ),
  // What is asked about effects is read by `effectShapes`, once it is known which request it is.
  shapeOf(PageEffects, fields({ method: text(100), params: json(2_000_000) })),
  shapeOf(PageExampleScore, example),
  shapeOf(OpenExample, example),
];

type Place = effects.EffectPlace;
type Target = effects.EffectTarget;
const place = { runId, position: index };
const target = { targetId: index, contrastId: maybe(index) };
const topK = whole(1, 1000);

/** A request about effects without what the host adds to it. */
type Asked<P> = Omit<P, 'model' | 'owner'>;

function effectOf<P>(
  type: { readonly method: string; readonly _: readonly [P, ...unknown[]] | undefined },
  shape: Shape<Asked<NoInfer<P>>>,
): readonly [string, Shape<unknown>] {
  return [type.method, shape];
}

/** What may be asked by `PageEffects`, by method. */
export const effectShapes: ReadonlyMap<string, Shape<unknown>> = new Map([
  effectOf(effects.PredictBase, fields<Place & { topK: number }>({ ...place, topK })),
  effectOf(effects.FindTokens, fields({ texts: listOf(text(1000), 10) })),
  effectOf(
    effects.PredictEdited,
    fields<Place & Target & { edits: effects.EffectEdits; topK: number }>({
      ...place,
      ...target,
      topK,
      edits: fields<effects.EffectEdits>({
        change: oneOf(effects.headChanges),
        heads: listOf(headPlace),
        keys: listOf(index),
        onlyAtPosition: flag,
        otherText: maybe(text()),
      }),
    }),
  ),
  effectOf(
    effects.RankHeads,
    fields<effects.RankParams>({
      ...place,
      ...target,
      change: oneOf(effects.headChanges),
      onlyAtPosition: flag,
      otherText: maybe(text()),
    }),
  ),
  effectOf(effects.DirectOfHeads, fields<Place & Target>({ ...place, ...target })),
  effectOf(
    effects.Occlude,
    fields<Place & Target & { groups: readonly number[] }>({
      ...place,
      ...target,
      groups: listOf(whole(-(2 ** 31))),
    }),
  ),
  effectOf(effects.NormsOfValues, fields<Place>(place)),
]);
