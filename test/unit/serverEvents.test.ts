import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { serverEvents } from '../../src/providers/serverEvents';

describe('the events of a stream', () => {
  async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
    const sorted = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    let from = 0;
    for (const to of sorted) {
      await Promise.resolve();
      yield bytes.subarray(from, to);
      from = to;
    }
  }
  const events = async (text: string, places: readonly number[] = []): Promise<string[]> => {
    const found: string[] = [];
    for await (const event of serverEvents(cut(new TextEncoder().encode(text), places))) {
      found.push(event);
    }
    return found;
  };

  it('are read whatever ends their lines and wherever the pieces are cut, also inside a character', async () => {
    const stream = [
      ': comment\r\n',
      'event: message\r\n',
      'data: {"a":"苹果🍎"}\r\n\r\n',
      'data:no space\n\n',
      ':\n',
      'data: one\rdata: two\r\r',
      'id: 7\n\n',
      'data\n\n',
      'data: [DONE]',
    ].join('');
    const expected = ['{"a":"苹果🍎"}', 'no space', 'one\ntwo', '', '[DONE]'];
    assert.deepEqual(await events(stream), expected);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 30 }), async (places) => {
        assert.deepEqual(await events(stream, places), expected);
      }),
    );
  });

  it('have an end, or are refused', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        await Promise.resolve();
        yield new Uint8Array(1_000_000).fill(120);
      }
    }
    await assert.rejects(async () => {
      for await (const event of serverEvents(endless())) {
        assert.fail(event);
      }
    }, /without an end/);
  });
});
