import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import * as language from '../../src/protocol/language';
import type { InferenceClient } from '../../src/worker/client';
import { startClient } from './startClient';

/** The real inference process, which is to leave when nobody needs it. */

const model = { id: 'scope-gpt', folder: join(__dirname, '..', '..', 'models', 'scope-gpt') };

describe('an idle inference process', function () {
  this.timeout(60_000);
  let idleMilliseconds = 0;
  let client: InferenceClient;
  before(() => {
    client = startClient('native', undefined, {}, { idleMilliseconds: () => idleMilliseconds });
  });
  after(() => client.dispose());

  const ask = (): Promise<{ totalTokens: number }> =>
    client.request(language.Tokenize, { model, owner: 'idle', text: 'a cat' });
  const isAlive = (processId: number): boolean => {
    try {
      return process.kill(processId, 0);
    } catch {
      return false;
    }
  };
  const untilDead = async (processId: number): Promise<void> => {
    while (isAlive(processId)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('stays when it is to stay', async () => {
    await ask();
    const { processId } = client;
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ask();
    assert.equal(client.processId, processId);
  });

  it('ends after the time, and the next request starts another', async () => {
    idleMilliseconds = 50;
    await ask();
    const { processId } = client;
    assert.ok(processId !== undefined);
    await untilDead(processId);
    assert.equal(client.processId, undefined);
    const { totalTokens } = await ask();
    assert.equal(totalTokens, 2);
    assert.notEqual(client.processId, processId);
  });

  it('does not end while an answer is awaited, however long that takes', async () => {
    idleMilliseconds = 1;
    let numTokens = 0;
    const options = { maxNewTokens: 100, temperature: 0 };
    const generation = await client.generate(
      { model, owner: 'idle', prompt: 'Once', options },
      () => numTokens++,
    );
    assert.equal(generation.finish === 'length' || generation.finish === 'end', true, generation.finish);
    assert.equal(generation.tokens.length, numTokens);
  });

  it('ends too when what was asked last was cancelled', async () => {
    idleMilliseconds = 50;
    const source = new CancellationTokenSource();
    const options = { maxNewTokens: 400, temperature: 0 };
    const running = client.generate(
      { model, owner: 'idle', prompt: 'Once', options },
      () => source.cancel(),
      source.token,
    );
    await assert.rejects(running);
    const { processId } = client;
    assert.ok(processId !== undefined);
    await untilDead(processId);
    assert.equal(client.processId, undefined);
  });
});
