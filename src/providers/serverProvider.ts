import type { Ability } from '../protocol/abilities';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { ContinuationScore } from '../protocol/language';
import type { ServedModel } from '../protocol/prompts';
import { type Endpoint, priceOf, serverAbilities } from './endpoint';
import { cutAtStop } from './cutAtStop';
import { MinuteBudget, Slots } from './pace';
import type { Provider, Question, Reply } from './provider';
import { type Patience, patient, retrying } from './retrying';
import { EventStreamError, serverEvents } from './serverEvents';
import { ServerFailure } from './serverFailure';
import { AnswerReader, echoBody, questionBody, readEcho } from './serverProtocol';
import { type Fetch, type ServerCall, callServer, readJson } from './serverRequest';

/** How a server is reached. */
export interface ServerLink {
  readonly fetch: Fetch;
  /** Asked for each question, so that a new key is used at once. */
  key(endpoint: Endpoint): Promise<string | undefined>;
  /** Whether the person lets texts be sent to this server. */
  allowed(endpoint: Endpoint): Promise<boolean>;
  readonly patience?: Patience;
}

/** What all questions to one server share. */
export class ServerPace {
  readonly slots: Slots;
  readonly requests: MinuteBudget;
  readonly tokens: MinuteBudget;

  constructor({ concurrency, requestsPerMinute, tokensPerMinute }: Endpoint) {
    this.slots = new Slots(concurrency);
    this.requests = new MinuteBudget(requestsPerMinute);
    this.tokens = new MinuteBudget(tokensPerMinute);
  }
}

/** Models of a server that speaks OpenAI's protocol. */
export class ServerProvider implements Provider {
  readonly abilities: ReadonlySet<Ability>;
  readonly takes: Provider['takes'];
  readonly lane: string;
  readonly concurrency: number;
  readonly host: string;
  readonly currency: string | null;

  constructor(
    private readonly model: ServedModel,
    private readonly endpoint: Endpoint,
    private readonly link: ServerLink,
    private readonly pace: ServerPace,
  ) {
    this.abilities = serverAbilities(endpoint, model.api);
    this.takes = model.api === 'chat' ? 'conversation' : 'text';
    this.lane = `server ${endpoint.id}`;
    this.concurrency = endpoint.concurrency;
    this.host = new URL(endpoint.url).host;
    this.currency = Object.keys(endpoint.prices).length > 0 ? endpoint.currency : null;
  }

  allowed(): Promise<boolean> {
    return this.link.allowed(this.endpoint);
  }

  ask(question: Question, onText: (text: string) => void, token: CancellationToken): Promise<Reply> {
    const { sampling } = question;
    const given =
      this.model.api === 'chat'
        ? question.messages.map(({ content }) => content).join('')
        : question.prompt.text;
    const expected = roughTokens(given) + sampling.maxNewTokens;
    return this.patiently(expected, token, async (call) => {
      const body = questionBody(question, this.model, this.endpoint, this.abilities);
      const started = performance.now();
      const reader = await this.read({ ...call, body }, sampling, onText);
      const milliseconds = performance.now() - started;
      const { text, wasCut } = cutAtStop(reader.text, sampling.stop);
      const { numPromptTokens, numNewTokens, meanBits } = reader;
      this.pace.tokens.correct(expected, numPromptTokens + numNewTokens || expected);
      const price = priceOf(this.endpoint, this.model.model, numPromptTokens, numNewTokens);
      return {
        text,
        finish: wasCut ? 'stop' : (reader.finish ?? 'stop'),
        numPromptTokens,
        numNewTokens,
        milliseconds,
        meanBits,
        ...(price === undefined ? {} : { price }),
      };
    });
  }

