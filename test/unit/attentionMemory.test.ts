import assert from 'node:assert/strict';
import { AttentionMemory } from '../../src/panels/attentionMemory';

/** Keeps values as VS Code does between windows: as JSON. */
class JsonMemento {
  private readonly kept = new Map<string, string>();
  keys(): readonly string[] {
    return [...this.kept.keys()];
  }
  get<T>(key: string): T | undefined {
    const json = this.kept.get(key);
    return json === undefined ? undefined : (JSON.parse(json) as T);
  }
  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) {
      this.kept.delete(key);
    } else {
      this.kept.set(key, JSON.stringify(value));
    }
    return Promise.resolve();
  }
}

const text = (words: string) =>
  ({ text: words, wasCut: false, uri: '', offset: 0, name: 'x', startLine: 1, endLine: 1 }) as const;

describe('what the attention panel remembers over a restart', () => {
  it('is the text or the picture, and what it was compared with', async () => {
    const memory = new AttentionMemory(new JsonMemento() as never);
    assert.equal(memory.read(), undefined);
    await memory.keepSubject(text('some words'));
    const compared = { with: 'text', text: 'other words' } as const;
    await memory.keepComparison(compared);
    assert.deepEqual(memory.read(), { subject: { text: text('some words') }, compared });
    await memory.keepSubject(text('new words'));
    assert.deepEqual(memory.read()?.compared, compared);
    await memory.keepComparison(undefined);
    assert.deepEqual(memory.read(), { subject: { text: text('new words') } });
    await memory.keepSubject({
      uri: 'file:///a.png',
      name: 'a.png',
      read: () => Promise.reject(new Error()),
    });
    assert.deepEqual(memory.read(), { subject: { picture: 'file:///a.png' } });
  });

  it('is nothing where the text is long', async () => {
    const memory = new AttentionMemory(new JsonMemento() as never);
    await memory.keepSubject(text('x'.repeat(20_001)));
    assert.equal(memory.read(), undefined);
    await memory.keepSubject(text('short'));
    await memory.keepComparison({ with: 'text', text: 'x'.repeat(20_001) });
    assert.deepEqual(memory.read(), { subject: { text: text('short') } });
  });
});
