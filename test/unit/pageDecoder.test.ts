import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { PageDecoder } from '../../src/panels/pageDecoder';
import { isScopeError } from '../../src/protocol/errors';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { DecodePicture } from '../../src/protocol/picture';
import { type Transport, answer, createRpc } from '../../src/protocol/rpc';

function overPort(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', listener);
      return { dispose: () => port.off('message', listener) };
    },
  };
}

/** A page that decodes pictures, over a real channel; a hidden page loses what it is sent. */
describe('decoding in a page', () => {
  const picture = { name: 'a.webp', bytes: Uint8Array.of(1, 2, 3) };
  const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  let channel: MessageChannel;
  let host: MessageConnection;
  let page: MessageConnection;
  let asked: number;
  let answers: boolean;

  beforeEach(() => {
    channel = new MessageChannel();
    host = createRpc(overPort(channel.port1));
    page = createRpc(overPort(channel.port2));
    asked = 0;
    answers = true;
    answer(page, DecodePicture, async ({ bytes }) => {
      asked++;
      if (!answers) {
        await new Promise(() => undefined);
      }
      return { png: Uint8Array.from(new Uint8Array(bytes), (byte) => byte + 1).buffer };
    });
    host.listen();
    page.listen();
  });
  afterEach(() => {
    host.dispose();
    page.dispose();
    channel.port1.close();
  });

  it('waits until the page is there', async () => {
    const decoder = new PageDecoder(host);
    const png = decoder.toPng(picture, 'image/webp');
    await tick();
    assert.equal(asked, 0);
    decoder.opened();
    assert.deepEqual(await png, Uint8Array.of(2, 3, 4));
  });

  it('asks again when the page was hidden meanwhile', async () => {
    const decoder = new PageDecoder(host, Infinity);
    decoder.opened();
    answers = false;
    const png = decoder.toPng(picture, 'image/webp');
    await tick();
    decoder.closed();
    await tick();
    assert.equal(asked, 1);
    answers = true;
    decoder.opened();
    assert.deepEqual(await png, Uint8Array.of(2, 3, 4));
    assert.equal(asked, 2);
  });

  it('gives up when the page takes too long to come, or is gone', async () => {
    const impatient = new PageDecoder(host, 20);
    await assert.rejects(impatient.toPng(picture, 'image/webp'), (error) =>
      isScopeError(error, 'pictureUnreadable'),
    );
    const decoder = new PageDecoder(host, Infinity);
    const waiting = decoder.toPng(picture, 'image/webp');
    decoder.dispose();
    await assert.rejects(waiting, (error) => isScopeError(error, 'cancelled'));
    const opened = new PageDecoder(host, Infinity);
    opened.opened();
    answers = false;
    const asking = opened.toPng(picture, 'image/webp');
    await tick();
    opened.dispose();
    await assert.rejects(asking, (error) => isScopeError(error, 'cancelled'));
  });
});
