import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request instead of, or on the way to, an answer. */
export type Trouble =
  | { readonly status: number; readonly retryAfter?: string; readonly body?: string; readonly type?: string }
  /** The connection breaks after so many words. */
  | { readonly resetAfter: number }
  /** An error object comes in the stream after the first word. */
  | { readonly streamError: object }
  /** The stream ends without a reason and without `[DONE]`. */
  | { readonly endsEarly: true }
  | { readonly raw: string; readonly type: string }
  /** Words without end. */
  | { readonly endless: true }
  /** Nothing comes. */
  | { readonly silent: true };

export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that speaks OpenAI's protocol on this computer, answers by a function, and can be made to fail. */
export class ModelServer {
  readonly asked: Asked[] = [];
  /** The most requests that were under way at once. */
  peak = 0;
  private inFlight = 0;
  private readonly server: Server;

  private constructor(
    /** What a prompt's last turn, or its text, is answered with; a word at a time. */
    private readonly reply: (given: string) => string,
    private readonly trouble: (index: number, given: string) => Trouble | undefined,
    /** Milliseconds between words. */
    private readonly pause: () => number,
    /** Waited for before a request is looked at. */
    private readonly gate: () => Promise<void>,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(
    reply: (given: string) => string,
    trouble: (index: number, given: string) => Trouble | undefined = () => undefined,
    pause: () => number = () => 0,
    gate: () => Promise<void> = () => Promise.resolve(),
  ): Promise<ModelServer> {
    const made = new ModelServer(reply, trouble, pause, gate);
    await new Promise<void>((resolve) => made.server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const path = request.url ?? '';
    const text = Buffer.concat(chunks).toString('utf8');
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const index = this.asked.push({ path, authorization: request.headers.authorization, body }) - 1;
    this.peak = Math.max(this.peak, ++this.inFlight);
    let isOver = false;
    const over = (): void => {
      if (!isOver) {
        isOver = true;
        this.inFlight--;
      }
    };
    response.on('close', over);
    await this.gate();
    const given = givenIn(body);
    const trouble = this.trouble(index, given);
    if (trouble && 'status' in trouble) {
      over();
      const retry = trouble.retryAfter === undefined ? {} : { 'retry-after': trouble.retryAfter };
      response.writeHead(trouble.status, { 'content-type': trouble.type ?? 'application/json', ...retry });
      response.end(trouble.body ?? JSON.stringify({ error: { message: `status ${trouble.status}` } }));
    } else if (trouble && 'raw' in trouble) {
      over();
      response.writeHead(200, { 'content-type': trouble.type }).end(trouble.raw);
    } else if (path === '/v1/models') {
      over();
      const data = ['tiny', 'other', 'tiny'].map((id) => ({ id, object: 'model' }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
    } else if (body['echo'] === true) {
      over();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(echoOf(given)));
    } else if (!(trouble && 'silent' in trouble)) {
      await this.stream(response, path, given, trouble, over);
    }
  }

  private async stream(
    response: ServerResponse,
    path: string,
    given: string,
    trouble: Trouble | undefined,
    over: () => void,
  ): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const send = (data: object | string): void => {
      response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    };
    const choice = (text: string, finish: string | null): object => {
      const logprobs = text === '' ? null : logprobsOf(path, text);
      return path.includes('chat')
        ? { choices: [{ index: 0, delta: { content: text }, finish_reason: finish, logprobs }] }
        : { choices: [{ index: 0, text, finish_reason: finish, logprobs }] };
    };
    const words = this.reply(given).split(/(?= )/);
    response.write(': waiting\n\n');
    for (let count = 0; trouble && 'endless' in trouble && !response.destroyed; count++) {
      send(choice('word '.repeat(1000), null));
      await wait(1);
    }
    for (const [count, word] of words.entries()) {
      if (trouble && 'resetAfter' in trouble && count === trouble.resetAfter) {
        over();
        response.destroy();
        return;
      }
      send(choice(word, null));
      if (trouble && 'streamError' in trouble) {
        send({ error: trouble.streamError });
        break;
      }
      await wait(this.pause());
    }
    if (!trouble) {
      send(choice('', 'stop'));
      const usage = { prompt_tokens: given.split(' ').length, completion_tokens: words.length };
      send({ choices: [], usage });
      over();
      send('[DONE]');
    }
    over();
    response.end();
  }
}

function givenIn(body: Readonly<Record<string, unknown>>): string {
  const messages = body['messages'] as readonly { content: string }[] | undefined;
  return messages?.at(-1)?.content ?? String(body['prompt'] ?? '');
}

/** Every word has a probability of one half. */
function logprobsOf(path: string, text: string): object {
  const logprob = Math.log(0.5);
  return path.includes('chat')
    ? { content: [{ token: text, logprob, top_logprobs: [] }] }
    : { tokens: [text], token_logprobs: [logprob] };
}

/** Words with their places, each as likely as one over its length. */
function echoOf(text: string): object {
  const words = text.split(/(?= )/);
  let offset = 0;
  const places = words.map((word) => {
    const at = offset;
    offset += [...word].length;
    return at;
  });
  return {
    choices: [
      {
        text,
        finish_reason: 'length',
        logprobs: {
          tokens: words,
          text_offset: places,
          token_logprobs: words.map((word, index) => (index === 0 ? null : -Math.log(word.length))),
        },
      },
    ],
    usage: { prompt_tokens: words.length, completion_tokens: 0 },
  };
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
