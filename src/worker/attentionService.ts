import { makeThumbnails } from '../attention/thumbnails';
import { type SelfCheck, selfCheck } from '../attention/selfCheck';
import { type LayerWeights, headOf } from '../attention/weights';
import type { ModelConfig } from '../inference/modelConfig';
import type { AttentionRun, AttentionWarning, HeadRequest, HeadWeights } from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { Token } from '../protocol/model';
import type { AttendParams, Phase } from '../protocol/worker';
import type { WorkerModels } from './models';

/** A row of a softmax may miss 1 by rounding; float16 graphs by more. */
const rowTolerance = 5e-3;

/** Answers attention requests and keeps the tensors of each owner's last run. */
export class AttentionService {
  private readonly runs = new Map<string, { runId: number; layers: readonly LayerWeights[] }>();
  private nextRunId = 1;

  constructor(
    private readonly models: WorkerModels,
    private readonly onPhase: (owner: string, phase: Phase) => void,
  ) {}

  /** Tokenises, runs the tapped graph, keeps the weights and returns what a page shows first. */
  async attend(params: AttendParams, token: CancellationToken): Promise<AttentionRun> {
    const model = await this.models.attentionModel(params.model, params.owner);
    await breathe(token);
    const started = performance.now();
    const { tokens, totalTokens } = model.tokenizer.tokenize(params.text, model.info.maxTokens);
    if (!tokens.some((each) => !each.special)) {
      throw new ScopeError('emptyText');
    }
    const tokenized = performance.now();
    this.onPhase(params.owner, 'running');
    await breathe(token);
    const layers = await model.attend(tokens.map((each) => each.id));
    const finished = performance.now();
    await breathe(token);
    const check = selfCheck(layers);
    const runId = this.nextRunId++;
    this.runs.set(params.owner, { runId, layers });
    const thumbnails = makeThumbnails(layers);
    return {
      runId,
      model: model.info,
      tokens,
      totalTokens,
      totalIsLowerBound: params.textWasCut,
      covered: coveredRange(tokens),
      causal: check.causal,
      thumbnails: { size: thumbnails.size, data: thumbnails.data.buffer },
      milliseconds: { tokenize: tokenized - started, forward: finished - tokenized },
      warnings: warningsOf(check, model.config, layers.length),
    };
  }

  /** One head's weights, copied out so that the message carries nothing else. */
  head(request: HeadRequest): HeadWeights {
    const run = [...this.runs.values()].find((each) => each.runId === request.runId);
    if (!run) {
      throw new ScopeError('runExpired');
    }
    const layer = run.layers[request.layer];
    if (!layer || !Number.isInteger(request.head) || request.head < 0 || request.head >= layer.numHeads) {
      throw new ScopeError('badRequest', `layer ${request.layer}, head ${request.head}`);
    }
    return { weights: headOf(layer, request.head).slice().buffer };
  }

  release(owner: string): void {
    this.runs.delete(owner);
  }
}

/** Lets waiting messages in, a cancellation among them: a run blocks the process. */
async function breathe(token: CancellationToken): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (token.isCancellationRequested) {
    throw new ScopeError('cancelled');
  }
}

function coveredRange(tokens: readonly Token[]): { start: number; end: number } {
  const content = tokens.filter((token) => token.end > token.start);
  return { start: content[0]?.start ?? 0, end: content.at(-1)?.end ?? 0 };
}

function warningsOf(check: SelfCheck, config: ModelConfig, numLayers: number): AttentionWarning[] {
  const warnings: AttentionWarning[] = [];
  if (check.rowDeviation > rowTolerance) {
    warnings.push({ kind: 'rowsDoNotSumToOne', deviation: check.rowDeviation });
  }
  if (config.numLayers !== undefined && config.numLayers !== numLayers) {
    warnings.push({ kind: 'layersDiffer', expected: config.numLayers, found: numLayers });
  }
  if (config.causal && check.lookAhead > rowTolerance) {
    warnings.push({ kind: 'notCausal', weight: check.lookAhead });
  }
  return warnings;
}
