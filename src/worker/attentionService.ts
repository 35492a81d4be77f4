import { combinedHeads, oneHead, patternsOf, sharesOf, thumbnailsOf } from '../attention/runViews';
import { packWeights } from '../attention/packWeights';
import { npyOfWeights } from '../attention/npy';
import { makeThumbnails } from '../attention/thumbnails';
import { type SelfCheck, selfCheck } from '../attention/selfCheck';
import { wordsOfTokens } from '../attention/wordsOfTokens';
import { predictToken } from '../inference/predictToken';
import type { ModelConfig } from '../inference/modelConfig';
import type { AttentionRun, AttentionWarning } from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken, MessageConnection } from '../protocol/jsonrpc';
import type { Token } from '../protocol/model';
import { answer } from '../protocol/rpc';
import {
  type AttendParams,
  Attend,
  AllWeights,
  Combine,
  Head,
  PartSharesOf,
  Patterns,
  PredictAtToken,
  type Phase,
  SomeThumbnails,
  TestInduction,
} from '../protocol/worker';
import { AttentionRuns } from './attentionRuns';
import { testInduction } from './inductionTest';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/** Candidates that a prediction lists. */
const numCandidates = 10;
/** A row of a softmax may miss 1 by rounding; float16 graphs by more. */
const rowTolerance = 5e-3;

/**
 * Answers everything about attention. Runs wait in the queue; views of a run in memory are answered at once.
 * @returns what frees an owner's weights
 */
export function answerAttention(
  connection: MessageConnection,
  queue: JobQueue,
  models: WorkerModels,
  onPhase: (owner: string, phase: Phase) => void,
): (owner: string) => void {
  const runs = new AttentionRuns();
  answer(connection, Attend, (params, token) =>
    queue.run(params.owner, () => attend(params, token, models, runs, onPhase)),
  );
  answer(connection, Head, (request) => oneHead(runs.find(request.runId), request));
  answer(connection, Combine, (request) => combinedHeads(runs.find(request.runId), request));
  answer(connection, Patterns, ({ runId }) => patternsOf(runs.find(runId)));
  answer(connection, SomeThumbnails, (request) => thumbnailsOf(runs.find(request.runId), request));
  answer(connection, PartSharesOf, (request) => sharesOf(runs.find(request.runId), request));
  answer(connection, AllWeights, ({ runId, as }) => {
    const { layers } = runs.find(runId);
    return { data: as === 'npy' ? npyOfWeights(layers) : packWeights(layers) };
  });
  answer(connection, PredictAtToken, ({ model, owner, runId, position, sampling }, token) =>
    queue.run(`${owner} predict`, async () => {
      const ids = runs.find(runId).tokens.map((each) => each.id);
      await breathe(token);
      const loaded = await models.languageModel(model, owner);
      return predictToken(loaded, ids, position, numCandidates, sampling);
    }),
  );
  answer(connection, TestInduction, ({ model, owner, copyLength, seed }, token) =>
    queue.run(`${owner} induction`, async () => {
      const loaded = await models.attentionModel(model, owner);
      await breathe(token);
      return testInduction(loaded, copyLength, seed);
    }),
  );
  return (owner) => runs.release(owner);
}

/** Tokenises, runs the tapped graph, keeps the weights and returns what a page shows first. */
async function attend(
  params: AttendParams,
  token: CancellationToken,
  models: WorkerModels,
  runs: AttentionRuns,
  onPhase: (owner: string, phase: Phase) => void,
): Promise<AttentionRun> {
  await breathe(token);
  const model = await models.attentionModel(params.model, params.owner);
  await breathe(token);
  const started = performance.now();
  const { tokens, totalTokens } = model.tokenizer.tokenize(params.text, model.info.maxTokens);
  if (!tokens.some((each) => !each.special)) {
    throw new ScopeError('emptyText');
  }
  const tokenized = performance.now();
  onPhase(params.owner, 'running');
  await breathe(token);
  const layers = await model.attend(tokens.map((each) => each.id));
  const finished = performance.now();
  await breathe(token);
  const check = selfCheck(layers);
  const { runId } = runs.keep(params.owner, { layers, tokens, causal: check.causal });
  const thumbnails = makeThumbnails(layers);
  return {
    runId,
    model: model.info,
    tokens,
    totalTokens,
    totalIsLowerBound: params.textWasCut,
    covered: coveredRange(tokens),
    words: wordsOfTokens(params.text, tokens),
    causal: check.causal,
    thumbnails: { size: thumbnails.size, data: thumbnails.data.buffer },
    milliseconds: { tokenize: tokenized - started, forward: finished - tokenized },
    warnings: warningsOf(check, model.config, layers.length),
  };
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
