import type { ContinuationScore } from '../protocol/language';
import type { SamplingChoice, ServedModel } from '../protocol/prompts';
import type { Endpoint } from './endpoint';
import type { Question } from './provider';
import { ServerFailure, errorSentence, serverSentence, statusFailure } from './serverFailure';

/** What OpenAI's protocol says of one question, and how its answer is read. */

/** The most stop strings that OpenAI takes; the others are looked for here. */
const mostStops = 4;

/** The body of a question. Settings that change nothing are left out: some servers refuse what they do not know. */
export function questionBody(
  question: Question,
  { model, api }: ServedModel,
  endpoint: Endpoint,
  can: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const { sampling } = question;
  return {
    model,
    ...(api === 'chat' ? { messages: question.messages } : { prompt: question.prompt.text }),
    ...samplingBody(sampling, endpoint, api),
    stream: true,
    stream_options: { include_usage: true },
    ...(can.has('logProbabilities') ? { logprobs: api === 'chat' ? true : 1 } : {}),
  };
}

function samplingBody(
  sampling: SamplingChoice,
  { kind, without }: Endpoint,
  api: ServedModel['api'],
): Readonly<Record<string, unknown>> {
  const { temperature, topK, topP, minP, repetitionPenalty, maxNewTokens, seed, stop } = sampling;
  const extended = kind === 'vllm' || kind === 'llamacpp';
  const lengthName = kind === 'openai' && api === 'chat' ? 'max_completion_tokens' : 'max_tokens';
  const left = new Set<string>(without);
  const all: readonly [ability: string, field: string, value: unknown, isSaid: boolean][] = [
    ['temperature', 'temperature', temperature, true],
    ['topP', 'top_p', topP, topP < 1],
    ['maxNewTokens', lengthName, maxNewTokens, true],
    ['seed', 'seed', seed, true],
    ['stop', 'stop', stop.slice(0, mostStops), stop.length > 0],
    ['topK', 'top_k', topK, extended && topK > 0],
    ['minP', 'min_p', minP, extended && minP > 0],
    [
      'repetitionPenalty',
      kind === 'llamacpp' ? 'repeat_penalty' : 'repetition_penalty',
      repetitionPenalty,
      extended && repetitionPenalty !== 1,
    ],
  ];
  return Object.fromEntries(
    all
      .filter(([ability, , , isSaid]) => isSaid && !left.has(ability))
      .map(([, name, value]) => [name, value]),
  );
}

/** A question that has a text echoed with its probabilities, nothing added. */
export function echoBody(text: string, { model }: ServedModel): Readonly<Record<string, unknown>> {
  return { model, prompt: text, max_tokens: 0, echo: true, logprobs: 1, temperature: 0 };
}

type Fields = Readonly<Record<string, unknown>>;

/** UTF-16 units. */
const longestThought = 2_000_000;

/** Gathers an answer from its pieces, or from the whole where the server does not stream. */
export class AnswerReader {
  text = '';
  finish: string | null = null;
  numPromptTokens = 0;
  numNewTokens = 0;
  /** When the last word came, by `performance.now()`. */
  spokeAt = performance.now();
  /** UTF-16 units of everything that was said. */
  private heard = 0;
  /** Natural logarithms, of the answer's tokens. */
  readonly logProbabilities: number[] = [];

  constructor(
    private readonly host: string,
    private readonly key: string | undefined,
    /** UTF-16 units. */
    private readonly longestText: number,
  ) {}

  /** One piece: an object of the stream, or the whole answer. @throws {ServerFailure} */
  take(piece: unknown): void {
    const fields = asFields(piece);
    if (!fields) {
      throw this.failure('an answer of another form');
    }
    if (fields['error'] !== undefined && fields['error'] !== null) {
      throw this.told(fields);
    }
    this.takeUsage(asFields(fields['usage']));
    const choices: unknown = fields['choices'];
    const choice = Array.isArray(choices) ? asFields(choices[0]) : undefined;
    if (!choice) {
      if (!Array.isArray(choices) && !fields['usage']) {
        throw this.failure('an answer of another form');
      }
      return;
    }
    const said = asFields(choice['delta']) ?? asFields(choice['message']);
    const text = choice['text'] ?? said?.['content'];
    this.text += typeof text === 'string' ? text : '';
    this.hear(said ?? { text });
    if (this.text.length > this.longestText) {
      throw this.failure('more text than was asked for');
    }
    const { finish_reason: finish } = choice;
    this.finish = typeof finish === 'string' ? finish.slice(0, 40) : this.finish;
    this.takeProbabilities(asFields(choice['logprobs']));
  }

