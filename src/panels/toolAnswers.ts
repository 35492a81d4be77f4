import { habitsOfHeads, strongestKeys } from '../attention/headSummary';
import { unpackPatterns } from '../attention/patternTable';
import type { BundledTasks } from '../host/bundledTasks';
import type { Models } from '../host/models';
import { newStudy } from '../prompts/presets';
import { strategyName } from '../prompts/sentences';
import { parseStrategyId } from '../prompts/strategy';
import { wordings } from '../prompts/wording';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import { Tokenize } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import type { Strategy, Study } from '../protocol/prompts';
import { fields, index, listOf, maybe, text, whole } from '../protocol/shape';
import { Combine, Head, Patterns } from '../protocol/worker';
import type { InferenceClient } from '../worker/client';
import type { PromptSession } from '../study/promptSession';
import { toolOwner } from './requestOwners';

/** What the tools of agent mode need. */
export interface ToolServices {
  readonly client: InferenceClient;
  readonly models: Models;
  readonly tasks: BundledTasks;
}

const owner = toolOwner;
const maxCharacters = 20_000;
const maxTokensListed = 128;
const maxItems = 20;

export interface InspectAttentionInput {
  readonly text: string;
  readonly model?: string;
  readonly layer?: number;
  readonly head?: number;
}

/** What an agent hands over is written by a model; VS Code does not hold it against the schema of the manifest. */
const longText = text(1_000_000);
const modelName = maybe(text(4000));
const inspectInput = fields<InspectAttentionInput>({
  text: longText,
  model: modelName,
  layer: maybe(index),
  head: maybe(index),
});

/** The attention of a text in words: the habits of all heads, and the strongest keys of one head or of the mean. */
export async function inspectAttention(
  { client, models }: ToolServices,
  input: InspectAttentionInput,
  token: CancellationToken,
): Promise<string> {
  const { text, model: name, layer, head } = inspectInput(input, 'input');
  const model = modelNamed(models, name);
  const read = given(text);
  const run = await client.attend({ model, text: read, owner, textWasCut: read.length < text.length }, token);
  try {
    const { numLayers, numHeads } = run.model;
    const chosen = headOf(layer, head, numLayers, numHeads);
    const { data } = await client.request(Patterns, { runId: run.runId }, token);
    const { weights } = await (chosen.length === 1
      ? client.request(Head, { runId: run.runId, ...(chosen[0] as { layer: number; head: number }) }, token)
      : client.request(Combine, { runId: run.runId, how: 'mean', heads: chosen }, token));
    const habits = habitsOfHeads(unpackPatterns(data), numHeads);
    const rows = strongestKeys(new Float32Array(weights), run.tokens, 3);
    const which =
      chosen.length === 1
        ? `layer ${chosen[0]?.layer} head ${chosen[0]?.head}`
        : layer === undefined
          ? 'the mean of all heads'
          : `the mean of layer ${layer}`;
    return [
      `${model.id}: ${numLayers} layers × ${numHeads} heads, counted from 0; ${run.tokens.length} of ${run.totalTokens} tokens were read; ${run.causal ? 'causal (a token sees only what stands before it)' : 'both directions'}.`,
      '',
      'Habits of heads on this text (share of attention, 0 to 1):',
      ...(habits.length > 0 ? habits : ['none has a habit with a name']),
      '',
      `Strongest keys of each query, ${which} (weights of a row sum to 1):`,
      ...rows.slice(0, maxTokensListed),
      ...(rows.length > maxTokensListed ? [`… and ${rows.length - maxTokensListed} more queries`] : []),
    ].join('\n');
  } finally {
    client.release(owner);
  }
}

export interface CountTokensInput {
  readonly text: string;
  readonly models?: readonly string[];
}

const countInput = fields<CountTokensInput>({ text: longText, models: maybe(listOf(text(4000), 8)) });

/** How many tokens a text is, for one or several models; special tokens are counted apart. */
export async function countTokens(
  { client, models }: ToolServices,
  input: CountTokensInput,
  token: CancellationToken,
): Promise<string> {
  const { text, models: names = [] } = countInput(input, 'input');
  const sources = names.length > 0 ? names.map((name) => modelNamed(models, name)) : [models.current()];
  const lines: string[] = [];
  for (const model of sources) {
    const { tokens, totalTokens } = await client.request(Tokenize, { model, owner, text }, token);
    const numSpecial = tokens.filter(({ special }) => special).length;
    const own = totalTokens - numSpecial;
    const perToken = own > 0 ? ` (${(text.length / own).toFixed(2)} characters per token)` : '';
    lines.push(`${model.id}: ${own} tokens${perToken}, ${numSpecial} special tokens besides`);
  }
  return lines.join('\n');
}

export interface ComparePromptsInput {
  readonly text?: string;
  readonly task?: string;
  readonly strategies?: readonly string[];
  readonly items?: number;
  readonly model?: string;
}

const compareInput = fields<ComparePromptsInput>({
  text: maybe(longText),
  task: maybe(text(100)),
  strategies: maybe(listOf(text(100), 20)),
  items: maybe(whole(1, 1_000_000)),
  model: modelName,
});

