import { combinedHeads, oneHead, patternsOf, sharesOf, thumbnailsOf } from '../attention/runViews';
import { packWeights } from '../attention/packWeights';
import { npyOfWeights } from '../attention/npy';
import { makeThumbnails } from '../attention/thumbnails';
import { selfCheck } from '../attention/selfCheck';
import { wordsOfTokens } from '../attention/wordsOfTokens';
import type { AttentionModel } from '../inference/attentionModel';
import { predictToken } from '../inference/predictToken';
import type { AttentionRun } from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken, MessageConnection } from '../protocol/jsonrpc';
import type { Token } from '../protocol/model';
import { answer } from '../protocol/rpc';
import {
  type AttendParams,
  Attend,
  AttendPicture,
  AllWeights,
  Combine,
  Explain,
  ExplainLayer,
  ExplainPositions,
  Head,
  PartSharesOf,
  Patterns,
  PredictAtToken,
  type Phase,
  SomeThumbnails,
  TestInduction,
} from '../protocol/worker';
import { splitTokens, tokenizePair } from './attentionPair';
import { AttentionRuns } from './attentionRuns';
import { attendPicture } from './attentionPicture';
import { attendStacks, writesTarget } from './attentionStacks';
import { breathe, coveredRange, warningsOf } from './attentionFacts';
import { answerEffects } from './effectsService';
import { ExplainedWeights } from './explainedWeights';
import { testInduction } from './inductionTest';
import type { JobQueue } from './jobQueue';
import type { WorkerModels } from './models';

/** Candidates that a prediction lists. */
const numCandidates = 10;

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
  const explained = new ExplainedWeights(models, runs);
  answer(connection, Attend, (params, token) =>
    queue.run(params.owner, () => attend(params, token, models, runs, onPhase)),
  );
  answer(connection, AttendPicture, (params, token) =>
    queue.run(params.owner, () => attendPicture(params, token, models, runs, onPhase)),
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
  answer(connection, Explain, (params, token) =>
    queue.run(`${params.owner} explain`, () => explained.explain(params, token)),
  );
  answer(connection, ExplainLayer, (params, token) =>
    queue.run(`${params.owner} steps`, () => explained.steps(params, token)),
  );
  answer(connection, ExplainPositions, (params, token) =>
    queue.run(`${params.owner} positions`, () => explained.positions(params, token)),
  );
  answer(connection, TestInduction, ({ model, owner, copyLength, seed }, token) =>
    queue.run(`${owner} induction`, async () => {
      const loaded = await models.attentionModel(model, owner);
      await breathe(token);
      return testInduction(loaded, copyLength, seed);
    }),
  );
  const releaseEffects = answerEffects(connection, queue, models, runs);
  return (owner) => {
    runs.release(owner);
    explained.release(owner);
    releaseEffects(owner);
  };
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
  if (await writesTarget(params.model.folder)) {
    return attendStacks(params, token, models, runs, onPhase);
  }
  const model = await models.attentionModel(params.model, params.owner);
  await breathe(token);
  const started = performance.now();
  const { tokens, totalTokens, typeIds, secondFrom } = tokensOf(model, params);
  if (!tokens.some((each) => !each.special)) {
    throw new ScopeError('emptyText');
  }
  const tokenized = performance.now();
  onPhase(params.owner, 'running');
  await breathe(token);
  const layers = await model.attend(
    tokens.map((each) => each.id),
    typeIds,
  );
  const finished = performance.now();
  await breathe(token);
  const check = selfCheck(layers);
  const { runId } = runs.keep(params.owner, {
    layers,
    tokens,
    causal: check.causal,
    ...(typeIds && { typeIds }),
  });
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
    ...(secondFrom === undefined ? {} : { secondFrom }),
    milliseconds: { tokenize: tokenized - started, forward: finished - tokenized },
    warnings: warningsOf(check, model.config, layers.length),
  };
}

interface ReadTokens {
  readonly tokens: readonly Token[];
  readonly totalTokens: number;
  readonly typeIds?: readonly number[];
  readonly secondFrom?: number;
}

function tokensOf({ tokenizer, info, config }: AttentionModel, { text, pair }: AttendParams): ReadTokens {
  if (pair && config.causal !== true) {
    return tokenizePair(tokenizer, text, pair, info.maxTokens);
  }
  const read = tokenizer.tokenize(text, info.maxTokens);
  return pair ? { ...read, secondFrom: splitTokens(read.tokens, pair) } : read;
}