  /** By texts that the server echoes with their probabilities, a question for each. */
  async scoreTexts(
    { prompt }: Question,
    texts: readonly string[],
    token: CancellationToken,
  ): Promise<ContinuationScore[]> {
    const promptLength = [...prompt.text].length;
    return Promise.all(
      texts.map((continuation) => {
        const text = prompt.text + continuation;
        return this.patiently(roughTokens(text), token, async (call) => {
          const begun = await callServer({ ...call, body: echoBody(text, this.model) });
          return readEcho(await readJson(begun, this.host), promptLength, this.host);
        });
      }),
    );
  }

  /** Waits for a place and for the rate, and asks until an answer comes or nothing helps. */
  private async patiently<T>(
    numTokens: number,
    token: CancellationToken,
    attempt: (call: Omit<ServerCall, 'body'>) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const { signal } = controller;
    if (token.isCancellationRequested) {
      controller.abort();
    }
    const subscription = token.onCancellationRequested(() => controller.abort());
    const { endpoint, link, pace } = this;
    try {
      return await pace.slots.run(signal, () =>
        retrying(
          async () => {
            await pace.requests.take(1, signal);
            await pace.tokens.take(numTokens, signal);
            const key = await link.key(endpoint);
            const path = this.model.api === 'chat' ? '/chat/completions' : '/completions';
            return attempt({ endpoint, fetch: link.fetch, key, path, signal });
          },
          link.patience ?? patient,
          signal,
        ),
      );
    } finally {
      subscription.dispose();
    }
  }

  private async read(
    call: ServerCall,
    { maxNewTokens, stop }: Question['sampling'],
    onText: (text: string) => void,
  ): Promise<AnswerReader> {
    const begun = await callServer(call);
    // No token of any model is that long on average; a server that goes on and on is not listened to.
    const reader = new AnswerReader(this.host, call.key, 10_000 + 64 * maxNewTokens);
    const type = begun.response.headers.get('content-type') ?? '';
    if (!type.includes('text/event-stream')) {
      // Some servers do not stream, whatever they are asked.
      reader.take(await readJson(begun, this.host));
      onText(cutAtStop(reader.text, stop).text);
      return reader;
    }
    try {
      for await (const event of serverEvents(this.whileItSpeaks(begun.pieces(), reader))) {
        if (event.trim() === '[DONE]') {
          reader.finish ??= 'stop';
          break;
        }
        const before = reader.text.length;
        reader.take(this.parsed(event));
        if (reader.text.length > before) {
          const { text, wasCut } = cutAtStop(reader.text, stop);
          onText(text);
          if (wasCut && !this.abilities.has('stop')) {
            break;
          }
        }
      }
    } catch (error) {
      if (error instanceof EventStreamError) {
        throw new ServerFailure('serverAnswer', `${this.host}: ${error.message}`, false);
      }
      throw error;
    }
    if (reader.finish === null && !cutAtStop(reader.text, stop).wasCut) {
      throw new ServerFailure('serverUnreachable', `${this.host}: the answer broke off`, true);
    }
    return reader;
  }

  /** A server that only says that it is still there is left after the time that was set for two words. */
  private async *whileItSpeaks(
    pieces: AsyncIterable<Uint8Array>,
    reader: AnswerReader,
  ): AsyncGenerator<Uint8Array> {
    const { timeoutSeconds } = this.endpoint;
    for await (const piece of pieces) {
      yield piece;
      if (performance.now() - reader.spokeAt > 1000 * timeoutSeconds) {
        throw new ServerFailure('serverSilent', `${this.host}: no word for ${timeoutSeconds} s`, false);
      }
    }
  }

  private parsed(event: string): unknown {
    try {
      return JSON.parse(event) as unknown;
    } catch (error) {
      const detail = `${this.host}: no JSON in the stream`;
      throw new ServerFailure('serverAnswer', detail, false, undefined, { cause: error });
    }
  }
}

/** About as many tokens as a text has, for the rate only: four letters, or one sign of a dense script. */
function roughTokens(text: string): number {
  const dense = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return Math.ceil((text.length - dense) / 4) + dense;
}