  /** Mean surprisal in bits; null where the server told no probabilities. */
  get meanBits(): number | null {
    const { logProbabilities: all } = this;
    return all.length === 0 ? null : -all.reduce((sum, each) => sum + each, 0) / Math.LN2 / all.length;
  }

  /** Thoughts that are told beside the answer are a sign of life too, up to a length that no thought has. */
  private hear(said: Fields): void {
    for (const [name, value] of Object.entries(said)) {
      if (typeof value === 'string' && value !== '' && name !== 'role') {
        this.spokeAt = performance.now();
        this.heard += value.length;
      }
    }
    if (this.heard > this.longestText + longestThought) {
      throw this.failure('a thought without an end');
    }
  }

  private takeUsage(usage: Fields | undefined): void {
    const number = (name: string, fallback: number): number => {
      const value = usage?.[name];
      return typeof value === 'number' && value >= 0 && value < 1e12 ? value : fallback;
    };
    this.numPromptTokens = number('prompt_tokens', this.numPromptTokens);
    this.numNewTokens = number('completion_tokens', this.numNewTokens);
  }

  private takeProbabilities(found: Fields | undefined): void {
    const content = found?.['content'];
    const values = Array.isArray(content)
      ? content.map((token: unknown) => asFields(token)?.['logprob'])
      : found?.['token_logprobs'];
    if (Array.isArray(values)) {
      for (const value of values as unknown[]) {
        // −∞, which a number too large for JSON becomes, would make a mean of it.
        if (typeof value === 'number' && value <= 0 && value > -Infinity) {
          this.logProbabilities.push(value);
        }
      }
      if (this.logProbabilities.length > this.longestText) {
        throw this.failure('more probabilities than tokens that were asked for');
      }
    }
  }

  /** An error that came after the answer had begun, when it could no longer be a status. */
  private told(fields: Fields): ServerFailure {
    const sentence = serverSentence(errorSentence(fields) ?? '', this.key);
    const error = asFields(fields['error']);
    const status = Number(error?.['code'] ?? error?.['status']);
    if (status >= 400 && status < 600) {
      return statusFailure(status, this.host, sentence, undefined);
    }
    const passes = /overload|rate.?limit|server_error|internal|timeout|unavailable/i.test(
      `${String(error?.['type'])} ${String(error?.['code'])}`,
    );
    return new ServerFailure(passes ? 'serverBusy' : 'serverRefused', `${this.host}: ${sentence}`, passes);
  }

  private failure(what: string): ServerFailure {
    return new ServerFailure('serverAnswer', `${this.host}: ${what}`, false);
  }
}

/**
 * Log-likelihood of what stands behind the first `promptLength` characters of an echoed text.
 * @param promptLength in Unicode code points, in which servers count
 * @throws {ServerFailure} `serverAnswer` when the server does not echo
 */
export function readEcho(answer: unknown, promptLength: number, host: string): ContinuationScore {
  const choices: unknown = asFields(answer)?.['choices'];
  const told = Array.isArray(choices) ? asFields(asFields(choices[0])?.['logprobs']) : undefined;
  const [offsets, values] = [told?.['text_offset'], told?.['token_logprobs']];
  if (!Array.isArray(offsets) || !Array.isArray(values) || offsets.length !== values.length) {
    throw new ServerFailure('serverAnswer', `${host}: no probabilities of the text itself`, false);
  }
  let logLikelihood = 0;
  let numTokens = 0;
  for (const [index, value] of (values as unknown[]).entries()) {
    // A token that reaches over the border counts as what comes behind it.
    const end = Number((offsets as unknown[])[index + 1] ?? Infinity);
    if (end > promptLength && typeof value === 'number' && Number.isFinite(value)) {
      logLikelihood += value;
      numTokens++;
    }
  }
  return { logLikelihood, numTokens };
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
