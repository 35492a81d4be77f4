import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, url: string) => void;

/** Answers by a function that a test sets. */
export class AnyServer {
  answer: Answer = (response) => response.end();
  readonly asked: { url: string; authorization: string | undefined }[] = [];
  private readonly server: Server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    this.asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    this.answer(response, request.url ?? '');
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Sends a piece again and again until nobody listens. */
export function endlessly(response: ServerResponse, piece: string, milliseconds = 0): void {
  const send = (): void => {
    if (!response.destroyed) {
      response.write(piece, () => setTimeout(send, milliseconds));
    }
  };
  send();
}
