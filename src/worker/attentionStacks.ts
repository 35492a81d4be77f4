import { wordsOfTokens } from '../attention/wordsOfTokens';
import { readConfig } from '../inference/modelConfig';
import { readJson } from '../inference/modelFolder';
import type { AttentionRun } from '../protocol/attention';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { Token } from '../protocol/model';
import type { AttendParams, Phase } from '../protocol/worker';
import { breathe, coveredRange, warningsOf } from './attentionFacts';
import { moved } from './attentionPair';
import type { AttentionRuns } from './attentionRuns';
import type { WorkerModels } from './models';
import { keepStacks } from './stackedRun';

/** Whether a folder's model is an encoder-decoder. */
export async function writesTarget(folder: string): Promise<boolean> {
  return readConfig(await readJson(folder, 'config.json')).isEncoderDecoder;
}

/** Runs an encoder-decoder on a source, and on a target that was given or that the model writes. */
export async function attendStacks(
  { model: source, text, pair, owner, textWasCut }: AttendParams,
  token: CancellationToken,
  models: WorkerModels,
  runs: AttentionRuns,
  onPhase: (owner: string, phase: Phase) => void,
): Promise<AttentionRun> {
  const asked = performance.now();
  const model = await models.seq2seqModel(source, owner);
  const loaded = performance.now();
  const config = readConfig(await readJson(source.folder, 'config.json'));
  onPhase(owner, 'running');
  await breathe(token);
  const first = pair ? text.slice(0, pair.firstEnd) : text;
  const second = pair ? text.slice(pair.secondStart) : undefined;
  if (second?.trim() === '') {
    throw new ScopeError('emptyText');
  }
  const started = performance.now();
  const attention = await model.attend(first, second, token);
  const finished = performance.now();
  await breathe(token);
  const covered = coveredRange(attention.source);
  const targetStart = pair?.secondStart ?? covered.end + 1;
  const tokens = [...attention.source, ...attention.target.map((each) => moved(each, targetStart))];
  const whole = pair ? text : `${text.slice(0, covered.end)}\n${attention.targetText}`;
  const { stacks, checks } = keepStacks(runs, owner, attention);
  const [main] = stacks;
  if (!main) {
    throw new ScopeError('modelUnsupported', 'no attention');
  }
  return {
    runId: main.runId,
    model: {
      id: source.id,
      modelType: config.modelType,
      graphFile: model.graphFiles,
      numLayers: main.numLayers,
      numHeads: main.numHeads,
      maxTokens: model.maxTokens,
      ...(await models.computing()),
      loadMilliseconds: loaded - asked,
    },
    tokens,
    totalTokens: totalOf(model.tokenizer.tokenize(first, model.maxTokens).totalTokens, attention.target),
    totalIsLowerBound: textWasCut,
    covered,
    words: wordsOfTokens(whole, tokens),
    causal: main.causal,
    thumbnails: main.thumbnails,
    secondFrom: attention.source.length,
    stacks,
    ...(attention.generated ? { written: attention.targetText } : {}),
    milliseconds: { tokenize: 0, forward: finished - started },
    warnings: checks.flatMap((check, index) =>
      warningsOf(check, { ...config, causal: undefined }, stacks[index]?.numLayers ?? 0),
    ),
  };
}

/** What was cut of a source shows in the number of all tokens. */
function totalOf(sourceTokens: number, target: readonly Token[]): number {
  return sourceTokens + target.length;
}
