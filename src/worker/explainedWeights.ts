import { type HeadOperands, type LayerOperands, headOperands } from '../attention/headOperands';
import { oneNumber, readingOf } from '../attention/oneNumber';
import type { ScoreReading } from '../attention/readScores';
import { headOf } from '../attention/weights';
import { biasByDistance, withoutPicture } from '../attention/positionPictures';
import { layerSteps } from '../attention/layerSteps';
import type { ReadWeights } from '../inference/layerRows';
import { type ReadPositions, readPositions } from '../inference/positionsModel';
import type { OperandModel } from '../inference/operandModel';
import type { OutputTensor } from '../inference/runtime';
import type { HeadRequest } from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { ToModel } from '../protocol/modelRequest';
import type { ExplainRequest, ExplainedWeight } from '../protocol/oneNumber';
import type { LayerSteps, LayerStepsRequest } from '../protocol/layerSteps';
import type { Positions, PositionsRequest } from '../protocol/positions';
import { breathe } from './attentionFacts';
import type { AttentionRuns, StoredRun } from './attentionRuns';
import type { WorkerModels } from './models';
import { openRunStack, runInput } from './runStack';

/** Recomputes single weights of runs in memory, and what layers make of a token; what was tapped for the last one stays for its neighbours. */
export class ExplainedWeights {
  private layer:
    { readonly of: string; readonly owner: string; readonly operands: LayerOperands } | undefined;
  private head:
    { readonly of: string; readonly operands: HeadOperands; readonly reading: ScoreReading } | undefined;
  private block:
    | {
        readonly of: string;
        readonly owner: string;
        readonly model: OperandModel;
        readonly outputs: ReadonlyMap<string, OutputTensor>;
        readonly read: ReadWeights;
      }
    | undefined;

  private without: { readonly of: number; readonly owner: string; readonly read: ReadPositions } | undefined;

  constructor(
    private readonly models: WorkerModels,
    private readonly runs: AttentionRuns,
  ) {}

  /** @throws {ScopeError} `modelUnsupported` where the graph hides what the weight is computed from */
  async explain(params: ExplainRequest & ToModel, token: CancellationToken): Promise<ExplainedWeight> {
    await breathe(token);
    const run = this.runs.find(params.runId);
    const { layer, head, query, key } = params;
    const weights = run.layers[layer];
    const numKeys = (run.keyTokens ?? run.tokens).length;
    if (!weights || head >= weights.numHeads || query >= run.tokens.length || key >= numKeys) {
      throw new ScopeError('badRequest', `layer ${layer}, head ${head}, tokens ${query} and ${key}`);
    }
    const { operands, reading } = await this.headOf(params, run, weights.numHeads, token);
    return oneNumber(operands, reading, headOf(weights, head), query, key);
  }

  /** What a layer makes of one token. @throws {ScopeError} `badRequest` for what is not in the run */
  async steps(params: LayerStepsRequest & ToModel, token: CancellationToken): Promise<LayerSteps> {
    await breathe(token);
    const run = this.runs.find(params.runId);
    const { layer, query, dimension, model: source, owner, runId } = params;
    const numHeads = run.layers[layer]?.numHeads;
    if (numHeads === undefined || query >= run.tokens.length) {
      throw new ScopeError('badRequest', `layer ${layer}, token ${query}`);
    }
    const of = `${runId} ${layer}`;
    if (this.block?.of !== of) {
      this.block = undefined;
      const { model, input } = await openRunStack(run, this.models, source, owner);
      await breathe(token);
      const [outputs, read] = [await model.rowsOfLayer(layer, input), await model.weightsOfLayer(layer)];
      this.block = { of, owner, model, outputs, read };
    }
    const { model, outputs, read } = this.block;
    const rows = model.rowsAt(layer, outputs, read, query, run.tokens.length);
    const width = rows[0]?.stream.length ?? 0;
    if (dimension >= Math.max(width, 1)) {
      throw new ScopeError('badRequest', `number ${dimension} of ${width}`);
    }
    const parts = rows.map((each, place) => ({
      rows: each,
      weights: read.weights[place]!,
      // Full precision shows by itself which activation it is.
      ...((read.half || read.rounds) && { activation: read.activation }),
    }));
    const { rounds, half, gap } = read;
    const shown = parts.map(() => numHeads);
    return layerSteps(parts, shown, dimension, { rounds, half, gap: gap ?? null });
  }

  /** How the model knows positions, and what a head attends to without them. */
  async positions(params: PositionsRequest & ToModel, token: CancellationToken): Promise<Positions> {
    await breathe(token);
    const { runId, layer, head, model: source, owner } = params;
    const run = this.runs.find(runId);
    const numHeads = run.layers[layer]?.numHeads ?? 0;
    if (head >= numHeads) {
      throw new ScopeError('badRequest', `layer ${layer}, head ${head}`);
    }
    const numKeys = (run.keyTokens ?? run.tokens).length;
    if (this.without?.of !== runId) {
      this.without = undefined;
      const { input, kind, graph } = await runInput(run, this.models, source, owner);
      await breathe(token);
      const names = this.models.namesOf(graph);
      this.without = {
        of: runId,
        owner,
        read: await readPositions(source.folder, names, input, kind, numKeys),
      };
    }
    const { kind, table, without, stay } = this.without.read;
    await breathe(token);
    const needsScores = kind === 'relative' || kind === 'alibi';
    const ofHead = needsScores ? await this.headOf(params, run, numHeads, token) : undefined;
    return {
      kind,
      table,
      bias: ofHead ? biasByDistance(ofHead.reading, run.tokens.length, numKeys) : null,
      without: without ? withoutPicture(run.layers, without, layer, head) : null,
      kept: stay,
      causal: run.causal,
    };
  }

  /** Frees what was tapped for an owner's run. */
  release(owner: string): void {
    if (this.layer?.owner === owner) {
      this.layer = this.head = undefined;
    }
    if (this.block?.owner === owner) {
      this.block = undefined;
    }
    if (this.without?.owner === owner) {
      this.without = undefined;
    }
  }

  private async headOf(
    { runId, layer, head, model: source, owner }: HeadRequest & ToModel,
    run: StoredRun,
    numHeads: number,
    token: CancellationToken,
  ): Promise<{ readonly operands: HeadOperands; readonly reading: ScoreReading }> {
    const of = `${runId} ${layer}`;
    if (this.head?.of === `${of} ${head}`) {
      return this.head;
    }
    if (this.layer?.of !== of) {
      this.layer = this.head = undefined;
      const { model, input, kind } = await openRunStack(run, this.models, source, owner);
      await breathe(token);
      this.layer = { of, owner, operands: await model.layer(layer, input, kind) };
    }
    const numKeys = (run.keyTokens ?? run.tokens).length;
    const operands = headOperands(this.layer.operands, head, numHeads, run.tokens.length, numKeys);
    if (!operands) {
      const { queries, keys } = this.layer.operands;
      throw new ScopeError('modelUnsupported', `[${queries.dims.join()}] · [${keys.dims.join()}]`);
    }
    this.head = { of: `${of} ${head}`, operands, reading: readingOf(operands, run.causal) };
    return this.head;
  }
}
