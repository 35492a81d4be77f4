import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { type EditorApi, type EditorChat, EditorBridge } from '../../src/providers/editorBridge';
import { EditorProvider } from '../../src/providers/editorProvider';
import type { Question } from '../../src/providers/provider';

/** As `vscode.LanguageModelChatMessage` has it. */
interface Turn {
  readonly role: 1 | 2;
  readonly content: string;
}

/** As `vscode.LanguageModelError` has it. */
class ModelError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

const question: Question = {
  prompt: { text: '', parts: [], template: 'messages' },
  messages: [
    { role: 'system', content: 'You are brief.' },
    { role: 'user', content: 'one' },
    { role: 'assistant', content: 'two' },
    { role: 'user', content: 'three' },
  ],
  sampling: {
    temperature: 0,
    topK: 0,
    topP: 1,
    minP: 0,
    repetitionPenalty: 1,
    maxNewTokens: 9,
    seed: 1,
    stop: ['\n'],
  },
};

/** The documented shape of VS Code's Language Model API, played here: no chat extension can be had in a test. */
describe('the editor’s models', () => {
  let sent: { turns: Turn[]; justification: string }[];
  let says: readonly string[];
  let fails: Error | undefined;

  const chat: EditorChat<Turn> = {
    id: 'gpt/4',
    vendor: 'copilot',
    name: 'GPT',
    sendRequest: (turns, { justification }) => {
      sent.push({ turns, justification });
      if (fails) {
        return Promise.reject(fails);
      }
      async function* text(): AsyncGenerator<string> {
        for (const word of says) {
          await Promise.resolve();
          yield word;
        }
      }
      return Promise.resolve({ text: text() });
    },
    countTokens: (text) => Promise.resolve(text.split(/\s+/).length),
  };
  const api: EditorApi<Turn> = {
    select: (by) =>
      Promise.resolve(by === undefined || (by.vendor === 'copilot' && by.id === 'gpt/4') ? [chat] : []),
    user: (content) => ({ role: 1, content }),
    assistant: (content) => ({ role: 2, content }),
    codeOf: (error) => (error instanceof ModelError ? error.code : undefined),
    justification: 'because',
    allowed: (vendor) => Promise.resolve(vendor === 'copilot'),
  };
  const bridge = new EditorBridge(api);
  const providerOf = (model: string): EditorProvider =>
    new EditorProvider({ id: model, provider: 'editor', model }, bridge);
  const source = new CancellationTokenSource();

  beforeEach(() => {
    sent = [];
    says = ['four', ' five', '\nsix'];
    fails = undefined;
  });

  it('are asked in turns of a user and an assistant, stream, and are cut at stop strings', async () => {
    const texts: string[] = [];
    const provider = providerOf('copilot/gpt/4');
    assert.deepEqual(await bridge.list(), [{ model: 'copilot/gpt/4', name: 'GPT' }]);
    assert.equal(await provider.allowed(), true);
    const reply = await provider.ask(question, (text) => texts.push(text), source.token);
    assert.deepEqual(sent, [
      {
        turns: [
          { role: 1, content: 'You are brief.' },
          { role: 1, content: 'one' },
          { role: 2, content: 'two' },
          { role: 1, content: 'three' },
        ],
        justification: 'because',
      },
    ]);
    assert.deepEqual(texts, ['four', 'four five', 'four five']);
    assert.equal(reply.text, 'four five');
    assert.equal(reply.finish, 'stop');
    assert.equal(reply.numPromptTokens, 6);
    assert.equal(reply.numNewTokens, 2);
    assert.equal(reply.meanBits, null);
  });

  it('that are gone, refuse or fail are told apart, and a cancel is silent', async () => {
    const ask = (model: string, token = source.token): Promise<unknown> =>
      providerOf(model).ask(question, () => undefined, token);
    const failing = (code: string, detail: RegExp) => (error: unknown) =>
      isScopeError(error) && error.code === code && detail.test(error.detail ?? '');
    await assert.rejects(ask('copilot/none'), failing('editorModelGone', /copilot\/none/));
    fails = new ModelError('quota', 'Blocked');
    await assert.rejects(ask('copilot/gpt/4'), failing('editorModelRefused', /Blocked: quota/));
    fails = new ModelError('no', 'NotFound');
    await assert.rejects(ask('copilot/gpt/4'), failing('editorModelGone', /no/));
    fails = new Error('wires');
    await assert.rejects(ask('copilot/gpt/4'), failing('editorModelRefused', /wires/));
    const stopped = new CancellationTokenSource();
    stopped.cancel();
    await assert.rejects(ask('copilot/gpt/4', stopped.token), failing('cancelled', /^$/));
  });
});
