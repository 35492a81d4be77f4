import {
  type LayersAtToken,
  PageExplain,
  PageInduction,
  PageLayerSteps,
  PageLayers,
  PagePositions,
  PagePredict,
  ShowCode,
} from '../../src/protocol/attentionPage';
import type { Thumbnails, ThumbnailsRequest } from '../../src/protocol/attention';
import type { SamplingOptions, TokenPrediction } from '../../src/protocol/language';
import type { LayerSteps, LayerStepsRequest } from '../../src/protocol/layerSteps';
import type { Positions, PositionsRequest } from '../../src/protocol/positions';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import type { CodeStep, ExplainRequest, ExplainedWeight } from '../../src/protocol/oneNumber';
import { ask } from '../../src/protocol/rpc';
import { Patterns, SomeThumbnails } from '../../src/protocol/worker';
import { Survey } from './survey';

/** What the page asks of a run beside weights. */
export class RunViews {
  constructor(private readonly connection: MessageConnection) {}

  async survey(runId: number): Promise<Survey> {
    return Survey.of(await ask(this.connection, Patterns, { runId }));
  }

  async testInduction(runId: number): Promise<Survey> {
    return Survey.of(await ask(this.connection, PageInduction, { runId }));
  }

  predict(runId: number, position: number, sampling: SamplingOptions): Promise<TokenPrediction> {
    return ask(this.connection, PagePredict, { runId, position, sampling });
  }

  layersAt(runId: number, position: number): Promise<LayersAtToken> {
    return ask(this.connection, PageLayers, { runId, position });
  }

  explain(request: ExplainRequest): Promise<ExplainedWeight> {
    return ask(this.connection, PageExplain, request);
  }

  layerSteps(request: LayerStepsRequest): Promise<LayerSteps> {
    return ask(this.connection, PageLayerSteps, request);
  }

  positions(request: PositionsRequest): Promise<Positions> {
    return ask(this.connection, PagePositions, request);
  }

  async showCode(step: CodeStep): Promise<void> {
    await ask(this.connection, ShowCode, { step });
  }

  thumbnails(request: ThumbnailsRequest): Promise<Thumbnails> {
    return ask(this.connection, SomeThumbnails, request);
  }
}
