import { type HeadOperands, type LayerOperands, headOperands } from '../attention/headOperands';
import { oneNumber, readingOf } from '../attention/oneNumber';
import type { ScoreReading } from '../attention/readScores';
import { headOf } from '../attention/weights';
import { readConfig } from '../inference/modelConfig';
import { readJson } from '../inference/modelFolder';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { ExplainedWeight } from '../protocol/oneNumber';
import type { ExplainParams } from '../protocol/worker';
import { breathe } from './attentionFacts';
import type { AttentionRuns, StoredRun } from './attentionRuns';
import type { WorkerModels } from './models';

/** Recomputes single weights of runs in memory; what was tapped for the last one stays for its neighbours. */
export class ExplainedWeights {
  private layer:
    { readonly of: string; readonly owner: string; readonly operands: LayerOperands } | undefined;
  private head:
    { readonly of: string; readonly operands: HeadOperands; readonly reading: ScoreReading } | undefined;

  constructor(
    private readonly models: WorkerModels,
    private readonly runs: AttentionRuns,
  ) {}

  /** @throws {ScopeError} `modelUnsupported` where the graph hides what the weight is computed from */
  async explain(params: ExplainParams, token: CancellationToken): Promise<ExplainedWeight> {
    await breathe(token);
    const run = this.runs.find(params.runId);
    const { layer, head, query, key } = params;
    const weights = run.layers[layer];
    if (!weights || head >= weights.numHeads || Math.max(query, key) >= run.tokens.length) {
      throw new ScopeError('badRequest', `layer ${layer}, head ${head}, tokens ${query} and ${key}`);
    }
    const { operands, reading } = await this.headOf(params, run, weights.numHeads, token);
    return oneNumber(operands, reading, headOf(weights, head), query, key);
  }

  /** Frees what was tapped for an owner's run. */
  release(owner: string): void {
    if (this.layer?.owner === owner) {
      this.layer = this.head = undefined;
    }
  }

  private async headOf(
    { runId, layer, head, model, owner }: ExplainParams,
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
      await requireReadable(run, model.folder);
      const loaded = await this.models.operandModel(model, owner);
      await breathe(token);
      const ids = run.tokens.map((each) => each.id);
      this.layer = { of, owner, operands: await loaded.layer(layer, ids, run.typeIds) };
    }
    const operands = headOperands(this.layer.operands, head, numHeads, run.tokens.length);
    if (!operands) {
      const { queries, keys } = this.layer.operands;
      throw new ScopeError('modelUnsupported', `[${queries.dims.join()}] · [${keys.dims.join()}]`);
    }
    this.head = { of: `${of} ${head}`, operands, reading: readingOf(operands, run.causal) };
    return this.head;
  }
}

/** Pictures and the decoders of encoder-decoders run on more than token ids. */
async function requireReadable(run: StoredRun, folder: string): Promise<void> {
  const { isEncoderDecoder } = readConfig(await readJson(folder, 'config.json'));
  if (run.grid || run.keyTokens || (isEncoderDecoder && run.causal)) {
    throw new ScopeError('modelUnsupported', run.grid ? 'a picture' : 'a decoder behind an encoder');
  }
}