/** Asks in several ways: about a text, or a bundled task with known answers, counted. */
export async function comparePrompts(
  services: ToolServices,
  given: ComparePromptsInput,
  token: CancellationToken,
): Promise<string> {
  const input = compareInput(given, 'input');
  const { client, models, tasks } = services;
  const model = input.model === undefined ? await models.forPrompts() : modelNamed(models, input.model);
  const study = await studyOf(tasks, input, model);
  // Templates and tables are loaded with it, which other tools do without.
  const { PromptSession } = await import('../study/promptSession');
  const session = new PromptSession({
    client,
    encoder: models.bundledSource('scope-bert'),
    // A tool's answers are for whoever asked; they are not kept.
    journal: { begin: () => Promise.resolve(), add: () => Promise.resolve() },
    language: study.task.language,
    describe: (error) => error.message,
    changed: () => undefined,
    cellsChanged: () => undefined,
    streamed: () => undefined,
  });
  const subscription = token.onCancellationRequested(() => session.stop());
  try {
    await session.open(study, []);
    session.run(input.task === undefined ? 'input' : 'items');
    while (session.progress.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    // It pauses by itself where the process dies again and again.
    if (session.progress.state === 'paused') {
      throw new ScopeError('workerDied');
    }
    if (token.isCancellationRequested) {
      throw new ScopeError('cancelled');
    }
    return input.task === undefined ? answersOf(session, model) : countsOf(session, model, study);
  } finally {
    subscription.dispose();
    session.dispose();
  }
}

async function studyOf(
  tasks: BundledTasks,
  { text, task, strategies, items }: ComparePromptsInput,
  model: ModelSource,
): Promise<Study> {
  const chosen = strategies?.map((id): Strategy => {
    const strategy = parseStrategyId(id);
    if (!strategy) {
      throw new ScopeError('badRequest', id);
    }
    return strategy;
  });
  if (task === undefined) {
    const study = newStudy('tool', 'tool', given(text ?? ''), model);
    return { ...study, strategies: chosen ?? study.strategies };
  }
  const { study } = await tasks.find(task);
  const numItems = Math.min(maxItems, items ?? 10);
  return {
    ...study,
    models: [model],
    strategies: chosen ?? study.strategies,
    task: { ...study.task, items: study.task.items.slice(0, numItems) },
  };
}

function answersOf(session: PromptSession, model: ModelSource): string {
  const words = wordings.en;
  const lines = session
    .results()
    .map(({ strategy, output, answer, numPromptTokens, numNewTokens, error }) => {
      const said =
        error ??
        `${JSON.stringify(output.trim())}${answer === null ? '' : `; read as ${JSON.stringify(answer)}`}`;
      return `- ${strategyName(strategy, words)}: ${said} (${numPromptTokens} + ${numNewTokens} tokens)`;
    });
  return [`Answers of ${model.id}, one each; one answer is no evidence:`, ...lines].join('\n');
}

function countsOf(session: PromptSession, model: ModelSource, study: Study): string {
  const words = wordings.en;
  const summary = session.summary();
  const lines = (summary?.rows ?? []).map(
    ({ strategy, accuracy, interval, numPassed, numJudged, promptTokens }) => {
      const share = accuracy === null ? 'not judged' : `${numPassed} of ${numJudged} right`;
      const range = `95% interval ${interval.low.toFixed(2)}–${interval.high.toFixed(2)}`;
      return `- ${strategyName(strategy, words)}: ${share}, ${range}, ${Math.round(promptTokens)} prompt tokens`;
    },
  );
  return [
    `${study.title}: ${study.task.items.length} items, ${model.id}`,
    ...lines,
    ...session.findings(summary),
  ].join('\n');
}

/** One head, the heads of a layer, or all. @throws {ScopeError} `badRequest` for a place that the model has not */
function headOf(
  layer: number | undefined,
  head: number | undefined,
  numLayers: number,
  numHeads: number,
): { layer: number; head: number }[] {
  const isIn = (value: number | undefined, count: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= 0 && value < count);
  if (!isIn(layer, numLayers) || !isIn(head, numHeads)) {
    throw new ScopeError('badRequest', `layer 0–${numLayers - 1}, head 0–${numHeads - 1}`);
  }
  const layers = layer === undefined ? Array.from({ length: numLayers }, (_, index) => index) : [layer];
  const heads = head === undefined ? Array.from({ length: numHeads }, (_, index) => index) : [head];
  return layers.flatMap((each) => heads.map((one) => ({ layer: each, head: one })));
}

/** A bundled model's id or a folder of this computer; the chosen one when absent. @throws {ScopeError} `modelMissing` */
function modelNamed(models: Models, name: string | undefined): ModelSource {
  const trimmed = name?.trim() ?? '';
  // Windows would tell the other computer who asks, and nobody here has named it.
  if (/^[\\/]{2}/.test(trimmed)) {
    throw new ScopeError('modelMissing', trimmed);
  }
  return trimmed === '' ? models.current() : models.named(trimmed);
}

/** @throws {ScopeError} `emptyText` */
function given(text: string): string {
  if (text.trim() === '') {
    throw new ScopeError('emptyText');
  }
  return text.slice(0, maxCharacters);
}
